import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { type Server, type Socket, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Result, ok } from '../../shared/failure.ts'
import type { Output, ProgramEvent, TerminalConnection } from '../../shared/contract/terminal.ts'
import { type Frame, binaryFrame, frameReader, jsonFrame, messageLimitBytes } from './frames.ts'
import { type OwnerConnection, connectToOwner } from './owner-socket-client.ts'
import { type Endpoint, ownerEndpoints } from './owner-socket-endpoint.ts'
import { protocolVersion } from './owner-socket-messages.ts'
import { type OwnerServer, type ServeOwner, serveOwner } from './owner-socket-server.ts'

type Handle = (channel: string, request: unknown, output?: Output) => Promise<Result<unknown>>

/** An app that answers as it is told, and says what happened to its connections. */
function fakeApp(handle: Handle = async (channel, request) => ok({ channel, request })) {
  const listeners = new Set<(event: ProgramEvent) => void>()
  let closes = 0
  const closeWaiters: (() => void)[] = []
  return {
    connect: (): TerminalConnection => ({
      invoke: handle,
      onEvent: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      close: () => {
        closes++
        closeWaiters.shift()?.()
      },
    }),
    emit: (event: ProgramEvent) => {
      for (const listener of listeners) listener(event)
    },
    listeners,
    closes: () => closes,
    nextClose: () => new Promise<void>((resolve) => closeWaiters.push(resolve)),
  }
}

let dataFolder: string
let endpoints: Endpoint[]
const cleanUp: (() => Promise<unknown> | void)[] = []

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'weightlock-owner-'))
  const folder = join(dataFolder, 'run')
  endpoints = [{ address: join(folder, 'owner'), folder }]
})
afterEach(async () => {
  for (const clean of cleanUp.splice(0).toReversed()) await clean()
  rmSync(dataFolder, { recursive: true, force: true })
})

async function serve(app: ReturnType<typeof fakeApp>, more: Partial<ServeOwner> = {}): Promise<OwnerServer> {
  const server = await serveOwner({
    dataFolder,
    endpoints,
    owner: { kind: 'command', what: 'weightlock encrypt' },
    connect: app.connect,
    ...more,
  })
  cleanUp.push(() => server.close())
  return server
}

async function reach(more: { withToken?: boolean } = {}): Promise<OwnerConnection> {
  const connection = await connectToOwner({ dataFolder, endpoints, ...more })
  if (!connection) throw new Error('no owner answered')
  cleanUp.push(() => connection.close())
  return connection
}

/** A peer that speaks bytes of its own choosing. */
function rawClient(address: string) {
  const socket = connect(address)
  const reader = frameReader()
  reader.allowMessageBytes(messageLimitBytes)
  const frames: Frame[] = []
  const waiters: ((frame: Frame) => void)[] = []
  socket.on('data', (chunk) => {
    for (const frame of reader.push(chunk)) {
      const waiter = waiters.shift()
      if (waiter) waiter(frame)
      else frames.push(frame)
    }
  })
  socket.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  cleanUp.push(() => void socket.destroy())
  const next = (): Promise<Frame> => {
    const frame = frames.shift()
    return frame ? Promise.resolve(frame) : new Promise((resolve) => waiters.push(resolve))
  }
  const greet = async () => {
    await next()
    socket.write(
      jsonFrame({
        type: 'hello',
        protocol: protocolVersion,
        nonce: randomBytes(32).toString('hex'),
        proof: null,
      }),
    )
    await next()
  }
  return { socket, ended, next, greet }
}

describe('the owner and its clients', () => {
  it('answer calls, many at once, each with its own answer', async () => {
    await serve(fakeApp())
    const client = await reach()
    expect(client.owner).toEqual({ kind: 'command', what: 'weightlock encrypt', pid: process.pid })
    const requests = Array.from({ length: 50 }, (_, n) => n)
    const answers = await Promise.all(requests.map((n) => client.invoke('jobs:snapshot', { n })))
    expect(answers).toEqual(requests.map((n) => ok({ channel: 'jobs:snapshot', request: { n } })))
  })

  it('hear events, and stop hearing them', async () => {
    const app = fakeApp()
    await serve(app)
    const client = await reach()
    const heard: ProgramEvent[] = []
    const off = client.onEvent((event) => heard.push(event))
    app.emit({ event: 'catalog:changed', payload: { what: ['keys'] } })
    await client.invoke('program:status', {})
    off()
    app.emit({ event: 'catalog:changed', payload: { what: ['audit'] } })
    await client.invoke('program:status', {})
    expect(heard).toEqual([{ event: 'catalog:changed', payload: { what: ['keys'] } }])
  })

  it('pass plaintext in order, and call it delivered only when the reader took it', async () => {
    const bytes = randomBytes(9 * 1024 * 1024 + 17)
    let delivered = 0
    const app = fakeApp(async (_, __, output) => {
      const half = bytes.byteLength >> 1
      await Promise.all([output?.(bytes.subarray(0, half)), output?.(bytes.subarray(half))])
      delivered = taken
      return ok({})
    })
    await serve(app)
    const client = await reach()
    const received: Uint8Array[] = []
    let taken = 0
    const answer = await client.invoke('decrypt:start', {}, async (piece) => {
      received.push(Uint8Array.from(piece))
      await new Promise((resolve) => setImmediate(resolve))
      taken += piece.byteLength
    })
    expect(answer.ok).toBe(true)
    expect(delivered).toBe(bytes.byteLength)
    expect(Buffer.concat(received).equals(bytes)).toBe(true)
  })

  it('hold back a sender whose reader does not read, and still answer', async () => {
    const app = fakeApp(async (channel, _, output) => {
      if (channel === 'decrypt:start') await output?.(new Uint8Array(64 * 1024 * 1024))
      return ok({})
    })
    await serve(app)
    const client = await reach()
    let readOn: () => void = () => undefined
    let offered = 0
    const stuck = new Promise<void>((resolve) => {
      readOn = resolve
    })
    const decrypted = client.invoke('decrypt:start', {}, (piece) => {
      offered += piece.byteLength
      return stuck
    })
    expect((await client.invoke('jobs:pause', {})).ok).toBe(true)
    expect(offered).toBeLessThanOrEqual(256 * 1024)
    readOn()
    expect((await decrypted).ok).toBe(true)
    expect(offered).toBe(64 * 1024 * 1024)
  })

  it('tell the sender when the reader is gone', async () => {
    let told: unknown = null
    const app = fakeApp(async (_, __, output) => {
      try {
        await output?.(new Uint8Array(1024))
      } catch (error) {
        told = error
      }
      return ok({})
    })
    await serve(app)
    const client = await reach()
    await client.invoke('decrypt:start', {}, () => Promise.reject(new Error('EPIPE')))
    expect(told).toMatchObject({ failure: { code: 'file/io', errno: 'EPIPE' } })
  })

  it('tell the sender when the whole client is gone', async () => {
    const rejected = Promise.withResolvers<unknown>()
    const started = Promise.withResolvers<void>()
    const app = fakeApp(async (_, __, output) => {
      started.resolve()
      await output?.(new Uint8Array(64 * 1024 * 1024)).catch(rejected.resolve)
      return ok({})
    })
    await serve(app)
    const client = await reach()
    const closed = app.nextClose()
    const answer = client.invoke('decrypt:start', {}, () => new Promise(() => undefined))
    await started.promise
    client.close()
    expect(await rejected.promise).toMatchObject({ failure: { code: 'file/io' } })
    expect(await answer).toEqual({ ok: false, failure: { code: 'job/stopped' } })
    await closed
    expect(app.listeners.size).toBe(0)
  })

  it('answer what is pending as stopped when the owner goes, and what comes later too', async () => {
    const server = await serve(fakeApp(() => new Promise(() => undefined)))
    const client = await reach()
    const pending = client.invoke('jobs:wait', {})
    await server.close()
    expect(await pending).toEqual({ ok: false, failure: { code: 'job/stopped' } })
    await client.closed
    expect(await client.invoke('jobs:wait', {})).toEqual({ ok: false, failure: { code: 'job/stopped' } })
  })

  it('turn a handler that throws into a bug, not into silence', async () => {
    await serve(fakeApp(() => Promise.reject(new Error('secret detail'))))
    const answer = await (await reach()).invoke('program:status', {})
    expect(answer).toEqual({ ok: false, failure: { code: 'internal/bug', reference: 'owner-socket' } })
  })

  it('hand the arguments of a second start to the window', async () => {
    const opened: string[][] = []
    await serve(fakeApp(), { owner: { kind: 'window', what: '' }, opened: (args) => opened.push(args) })
    expect(await (await reach()).open(['/models/a.age'])).toEqual(ok({}))
    expect(opened).toEqual([['/models/a.age']])
  })
})

describe('a command that serves', () => {
  it('waits for its clients before it closes, and takes no new ones after', async () => {
    const server = await serve(fakeApp())
    const client = await reach()
    let isClosed = false
    const closing = server.closeWhenIdle().then(() => {
      isClosed = true
    })
    expect((await client.invoke('program:status', {})).ok).toBe(true)
    expect([server.clients(), isClosed]).toEqual([1, false])
    client.close()
    await closing
    expect(await connectToOwner({ dataFolder, endpoints })).toBeNull()
    expect(existsSync(endpoints[0]?.folder ?? '')).toBe(false)
  })

  it('closes at once without clients, whoever else hangs on its door', async () => {
    const server = await serve(fakeApp())
    const stranger = rawClient(server.address)
    await stranger.next()
    await server.closeWhenIdle()
    await stranger.ended
    expect(server.clients()).toBe(0)
  })
})

describe('the socket', () => {
  it('lies in a folder that only its user may enter', async () => {
    const server = await serve(fakeApp())
    expect(statSync(join(server.address, '..')).mode & 0o777).toBe(0o700)
  })

  it('is not put into a folder that others may enter, nor behind a link', async () => {
    const open = join(dataFolder, 'open')
    mkdirSync(open)
    chmodSync(open, 0o755)
    const target = join(dataFolder, 'target')
    mkdirSync(target, { mode: 0o700 })
    const link = join(dataFolder, 'link')
    symlinkSync(target, link)
    const bad = [open, link].map((folder) => ({ address: join(folder, 'owner'), folder }))
    await expect(serve(fakeApp(), { endpoints: bad })).rejects.toThrow('no place')
    const server = await serve(fakeApp(), { endpoints: [...bad, ...endpoints] })
    expect(server.address).toBe(endpoints[0]?.address)
  })

  it('is not trusted by a client in a folder that others may enter', async () => {
    await serve(fakeApp())
    chmodSync(endpoints[0]?.folder ?? '', 0o750)
    expect(await connectToOwner({ dataFolder, endpoints })).toBeNull()
  })

  it('replaces what a dead owner left behind', async () => {
    mkdirSync(endpoints[0]?.folder ?? '', { mode: 0o700 })
    writeFileSync(endpoints[0]?.address ?? '', '')
    expect(await connectToOwner({ dataFolder, endpoints })).toBeNull()
    await serve(fakeApp())
    expect((await (await reach()).invoke('program:status', {})).ok).toBe(true)
  })

  it('is looked for in every place where an owner may listen, by the real name of the data folder', () => {
    const linked = `${dataFolder}-link`
    symlinkSync(dataFolder, linked)
    cleanUp.push(() => rmSync(linked))
    const around = {
      platform: 'linux',
      runtimeFolder: '/run/user/7',
      temporaryFolder: '/tmp',
      uid: 7,
    } as const
    const places = ownerEndpoints(linked, around)
    expect(places).toEqual(ownerEndpoints(dataFolder, around))
    expect(places.map(({ folder }) => folder?.replace(/[0-9a-f]{32}$/, '#'))).toEqual([
      '/run/user/7/weightlock-7-#',
      '/tmp/weightlock-7-#',
    ])
  })

  it('never has a name that is too long for a socket', () => {
    const around = {
      platform: 'darwin',
      runtimeFolder: undefined,
      temporaryFolder: `/var/${'x'.repeat(90)}`,
      uid: 7,
    } as const
    expect(ownerEndpoints(dataFolder, around).map(({ address }) => address.slice(0, 5))).toEqual(['/tmp/'])
  })
})

describe('hostile peers', () => {
  const afterGreeting = [
    ['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a message of no known type', jsonFrame({ type: 'become-root' })],
    ['a call without a number', jsonFrame({ type: 'call', channel: 'x', request: {}, hasOutput: false })],
    ['plaintext sent the wrong way', binaryFrame(1, new Uint8Array(4))],
    ['more taken than was given', jsonFrame({ type: 'taken', id: 9, bytes: 1 })],
    ['a second call under the same number', Buffer.concat([0, 0].map(() => sameCall()))],
  ] as const

  function sameCall(): Buffer {
    return jsonFrame({ type: 'call', id: 1, channel: 'x', request: {}, hasOutput: true })
  }

  it.each(afterGreeting)('are cut off after %s; others go on', async (_, bytes) => {
    const app = fakeApp(() => new Promise(() => undefined))
    const server = await serve(app)
    const other = await reach()
    const peer = rawClient(server.address)
    await peer.greet()
    peer.socket.write(bytes)
    await peer.ended
    expect(server.clients()).toBe(1)
    other.close()
  })

  it.each([
    [
      'a call before the greeting',
      jsonFrame({ type: 'call', id: 1, channel: 'x', request: {}, hasOutput: false }),
    ],
    ['another protocol', jsonFrame({ type: 'hello', protocol: 99, nonce: '0'.repeat(64), proof: null })],
    ['a greeting that is too long', Buffer.from([0, 0xff, 0xff, 0xff, 0x4a])],
  ])('are cut off for %s', async (_, bytes) => {
    const app = fakeApp()
    const server = await serve(app)
    const peer = rawClient(server.address)
    await peer.next()
    peer.socket.write(bytes)
    await peer.ended
    expect([server.clients(), app.listeners.size]).toEqual([0, 0])
  })

  it('are not taken for an owner', async () => {
    const folder = endpoints[0]?.folder ?? ''
    mkdirSync(folder, { mode: 0o700 })
    const server: Server = createServer((socket: Socket) => {
      socket.on('error', () => undefined)
      socket.end('220 ready\r\n')
    })
    await new Promise<void>((resolve) => server.listen(endpoints[0]?.address, resolve))
    cleanUp.push(() => new Promise((resolve) => server.close(resolve)))
    expect(await connectToOwner({ dataFolder, endpoints })).toBeNull()
  })
})

describe('an endpoint that others can reach', () => {
  it('lets in who can read the token', async () => {
    await serve(fakeApp(), { withToken: true })
    expect(statSync(join(dataFolder, 'owner-token')).mode & 0o777).toBe(0o600)
    expect((await (await reach({ withToken: true })).invoke('program:status', {})).ok).toBe(true)
  })

  it('shuts out who cannot', async () => {
    const server = await serve(fakeApp(), { withToken: true })
    expect(await connectToOwner({ dataFolder, endpoints, withToken: false })).toBeNull()
    writeFileSync(join(dataFolder, 'owner-token'), '0'.repeat(64))
    expect(await connectToOwner({ dataFolder, endpoints, withToken: true })).toBeNull()
    expect(server.clients()).toBe(0)
  })

  it('is not believed when the owner cannot prove itself', async () => {
    await serve(fakeApp())
    writeFileSync(join(dataFolder, 'owner-token'), '0'.repeat(64))
    expect(await connectToOwner({ dataFolder, endpoints, withToken: true })).toBeNull()
  })
})
