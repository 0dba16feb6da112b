/** A process that is not the owner: reaches the one that is, and makes its calls there. */
import { lstatSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { type Result, failed } from '../../shared/failure.ts'
import type { Output, ProgramEvent, TerminalConnection } from '../../shared/contract/terminal.ts'
import { type Frame, frameReader, hearFrames, jsonFrame, messageLimitBytes } from './frames.ts'
import {
  type Endpoint,
  isPrivateFolder,
  newNonce,
  ownerEndpoints,
  proofOf,
  provesIt,
  readToken,
} from './owner-socket-endpoint.ts'
import {
  type OwnerInfo,
  ServerHello,
  ServerMessage,
  ServerWelcome,
  protocolVersion,
} from './owner-socket-messages.ts'

export type OwnerConnection = TerminalConnection & {
  /** Who the owner is. */
  owner: OwnerInfo
  /** Hands a second start's arguments to the window that is open. */
  open: (args: string[]) => Promise<Result<unknown>>
  /** Settles when the connection has ended, whoever ended it. */
  closed: Promise<void>
}

export type ReachOwner = {
  dataFolder: string
  /** For tests: elsewhere than `ownerEndpoints` says, or with a token as on Windows. */
  endpoints?: Endpoint[]
  withToken?: boolean
}

/** Calls under way, and the bytes that come back for them. */
function callBook(send: (message: unknown) => void) {
  const waiting = new Map<number, (result: Result<unknown>) => void>()
  const outputs = new Map<number, { output: Output; last: Promise<void> }>()
  let nextId = 0
  return {
    call: (channel: string, request: unknown, output?: Output): Promise<Result<unknown>> => {
      const id = nextId++
      if (output) outputs.set(id, { output, last: Promise.resolve() })
      const answered = new Promise<Result<unknown>>((resolve) => waiting.set(id, resolve))
      send({ type: 'call', id, channel, request, hasOutput: output !== undefined })
      return answered
    },
    open: (args: string[]): Promise<Result<unknown>> => {
      const id = nextId++
      const answered = new Promise<Result<unknown>>((resolve) => waiting.set(id, resolve))
      send({ type: 'open', id, args })
      return answered
    },
    answer: (id: number, result: Result<unknown>) => {
      waiting.get(id)?.(result)
      waiting.delete(id)
    },
    /** Output keeps its order; what the reader has taken is told, so that more may come. */
    receive: (id: number, bytes: Uint8Array) => {
      const flow = outputs.get(id)
      if (!flow) return
      flow.last = flow.last
        .then(() => flow.output(bytes))
        .then(
          () => send({ type: 'taken', id, bytes: bytes.byteLength }),
          () => {
            outputs.delete(id)
            send({ type: 'output-refused', id })
          },
        )
    },
    /** Nobody will answer any more. Jobs stand in the journal: what was stopped goes on later. */
    abandon: () => {
      for (const resolve of waiting.values()) resolve(failed({ code: 'job/stopped' }))
      waiting.clear()
      outputs.clear()
    },
  }
}

/** Everything after the welcome. */
function openConnection(
  socket: Socket,
  owner: OwnerInfo,
): OwnerConnection & { receive: (frame: Frame) => void } {
  const listeners = new Set<(event: ProgramEvent) => void>()
  let isClosed = false
  const book = callBook((message) => {
    if (socket.writable) socket.write(jsonFrame(message))
    else book.abandon()
  })
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      isClosed = true
      book.abandon()
      resolve()
    })
  })
  return {
    owner,
    closed,
    invoke: (channel, request, output) =>
      isClosed ? Promise.resolve(failed({ code: 'job/stopped' })) : book.call(channel, request, output),
    open: book.open,
    onEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => socket.end(),
    receive: (frame) => {
      if ('bytes' in frame) return book.receive(frame.callId, frame.bytes)
      const message = ServerMessage.parse(frame.json)
      if (message.type === 'answer') return book.answer(message.id, message.result)
      // The owner's own schema made the payload; it is this user's process (see the endpoint's checks).
      const event = { event: message.event, payload: message.payload } as ProgramEvent
      for (const listener of listeners) listener(event)
    },
  }
}

/** @returns null where nobody listens, or whoever does is not an owner of ours */
function tryEndpoint(endpoint: Endpoint, token: Buffer | null): Promise<OwnerConnection | null> {
  if (endpoint.folder !== null) {
    if (!isPrivateFolder(endpoint.folder)) return Promise.resolve(null)
    if (!lstatSync(endpoint.address, { throwIfNoEntry: false })?.isSocket()) return Promise.resolve(null)
  }
  return new Promise((resolve) => {
    const reader = frameReader()
    const nonce = newNonce()
    const socket = connect(endpoint.address)
    let ownerNonce: string | null = null
    let connection: ReturnType<typeof openConnection> | null = null

    const receive = (frame: Frame) => {
      if (connection) return connection.receive(frame)
      if (!('json' in frame)) return void socket.destroy()
      if (ownerNonce === null) {
        const hello = ServerHello.parse(frame.json)
        if (hello.protocol !== protocolVersion) return void socket.destroy()
        ownerNonce = hello.nonce
        const proof = token && proofOf(token, 'client', ownerNonce, nonce)
        socket.write(jsonFrame({ type: 'hello', protocol: protocolVersion, nonce, proof }))
        return
      }
      const welcome = ServerWelcome.parse(frame.json)
      if (!provesIt(welcome.proof, token && proofOf(token, 'owner', ownerNonce, nonce)))
        return void socket.destroy()
      socket.setTimeout(0)
      reader.allowMessageBytes(messageLimitBytes)
      connection = openConnection(socket, welcome.owner)
      resolve(connection)
    }

    hearFrames(socket, reader, receive)
    socket.once('close', () => resolve(null))
  })
}

/** Looks once wherever the owner may listen. @returns null where no owner answers */
export async function connectToOwner(options: ReachOwner): Promise<OwnerConnection | null> {
  const withToken = options.withToken ?? process.platform === 'win32'
  const token = withToken ? readToken(options.dataFolder) : null
  if (withToken && !token) return null
  for (const endpoint of options.endpoints ?? ownerEndpoints(options.dataFolder)) {
    const connection = await tryEndpoint(endpoint, token)
    if (connection) return connection
  }
  return null
}
