/**
 * The moment in which an object appears: with its condition, and with an answer that may get lost. What was asked for
 * once with an unknown outcome is settled by reading: by checksum, or by the tag that the parts' tags make.
 */
import { createHash } from 'node:crypto'
import { fail, failureOf } from '../../../../shared/failure.ts'
import type { Condition, ObjectInfo } from '../../backend.ts'
import { outcomeOf, type Connection } from './connection.ts'
import type { Names } from './names.ts'
import { bareTag, headObject, tagOf } from './object-info.ts'
import type { WriteLayout } from './write-id.ts'

/** What is known of the object that is to appear. */
export type Expected = {
  name: string
  sizeBytes: number
  /** CRC-32 of the whole, as text. */
  crc32: string | null
  crc64: string | null
  /** Its ETag without quotes, where that can be told. */
  tag: string | null
}

type Appearing = {
  expected: Expected
  condition: Condition
  conditions: WriteLayout['conditions']
  /** Sends it, once; what is known to be refused for a passing reason is tried again in there. */
  send: (headers: { IfMatch?: string; IfNoneMatch?: string }) => Promise<void>
  /** Whether it can be sent again: the upload is open still. */
  mayBeSentAgain: (found: ObjectInfo | null) => Promise<boolean>
  signal?: AbortSignal | undefined
}

const attempts = 4

/** @throws store/object-exists, store/precondition-failed, store/conflict; what `send` threw where it cannot be
 * settled */
export async function appear(connection: Connection, names: Names, what: Appearing): Promise<ObjectInfo> {
  const { expected, condition, conditions, signal } = what
  const headers = conditions === 'ignored' ? {} : headersOf(condition)
  let isUnknown = false
  for (let attempt = 1; ; attempt++) {
    if (conditions !== 'honoured' && !isUnknown)
      await compare(connection, names, expected.name, condition, signal)
    try {
      await what.send(headers)
      return await look(connection, names, expected, signal)
    } catch (error) {
      isUnknown ||= outcomeOf(error) === 'unknown'
      if (!isUnknown) throw error
      const found = await headObject(connection, names, expected.name, signal).catch(() => undefined)
      if (found !== undefined && found !== null && isExpected(found, expected)) return found
      const again = found !== undefined && attempt < attempts && (await what.mayBeSentAgain(found))
      if (!again) throw error
      // What lies there now is not what was sent: where the server may not compare, a second try would overwrite it.
      if (conditions !== 'honoured') requireHolds(connection, expected.name, condition, found)
      await connection.pause(attempt, signal)
    }
  }
}

/** `If-None-Match` and `If-Match` of a condition. */
export function headersOf(condition: Condition): { IfMatch?: string; IfNoneMatch?: string } {
  if (condition.kind === 'absent') return { IfNoneMatch: '*' }
  const tag = condition.kind === 'revision' ? tagOf(condition.revision) : undefined
  return tag === undefined ? {} : { IfMatch: tag }
}

/** What a broken condition is called. */
export const preconditionOf = (
  condition: Condition,
): { precondition: 'store/object-exists' | 'store/precondition-failed' } => ({
  precondition: condition.kind === 'absent' ? 'store/object-exists' : 'store/precondition-failed',
})

/** Reads and compares.
 * @throws store/object-exists, store/precondition-failed */
export async function compare(
  connection: Connection,
  names: Names,
  name: string,
  condition: Condition,
  signal?: AbortSignal,
): Promise<void> {
  if (condition.kind === 'any') return
  requireHolds(connection, name, condition, await headObject(connection, names, name, signal))
}

/** @throws store/object-exists, store/precondition-failed */
function requireHolds(
  { store }: Connection,
  name: string,
  condition: Condition,
  found: ObjectInfo | null,
): void {
  if (condition.kind === 'any') return
  const holds = condition.kind === 'absent' ? found === null : found?.revision === condition.revision
  if (!holds) fail({ code: preconditionOf(condition).precondition, store, objectName: name })
}

/** Whether what lies there is what was sent. False also where the store says too little to know. */
export function isExpected(found: ObjectInfo, expected: Expected): boolean {
  if (found.sizeBytes !== expected.sizeBytes) return false
  const attested = attestedAs(found, expected)
  if (attested !== null) return attested
  return expected.tag !== null && found.revision === expected.tag
}

/** Whether the store's own checksum is the expected one; null where they cannot be compared. */
function attestedAs({ checksum }: ObjectInfo, { crc32, crc64 }: Expected): boolean | null {
  if (checksum?.kind !== 'full') return null
  const ours = checksum.algorithm === 'crc32' ? crc32 : checksum.algorithm === 'crc64nvme' ? crc64 : null
  return ours === null ? null : checksum.value === ours
}

async function look(
  connection: Connection,
  names: Names,
  expected: Expected,
  signal: AbortSignal | undefined,
): Promise<ObjectInfo> {
  const { store } = connection
  const { name, sizeBytes } = expected
  const found = await headObject(connection, names, name, signal)
  if (found === null) return fail({ code: 'store/object-not-found', store, objectName: name })
  if (found.sizeBytes !== sizeBytes || attestedAs(found, expected) === false)
    fail({ code: 'store/corrupted-on-the-way', store, objectName: name })
  return found
}

/** The tag of an object that was put together of parts, as S3 makes it where the parts' own are MD5.
 * @returns null where they are not */
export function tagOfParts(tags: string[]): string | null {
  const bare = tags.map(bareTag)
  if (!bare.every((tag) => /^[0-9a-f]{32}$/.test(tag))) return null
  const hash = createHash('md5')
  for (const tag of bare) hash.update(Buffer.from(tag, 'hex'))
  return `${hash.digest('hex')}-${bare.length}`
}

export const isGone = (error: unknown): boolean => failureOf(error)?.code === 'store/upload-not-found'
