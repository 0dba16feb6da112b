/** An owner for tests of commands: answers from the handlers given, and keeps what was asked. */
import {
  type Channel,
  type ParsedRequest,
  type Response,
  contract,
} from '../../../shared/contract/contract.ts'
import type { Output, ProgramEvent, TerminalConnection } from '../../../shared/contract/terminal.ts'
import { type Result, failed, failureOf, ok } from '../../../shared/failure.ts'

/** An answer, or what it throws (`fail`). */
export type FakeHandlers = {
  [C in Channel]?: (
    request: ParsedRequest<C>,
    output: Output | undefined,
  ) => Response<C> | Promise<Response<C>>
}

export type FakeOwner = TerminalConnection & {
  calls: { channel: string; request: unknown }[]
  requestsOf: (channel: Channel) => unknown[]
  emit: (event: ProgramEvent) => void
}

const isChannel = (channel: string): channel is Channel => Object.hasOwn(contract, channel)

/** Requests and answers are held against the contract, as the real owner does. */
export function fakeOwner(handlers: FakeHandlers): FakeOwner {
  const calls: FakeOwner['calls'] = []
  const listeners = new Set<(event: ProgramEvent) => void>()

  const invoke = async (channel: string, request: unknown, output?: Output): Promise<Result<unknown>> => {
    calls.push({ channel, request })
    if (!isChannel(channel)) return failed({ code: 'call/unknown-channel', channel })
    const { request: requestShape, response, audience } = contract[channel]
    if (audience === 'window') return failed({ code: 'call/wrong-audience', channel })
    const handler = handlers[channel] as
      ((request: unknown, output: Output | undefined) => unknown) | undefined
    if (!handler) throw new Error(`no handler for ${channel}`)
    try {
      return ok(response.parse(await handler(requestShape.parse(request), output)))
    } catch (error) {
      const failure = failureOf(error)
      if (!failure) throw error
      return failed(failure)
    }
  }
  return {
    calls,
    requestsOf: (channel) => calls.filter((call) => call.channel === channel).map(({ request }) => request),
    emit: (event) => {
      for (const listener of listeners) listener(event)
    },
    invoke,
    onEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => undefined,
  }
}
