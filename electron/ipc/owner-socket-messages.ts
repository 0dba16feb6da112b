/** What crosses the owner's socket as JSON, besides the plaintext in binary frames. Both sides check what arrives. */
import { z } from 'zod'
import type { Failure, Result } from '../../shared/failure.ts'
import { events } from '../../shared/contract/events.ts'
import type { EventName } from '../../shared/contract/events.ts'

/** Changes when owner and client of different builds could no longer talk. */
export const protocolVersion = 1

const Nonce = z.string().regex(/^[0-9a-f]{64}$/)
const Proof = Nonce.nullable()
const CallId = z.number().int().min(0).max(0xffffffff)

/** Who holds the data folder, to be named to whoever waits for it. `what` is a command line without its values. */
export const OwnerInfo = z.object({
  kind: z.enum(['window', 'command']),
  pid: z.number().int(),
  what: z.string().max(1000),
})
export type OwnerInfo = z.infer<typeof OwnerInfo>

/** The owner speaks first, so that a client knows whether it has reached one. */
export const ServerHello = z.object({ type: z.literal('hello'), protocol: z.number().int(), nonce: Nonce })

export const ClientHello = z.object({
  type: z.literal('hello'),
  protocol: z.number().int(),
  nonce: Nonce,
  proof: Proof,
})

export const ServerWelcome = z.object({ type: z.literal('welcome'), proof: Proof, owner: OwnerInfo })

export const ClientMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    id: CallId,
    channel: z.string().max(100),
    request: z.unknown(),
    hasOutput: z.boolean(),
  }),
  /** A second start: what it was started with goes to the window that is open. */
  z.object({ type: z.literal('open'), id: CallId, args: z.array(z.string().max(32_768)).max(1000) }),
  /** The client's reader took this much of a call's output. */
  z.object({ type: z.literal('taken'), id: CallId, bytes: z.number().int().positive() }),
  /** The client's reader is gone: no more of this call's output. */
  z.object({ type: z.literal('output-refused'), id: CallId }),
])
export type ClientMessage = z.infer<typeof ClientMessage>

const FailureShape = z.custom<Failure>((value) => z.object({ code: z.string() }).safeParse(value).success)
export const AnyResult: z.ZodType<Result<unknown>> = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), failure: FailureShape }),
])

const EventNameShape = z.custom<EventName>(
  (value) => typeof value === 'string' && Object.hasOwn(events, value),
)

export const ServerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answer'), id: CallId, result: AnyResult }),
  z.object({ type: z.literal('event'), event: EventNameShape, payload: z.unknown() }),
])
export type ServerMessage = z.infer<typeof ServerMessage>
