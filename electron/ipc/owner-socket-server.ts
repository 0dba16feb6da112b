/**
 * The owner's side of its socket: hands the calls of other processes to the app, as `TerminalConnection`s. Whoever
 * can connect is this user (the socket's folder, or the token); what they send is checked all the same.
 */
import { rmdirSync, rmSync } from 'node:fs'
import { type Server, type Socket, createServer } from 'node:net'
import { type Result, failed, ok } from '../../shared/failure.ts'
import type { TerminalConnection } from '../../shared/contract/terminal.ts'
import { type Frame, frameReader, hearFrames, jsonFrame, messageLimitBytes } from './frames.ts'
import {
  type Endpoint,
  makePrivateFolder,
  newNonce,
  ownerEndpoints,
  proofOf,
  provesIt,
  writeToken,
} from './owner-socket-endpoint.ts'
import { ClientHello, ClientMessage, type OwnerInfo, protocolVersion } from './owner-socket-messages.ts'
import { type OutputFlow, outputFlow } from './owner-socket-output.ts'

/** A client that stopped reading is cut off before it fills our memory. */
const unreadLimitBytes = 2 * messageLimitBytes
/** Progress can be left out; the next one says more. */
const eventBacklogBytes = 4 * 1024 * 1024

export type OwnerServer = {
  /** Where it listens. */
  address: string
  clients: () => number
  /** Waits until no client is left and stops listening at that moment. Call before the owner's lock is let go. */
  closeWhenIdle: () => Promise<void>
  /** Stops listening and ends every connection. */
  close: () => Promise<void>
}

export type ServeOwner = {
  dataFolder: string
  /** Named to whoever waits for the data folder. */
  owner: Pick<OwnerInfo, 'kind' | 'what'>
  /** One for every client that connects. */
  connect: () => TerminalConnection
  /** A second start of the window hands over what it was started with. */
  opened?: (args: string[]) => void
  /** For tests: elsewhere than `ownerEndpoints` says, or with a token as on Windows. */
  endpoints?: Endpoint[]
  withToken?: boolean
}

/** Hears one client out. @param joined called once it has shown who it is */
function serveClient(
  socket: Socket,
  options: ServeOwner & { token: Buffer | null },
  joined: () => void,
): void {
  const reader = frameReader()
  const nonce = newNonce()
  const flows = new Map<number, OutputFlow>()
  let connection: TerminalConnection | null = null
  let stopEvents: (() => void) | null = null

  const send = (frame: Buffer) => {
    if (socket.writable) socket.write(frame)
    if (socket.writableLength > unreadLimitBytes) socket.destroy()
  }
  const answer = (id: number, result: Result<unknown>) => {
    let frame: Buffer
    try {
      frame = jsonFrame({ type: 'answer', id, result })
    } catch {
      frame = jsonFrame({
        type: 'answer',
        id,
        result: failed({ code: 'internal/bug', reference: 'answer-too-large' }),
      })
    }
    send(frame)
  }

  const greet = (message: unknown) => {
    const hello = ClientHello.parse(message)
    const expected = options.token && proofOf(options.token, 'client', nonce, hello.nonce)
    if (hello.protocol !== protocolVersion || !provesIt(hello.proof, expected)) return void socket.destroy()
    socket.setTimeout(0)
    reader.allowMessageBytes(messageLimitBytes)
    connection = options.connect()
    stopEvents = connection.onEvent((event) => {
      if (socket.writableLength < eventBacklogBytes) send(jsonFrame({ type: 'event', ...event }))
    })
    const proof = options.token && proofOf(options.token, 'owner', nonce, hello.nonce)
    send(jsonFrame({ type: 'welcome', proof, owner: { ...options.owner, pid: process.pid } }))
    joined()
  }

  const hear = (app: TerminalConnection, message: ClientMessage) => {
    switch (message.type) {
      case 'call': {
        if (flows.has(message.id)) return void socket.destroy()
        const flow = message.hasOutput ? outputFlow(message.id, send) : null
        if (flow) flows.set(message.id, flow)
        const result = app.invoke(message.channel, message.request, flow?.output)
        const bug = () => failed({ code: 'internal/bug', reference: 'owner-socket' })
        void result.catch(bug).then((value) => answer(message.id, value))
        return
      }
      case 'open':
        options.opened?.(message.args)
        answer(message.id, ok({}))
        return
      case 'taken':
        if (!flows.get(message.id)?.taken(message.bytes)) socket.destroy()
        return
      case 'output-refused':
        flows.get(message.id)?.refuse()
    }
  }

  const receive = (frame: Frame) => {
    if (!('json' in frame)) return void socket.destroy()
    if (connection) hear(connection, ClientMessage.parse(frame.json))
    else greet(frame.json)
  }

  hearFrames(socket, reader, receive)
  socket.on('close', () => {
    stopEvents?.()
    for (const flow of flows.values()) flow.refuse()
    connection?.close()
  })
  send(jsonFrame({ type: 'hello', protocol: protocolVersion, nonce }))
}

const listen = (server: Server, address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const refused = () => resolve(false)
    server.once('error', refused)
    server.listen(address, () => {
      server.off('error', refused)
      resolve(true)
    })
  })

/** Listens at the first endpoint that can be trusted. */
async function listenAnywhere(server: Server, endpoints: Endpoint[]): Promise<Endpoint> {
  for (const endpoint of endpoints) {
    if (endpoint.folder !== null) {
      if (!makePrivateFolder(endpoint.folder)) continue
      // Whoever holds the owner's lock is the only owner: a socket that is there was left by a dead one.
      rmSync(endpoint.address, { force: true })
    }
    if (await listen(server, endpoint.address)) return endpoint
  }
  throw new Error('no place for the owner to listen')
}

/**
 * Starts listening. Call it only while holding the owner's lock of the data folder.
 * @throws Error where no folder can be trusted or made; the owner can go on, but alone
 */
export async function serveOwner(options: ServeOwner): Promise<OwnerServer> {
  const withToken = options.withToken ?? process.platform === 'win32'
  const token = withToken ? writeToken(options.dataFolder) : null
  const sockets = new Set<Socket>()
  const clients = new Set<Socket>()
  let left: (() => void) | null = null

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => {
      sockets.delete(socket)
      clients.delete(socket)
      if (clients.size === 0) left?.()
    })
    serveClient(socket, { ...options, token }, () => clients.add(socket))
  })
  const endpoint = await listenAnywhere(server, options.endpoints ?? ownerEndpoints(options.dataFolder))

  const stopListening = (): Promise<void> => {
    const stopped = new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
    for (const socket of sockets) if (!clients.has(socket)) socket.destroy()
    return stopped
  }
  const tidy = () => {
    try {
      if (endpoint.folder !== null) rmdirSync(endpoint.folder)
    } catch {
      // Left for the next owner, who uses it as it is.
    }
  }
  return {
    address: endpoint.address,
    clients: () => clients.size,
    closeWhenIdle: async () => {
      if (clients.size > 0)
        await new Promise<void>((resolve) => {
          left = resolve
        })
      await stopListening()
      tidy()
    },
    close: async () => {
      const stopped = stopListening()
      for (const socket of sockets) socket.destroy()
      await stopped
      tidy()
    },
  }
}
