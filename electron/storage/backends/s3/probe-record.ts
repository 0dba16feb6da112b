/** What is tried out on a server, one request at a time, and what came of it. */
import type { S3Client } from '@aws-sdk/client-s3'
import { failureOf, type Failure, type FailureCode } from '../../../../shared/failure.ts'
import { storeActions, type ProbedAction, type StoreAction } from '../../store-probe.ts'
import type { Connection } from './connection.ts'
import { resourceOf } from './grants.ts'
import { s3Permissions as permissions } from './permissions.ts'

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
  /** Who was refused, where the server says it. */
  grantee: () => string | null
}

export function recordOf(connection: Connection, signal: AbortSignal | undefined): ProbeRecord {
  const known = new Map<StoreAction, Pick<ProbedAction, 'answer' | 'failure'>>()
  let grantee: string | null = null
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
      if (failure.code === 'store/permission-missing') grantee = failure.grantee ?? grantee
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
        resource: resourceOf(connection.settings, action),
        ...(known.get(action) ?? { answer: 'not-tried' as const, failure: null }),
      })),
    grantee: () => grantee,
  }
}

const actionOf = (permission: string): StoreAction | null =>
  storeActions.find((action) => permissions[action].permission === permission) ?? null
