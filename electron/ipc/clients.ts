/** The window and the terminals that are connected: what each may name, and what each is told. */
import { isAbsolute } from 'node:path'
import { events, type EventName, type EventPayload } from '../../shared/contract/events.ts'
import type { ProgramEvent, TerminalConnection } from '../../shared/contract/terminal.ts'
import { fail } from '../../shared/failure.ts'
import type { Host } from '../host/host.ts'
import type { CallContext } from './call-context.ts'
import type { Dispatch } from './dispatcher.ts'
import type { PathTokens } from './path-tokens.ts'

export type Clients = {
  /** Tells the window and every terminal. */
  emit: <E extends EventName>(event: E, payload: EventPayload<E>) => void
  windowContext: CallContext
  connectTerminal: () => TerminalConnection
}

export function createClients(deps: {
  dispatch: Dispatch
  host: Host | null
  tokens: PathTokens
  who: string
}): Clients {
  const { dispatch, host, tokens, who } = deps
  const listeners = new Set<(event: ProgramEvent) => void>()

  const windowContext: CallContext = {
    audience: 'window',
    who,
    resolvePath: (ref, purpose) =>
      'token' in ref
        ? tokens.resolve(ref.token, purpose)
        : fail({ code: 'call/invalid-request', channel: 'paths', detail: 'the window has no paths' }),
    mintPathToken: tokens.mint,
    output: null,
  }
  const terminalContext = (output: CallContext['output']): CallContext => ({
    audience: 'terminal',
    who,
    resolvePath: (ref) =>
      'path' in ref && isAbsolute(ref.path)
        ? ref.path
        : fail({ code: 'call/invalid-request', channel: 'paths', detail: 'the path is not absolute' }),
    mintPathToken: tokens.mint,
    output,
  })
  return {
    emit: (event, payload) => {
      const parsed = events[event].parse(payload)
      host?.emit(event, payload)
      const told = { event, payload: parsed } as ProgramEvent
      for (const listener of listeners) listener(told)
    },
    windowContext,
    connectTerminal: () => {
      const own = new Set<(event: ProgramEvent) => void>()
      return {
        invoke: (channel, request, output) => dispatch(channel, request, terminalContext(output ?? null)),
        onEvent: (listener) => {
          own.add(listener)
          listeners.add(listener)
          return () => {
            own.delete(listener)
            listeners.delete(listener)
          }
        },
        close: () => {
          for (const listener of own) listeners.delete(listener)
        },
      }
    },
  }
}
