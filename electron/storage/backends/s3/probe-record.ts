/** What is tried out on a server, one request at a time, and what came of it. */
import type { S3Client } from '@aws-sdk/client-s3'
import { failureOf, type Failure, type FailureCode } from '../../../../shared/failure.ts'
import { storeActions, type ProbedAction, type StoreAction } from '../../store-probe.ts'
import type { Connection } from './connection.ts'

/** The permission that each action takes, in the words of AWS, which others follow. */
const permissions: Record<StoreAction, { permission: string; isRequired: boolean }> = {
  list: { permission: 's3:ListBucket', isRequired: true },
  read: { permission: 's3:GetObject', isRequired: true },
  write: { permission: 's3:PutObject', isRequired: true },
  delete: { permission: 's3:DeleteObject', isRequired: true },
  'abort-upload': { permission: 's3:AbortMultipartUpload', isRequired: true },
  'list-parts': { permission: 's3:ListMultipartUploadParts', isRequired: true },
  'list-uploads': { permission: 's3:ListBucketMultipartUploads', isRequired: false },
  'list-versions': { permission: 's3:ListBucketVersions', isRequired: false },
  'delete-version': { permission: 's3:DeleteObjectVersion', isRequired: false },
  'read-versioning': { permission: 's3:GetBucketVersioning', isRequired: false },
}

/** Nothing else can be learned after these. */
const hopeless = new Set<FailureCode>([
  'store/unreachable',
  'store/busy',
  'store/bucket-not-found',
  'store/wrong-region',
  'store/certificate-untrusted',
  'store/credentials-missing',
  'store/credentials-refused',
  'store/credentials-expired',
  'store/clock-skew',
  'store/settings-invalid',
])

/** Ends a probe that cannot go on. */
export class Hopeless extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.code)
    this.failure = failure
  }
}

export type Tried<T> = { ok: true; value: T } | { ok: false; failure: Failure }
type Send<T> = (client: S3Client, options: { abortSignal?: AbortSignal }) => Promise<T>

export type ProbeRecord = {
  /** Sends once. The first answer about an action is kept, a denial for good.
   * @throws Hopeless */
  tryOut: <T>(action: StoreAction, send: Send<T>) => Promise<Tried<T>>
  /** What takes the permissions of several actions: it counts for the one that the server names. */
  tryBoth: <T>(send: Send<T>) => Promise<Tried<T>>
  actions: () => ProbedAction[]
}

export function recordOf(connection: Connection, signal: AbortSignal | undefined): ProbeRecord {
  const known = new Map<StoreAction, Pick<ProbedAction, 'answer' | 'failure'>>()
  const note = (action: StoreAction, failure: Failure | null) => {
    const answer =
      failure === null ? 'works' : failure.code === 'store/permission-missing' ? 'denied' : 'failed'
    const before = known.get(action)
    // What a server lacks in one form it may do in another; what it denies it denies.
    if (before?.answer === 'denied' || (before?.answer === 'works' && answer !== 'denied')) return
    known.set(action, { answer, failure })
  }
  const tried = async <T>(action: StoreAction | null, send: Send<T>): Promise<Tried<T>> => {
    const permission = action === null ? '' : permissions[action].permission
    try {
      const call = { objectName: '', permission, repeat: 'if-refused' as const, isTrial: true, signal }
      const value = await connection.run(call, send)
      if (action !== null) note(action, null)
      return { ok: true, value }
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null) throw error
      if (hopeless.has(failure.code)) throw new Hopeless(failure)
      // Proof enough that it was allowed: what does not exist was looked for, or a condition was compared.
      const isAllowed =
        failure.code === 'store/object-not-found' ||
        failure.code === 'store/upload-not-found' ||
        failure.code === 'store/precondition-failed'
      const concerned = failure.code === 'store/permission-missing' ? actionOf(failure.permission) : action
      if (concerned !== null) note(concerned, isAllowed ? null : failure)
      return { ok: false, failure }
    }
  }
  return {
    tryOut: tried,
    tryBoth: (send) => tried(null, send),
    actions: () =>
      storeActions.map((action) => ({
        action,
        ...permissions[action],
        ...(known.get(action) ?? { answer: 'not-tried' as const, failure: null }),
      })),
  }
}

const actionOf = (permission: string): StoreAction | null =>
  storeActions.find((action) => permissions[action].permission === permission) ?? null
