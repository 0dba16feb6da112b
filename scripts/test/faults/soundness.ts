/** What must hold after any bad input: a clear failure, nothing stray, no key lost, no identity told. */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { failureText } from '../../../shared/failure-text.ts'
import type { Failure } from '../../../shared/failure.ts'
import type { Ended, House } from './house.ts'

export const digestOf = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex')

/** How it failed; a person is told what happened, what is safe and what to do next. */
export function failureIn({ job, failure }: Ended): Failure | null {
  if (failure === null) return null
  if (job !== null) {
    expect(job.state).toBe('failed')
    expect(job.safe).toMatch(/\.$/)
  }
  const { title, message, safe, remedy } = failureText(failure)
  for (const part of [message, safe, remedy]) expect(part).toMatch(/[.!]$/)
  expect(title).not.toMatch(/[.!]$/)
  const shown = `${title} ${message} ${safe} ${remedy}`
  expect(shown).not.toMatch(/undefined|null|\[object|(?<!\()\bE[A-Z]{4,}\b/)
  // eslint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(shown).not.toMatch(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/)
  return failure
}

/** An identity with its data, not the mere prefix of one. */
const identity = /AGE-SECRET-KEY-(PQ-)?1[0-9A-Z]{8}/i

const below = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name)
        return entry.isDirectory() ? [path, ...below(path)] : [path]
      })
    : []

export const strayTemporaries = (...folders: string[]): string[] =>
  folders.flatMap(below).filter((path) => path.includes('.weightlock-'))

/** Everything that must hold at rest. Failed jobs are dismissed first: what they keep for a retry goes with them.
 * @param elsewhere folders outside the house where it wrote */
export async function expectSound(house: House, ...elsewhere: string[]): Promise<void> {
  const { jobs: before } = await house.call('jobs:snapshot', {})
  const failed = before.flatMap(({ jobId, state }) => (state === 'failed' ? [jobId] : []))
  await house.call('jobs:dismiss', { jobIds: failed })
  const { jobs } = await house.call('jobs:snapshot', {})
  expect(jobs.filter(({ state }) => state !== 'done' && state !== 'cancelled')).toEqual([])

  expect(strayTemporaries(house.folder, ...elsewhere)).toEqual([])
  await expectKeysKept(house)
  expect(await house.call('audit:verify', {})).toMatchObject({ intact: true })
  expectNothingTold(house)
}

/** The keychain holds exactly the keys that the catalog says exist, and one for each artifact that is listed. */
async function expectKeysKept(house: House): Promise<void> {
  const page = { query: '', filter: 'all', sort: { by: 'name', descending: false }, offset: 0, limit: 200 }
  const { rows } = await house.call('keys:list', page as Parameters<typeof house.call<'keys:list'>>[1])
  const expected = rows.flatMap(({ keyId, state }) => (state === 'destroyed' ? [] : [keyId]))
  const held = [...house.keychain.items.keys()].map((item) => item.slice('Weightlock/'.length))
  const keys = held.filter((account) => /^[a-z2-7]{26}$/.test(account))
  expect(keys.toSorted()).toEqual(expected.toSorted())
  const all = {
    storeId: null,
    folder: '',
    deep: true,
    query: '',
    sort: { by: 'name', descending: false },
    offset: 0,
    limit: 200,
    foreign: false,
  } as const
  const listed = await house.call('artifacts:list', all)
  for (const row of listed.rows)
    if (row.type === 'artifact' && row.keyState !== 'destroyed') expect(keys).toContain(row.keyId)
}

/** No answer, event, log line or file of the program holds an identity. */
export function expectNothingTold(house: House, ...secrets: string[]): void {
  const held = [...house.keychain.items.values()].filter((secret) => secret.startsWith('AGE-SECRET-KEY'))
  const telling = (text: string): boolean =>
    identity.test(text) || [...held, ...secrets].some((secret) => text.includes(secret))
  expect(house.said.filter(telling)).toEqual([])
  const own = readdirSync(house.dataFolder)
    .map((name) => join(house.dataFolder, name))
    .filter((path) => lstatSync(path).isFile())
  expect(own.filter((path) => telling(readFileSync(path, 'latin1')))).toEqual([])
}
