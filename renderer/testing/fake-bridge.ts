/** Main, played by a few lines: answers every channel of the contract from memory. A test scripts what it needs. */
import type { Bridge } from '../../shared/contract/bridge.ts'
import type { Channel, Request, Response } from '../../shared/contract/contract.ts'
import type { EventName, EventPayload } from '../../shared/contract/events.ts'
import { ok } from '../../shared/failure.ts'
import type { Failure, Result } from '../../shared/failure.ts'
import { pathToken } from './builders.ts'
import { usualAnswers } from './usual-answers.ts'

type Answer<C extends Channel> = (request: Request<C>) => Response<C> | Promise<Response<C>>
export type Answers = { [C in Channel]: Answer<C> }

export type FakeBridge = Bridge & {
  /** Every call made so far. */
  calls: { channel: Channel; request: unknown }[]
  /** What was asked on one channel. */
  requestsTo: <C extends Channel>(channel: C) => Request<C>[]
  answer: <C extends Channel>(channel: C, answer: Answer<C>) => void
  fail: (channel: Channel, failure: Failure) => void
  /** Never answers. */
  hang: (channel: Channel) => void
  emit: <E extends EventName>(event: E, payload: EventPayload<E>) => void
}

type Listener = { event: EventName; listener: (payload: never) => void }

/** A bridge that works at once; `answers` replace its usual ones. */
export function makeFakeBridge(answers: Partial<Answers> = {}): FakeBridge {
  const table = { ...usualAnswers, ...answers } as Record<Channel, (request: unknown) => unknown>
  const failures = new Map<Channel, Failure>()
  const calls: FakeBridge['calls'] = []
  let listeners: Listener[] = []
  let tokens = 0
  return {
    calls,
    requestsTo: <C extends Channel>(channel: C) =>
      calls.filter((one) => one.channel === channel).map((one) => one.request as Request<C>),
    answer: (channel, answer) => {
      failures.delete(channel)
      table[channel] = answer as (request: unknown) => unknown
    },
    fail: (channel, failure) => void failures.set(channel, failure),
    hang: (channel) => {
      table[channel] = () => new Promise(() => {})
    },
    emit: (event, payload) => {
      for (const one of listeners)
        if (one.event === event) (one.listener as (payload: unknown) => void)(payload)
    },
    invoke: async <C extends Channel>(channel: C, request: Request<C>): Promise<Result<Response<C>>> => {
      calls.push({ channel, request })
      const failure = failures.get(channel)
      if (failure !== undefined) return { ok: false, failure }
      return ok((await table[channel](request)) as Response<C>)
    },
    on: (event, listener) => {
      const entry = { event, listener } as Listener
      listeners.push(entry)
      return () => {
        listeners = listeners.filter((one) => one !== entry)
      }
    },
    pathForFile: () => Promise.resolve(pathToken(++tokens)),
  }
}
