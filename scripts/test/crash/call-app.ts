import type { Channel, Request, Response } from '../../../shared/contract/contract.ts'
import { terminalBridge, type TerminalConnection } from '../../../shared/contract/terminal.ts'

/** Calls the app as a terminal would; a failure is thrown with its code.
 * @throws Error */
export const valueOrThrow = (connection: TerminalConnection) => {
  const { invoke } = terminalBridge(connection)
  return async <C extends Channel>(
    channel: C,
    request: { [K in keyof Request<C>]: unknown },
  ): Promise<Response<C>> => {
    const result = await invoke(channel, request as Request<C>)
    if (!result.ok) throw new Error(`${channel}: ${JSON.stringify(result.failure)}`)
    return result.value
  }
}
