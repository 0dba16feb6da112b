/**
 * The way to an S3 server: clients of the SDK with our own retries. The SDK's are off, as whether a request may be
 * repeated depends on what it was for. Reads its credentials again once they have expired.
 */
import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3'
import { failureOf, WeightlockError } from '../../../../shared/failure.ts'
import { defaultRetry, pauseMs, retriedInside, retrying, type RetryPolicy } from '../../with-retry.ts'
import { clientsOf, idleMs, makeAgents, type Agents, type ClientOptions, type Clients } from './clients.ts'
import { answerOf, type Asked, type Outcome } from './failures.ts'
import type { S3Settings } from './settings.ts'
import { whileItAnswers } from './while-it-answers.ts'

export type ConnectionOptions = ClientOptions & { retry?: Partial<RetryPolicy> }

/** A request: what it is for, and how it may be repeated. */
export type Call = Omit<Asked, 'store' | 'bucket'> & {
  /** `always`: doing it twice does no harm. `if-refused`: only where it is known that nothing was done. */
  repeat: 'always' | 'if-refused' | 'never'
  /** The server may work for minutes before it answers. */
  isSlow?: boolean
  /** Somebody waits for the answer, also where it is that nothing answers: a few tries are enough. */
  isTrial?: boolean
  signal?: AbortSignal | undefined
}

type SendOptions = { abortSignal?: AbortSignal }

export type Connection = {
  store: string
  settings: S3Settings
  /** Sends what `use` sends, again where that is safe and of use.
   * @throws WeightlockError `store/…`; the signal's reason */
  run: <T>(call: Call, use: (client: S3Client, options: SendOptions) => Promise<T>) => Promise<T>
  /** Before something is tried once more: longer each time. */
  pause: (attempt: number, signal: AbortSignal | undefined) => Promise<void>
  close: () => void
}

const trialAttempts = 3
/** Small questions in a row that a server answers nothing to, while it works on a large one. */
const missesAtMost = 3
const patience = { ...defaultRetry, attempts: 7, longestPauseMs: 20_000 }

/** Whether a failed request may be sent again. */
const outcomes = new WeakMap<Error, Outcome>()

export function connectTo(options: ConnectionOptions): Connection {
  const { store, settings } = options
  const { bucket } = settings
  const patienceMs = idleMs(options.idleTimeoutMs)
  let agents: Agents | null = null
  let clients: Promise<Clients> | null = null
  const makeClients = async (): Promise<Clients> => {
    agents ??= await makeAgents(store, settings)
    return clientsOf(options, agents)
  }
  /** Those of now, or new ones: what was wrong with the settings may be put right meanwhile. */
  const currentClients = () => {
    const making = (clients ??= makeClients())
    making.catch(() => {
      if (clients === making) clients = null
    })
    return making
  }

  const once = async <T>(
    call: Call,
    use: (client: S3Client, options: SendOptions) => Promise<T>,
  ): Promise<T> => {
    call.signal?.throwIfAborted()
    const making = currentClients()
    const { brief, quick, slow } = await making
    try {
      if (call.isSlow === true) {
        const asking = { ask: answersTo(brief), everyMs: (patienceMs.quick * 2) / 3, misses: missesAtMost }
        return await whileItAnswers(asking, call.signal, (abortSignal) => use(slow, { abortSignal }))
      }
      const abortSignal = call.signal === undefined ? {} : { abortSignal: call.signal }
      return await use(call.isTrial === true ? brief : quick, abortSignal)
    } catch (error) {
      call.signal?.throwIfAborted()
      const answer = failureOf(error) === null ? answerOf(error, { store, bucket, ...call }) : null
      if (answer === null) throw error
      if (answer.failure.code.startsWith('store/credentials-') && clients === making) clients = null
      throw withOutcome(new WeightlockError(answer.failure, { cause: error }), answer.outcome)
    }
  }

  /** Whatever it answers, it is there. */
  const answersTo = (client: S3Client) => (abortSignal: AbortSignal) =>
    client.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal }).catch((error: unknown) => {
      if (!(error instanceof Error && '$metadata' in error) || error.name === 'TimeoutError') throw error
      const { httpStatusCode } = error.$metadata as { httpStatusCode?: number }
      if (httpStatusCode === undefined) throw error
    })

  const waiting = { ...patience, ...options.retry }
  return {
    store,
    settings,
    pause: (attempt, signal) => waiting.wait(pauseMs(waiting, attempt), signal),
    run: (call, use) => {
      let mayRenew = true
      let silentMs = 0
      let startedAt = 0
      const mostSilentMs = 1.5 * (call.isTrial === true ? patienceMs.brief : patienceMs.quick)
      const policy = {
        ...waiting,
        ...(call.isTrial === true ? { attempts: trialAttempts } : {}),
        isTransient: (error: unknown) => {
          const code = failureOf(error)?.code
          // The SDK corrects its clock by the answer, and new credentials may lie there already: once.
          const isRenewed = mayRenew && (code === 'store/credentials-expired' || code === 'store/clock-skew')
          if (isRenewed) {
            mayRenew = false
            return true
          }
          if (isSilence(error)) silentMs += performance.now() - startedAt
          if (silentMs >= mostSilentMs) return false
          const outcome = outcomeOf(error)
          return outcome === 'refused'
            ? call.repeat !== 'never'
            : outcome === 'unknown' && call.repeat === 'always'
        },
      }
      return retrying(policy, call.signal, () => {
        startedAt = performance.now()
        return once(call, use)
      })
    },
    close: () => {
      agents?.http.destroy()
      agents?.https.destroy()
    },
  }
}

const withOutcome = (error: WeightlockError, outcome: Outcome): WeightlockError => {
  outcomes.set(error, outcome)
  retriedInside.add(error)
  return error
}

/** The server is there, takes what is sent, and says nothing: where that lasts, more tries only take time. */
const isSilence = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && error.cause.name === 'TimeoutError'

/** What is known of a request that failed: `final` for what never was a request. */
export const outcomeOf = (error: unknown): Outcome =>
  (error instanceof Error ? outcomes.get(error) : undefined) ?? 'final'
