/** The terminal's way in: the same calls as the window's, plus bytes that flow out to standard output. */
import type { Result } from '../failure.ts'
import type { Channel, Request, Response } from './contract.ts'
import type { EventName, EventPayload } from './events.ts'

/** Takes plaintext on its way to a terminal. Settles once the reader has taken these bytes; rejects when it is gone. */
export type Output = (bytes: Uint8Array) => Promise<void>

export type ProgramEvent = { [E in EventName]: { event: E; payload: EventPayload<E> } }[EventName]

/** One terminal, seen from the owner: requests are unchecked, answers are always a serialisable `Result`. */
export type TerminalConnection = {
  /** Never rejects.
   * @param output where a target of `{ stdout: true }` goes, also after the answer, until its job has ended */
  invoke: (channel: string, request: unknown, output?: Output) => Promise<Result<unknown>>
  /** @returns a function that stops listening */
  onEvent: (listener: (event: ProgramEvent) => void) => () => void
  /** The terminal is gone. */
  close: () => void
}

/** What a command is given: the contract with its types. */
export type TerminalBridge = {
  invoke: <C extends Channel>(
    channel: C,
    request: Request<C>,
    output?: Output,
  ) => Promise<Result<Response<C>>>
  onEvent: TerminalConnection['onEvent']
}

/** Gives a connection the contract's types: the owner checked every answer against them. */
export const terminalBridge = (connection: TerminalConnection): TerminalBridge => ({
  invoke: async <C extends Channel>(channel: C, request: Request<C>, output?: Output) =>
    (await connection.invoke(channel, request, output)) as Result<Response<C>>,
  onEvent: connection.onEvent,
})
