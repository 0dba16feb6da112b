/** Check audience → parse → call → parse the answer → Result. The one way into the main process. */
import {
  contract,
  type Channel,
  type Contract,
  type ParsedRequest,
  type Response,
} from '../../shared/contract/contract.ts'
import { failed, failureOf, ok, type Result } from '../../shared/failure.ts'
import type { CallContext } from './call-context.ts'
import { failureWithoutIdentities } from './redact.ts'
import type { ProgramLog } from './program-log.ts'

/** A handler gets a parsed request and throws `WeightlockError` for an expected failure. */
export type Handler<C extends Channel> = (
  request: ParsedRequest<C>,
  context: CallContext,
) => Promise<Response<C>>
export type Handlers<Part extends Partial<Contract> = Contract> = { [C in keyof Part & Channel]: Handler<C> }

export type Dispatch = (channel: string, request: unknown, context: CallContext) => Promise<Result<unknown>>

const isChannel = (channel: string): channel is Channel => Object.hasOwn(contract, channel)

/** The path of the first issue, without its value: a rejected request may hold a secret. */
const detailOf = (issues: readonly { path: PropertyKey[]; code?: string }[]): string => {
  const first = issues[0]
  return first
    ? `${first.path.map(String).join('.') || 'request'} is ${first.code ?? 'wrong'}`
    : 'does not fit'
}

/** Answers of the contract lose every field that the contract does not name. */
export function createDispatcher(handlers: Handlers, log: ProgramLog): Dispatch {
  return async (channel, request, context) => {
    if (!isChannel(channel))
      return failed(
        failureWithoutIdentities({ code: 'call/unknown-channel', channel: String(channel).slice(0, 100) }),
      )
    const entry = contract[channel]
    if (entry.audience !== 'both' && entry.audience !== context.audience)
      return failed({ code: 'call/wrong-audience', channel })
    const parsed = entry.request.safeParse(request)
    if (!parsed.success)
      return failed({ code: 'call/invalid-request', channel, detail: detailOf(parsed.error.issues) })
    try {
      const handler = handlers[channel] as Handler<Channel>
      return ok(entry.response.parse(await handler(parsed.data as ParsedRequest<Channel>, context)))
    } catch (error) {
      const failure = failureOf(error)
      return failed(
        failure
          ? failureWithoutIdentities(failure)
          : { code: 'internal/bug', reference: log.bug(channel, error) },
      )
    }
  }
}
