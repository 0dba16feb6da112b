/** A network whose only way out is a proxy: `HTTPS_PROXY` as everywhere, and TLS from end to end. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { hasS3Server, startS3Server, type S3Server } from '../../../scripts/test/s3-server.ts'
import { failureOf } from '../../../shared/failure.ts'
import { codeOf } from '../testing/conformance.ts'
import { s3UnderTest } from '../testing/s3-under-test.ts'

const hasServer = await hasS3Server()

describe.runIf(hasServer)('through a proxy', () => {
  let server: S3Server
  let proxy: Server
  let bucket: string
  const sockets = new Set<Socket>()
  const asked: string[] = []
  let seen = Buffer.alloc(0)

  beforeAll(async () => {
    server = await startS3Server({ tls: true })
    bucket = await server.makeBucket()
    proxy = createServer()
    proxy.on('connect', ({ url = '' }, client, head) => {
      asked.push(url)
      const [host = '', port = ''] = url.split(':')
      const there = connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n')
        there.write(head)
        client.on('data', (chunk: Buffer) => (seen = Buffer.concat([seen, chunk])))
        client.pipe(there).pipe(client)
      })
      for (const socket of [client as Socket, there]) {
        sockets.add(socket)
        socket.on('error', () => socket.destroy())
      }
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    asked.length = 0
  })
  afterAll(async () => {
    for (const socket of sockets) socket.destroy()
    proxy?.close()
    await server?.stop()
  })

  const open = () =>
    s3UnderTest({
      endpoint: server.endpoint,
      bucket,
      credentials: server.root,
      ...(server.caFile === null ? {} : { caFile: server.caFile }),
    })
  const useProxy = (others: Record<string, string> = {}) => {
    for (const name of ['NO_PROXY', 'no_proxy', 'https_proxy']) vi.stubEnv(name, undefined)
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
    for (const [name, value] of Object.entries(others)) vi.stubEnv(name, value)
  }

  it('is written and read, and the proxy sees nothing of it', async () => {
    useProxy()
    const backend = open()
    const bytes = Buffer.from('some bytes that the proxy must not see')
    const id = await backend.beginWrite('through.age', {
      sizeBytes: bytes.length,
      partBytes: 5 * 2 ** 20,
      metadata: {},
      jobId: 'through',
      condition: { kind: 'absent' },
    })
    await backend.writePart(id, 1, bytes)
    const { revision } = await backend.completeWrite(id)
    const range = { offset: 0, lengthBytes: bytes.length }
    expect(Buffer.from(await backend.read('through.age', range, { revision })).equals(bytes)).toBe(true)
    expect(new Set(asked)).toEqual(new Set([new URL(server.endpoint).host]))
    expect(seen.length).toBeGreaterThan(0)
    expect(seen.includes(bytes)).toBe(false)
    await backend.close?.()
  })

  it('is reached without it where NO_PROXY says so', async () => {
    useProxy({ NO_PROXY: '127.0.0.1' })
    const backend = open()
    expect(await backend.head('absent.age')).toBeNull()
    expect(asked).toEqual([])
    await backend.close?.()
  })

  it('is out of reach where the proxy is', async () => {
    useProxy({ HTTPS_PROXY: 'http://127.0.0.1:1' })
    const backend = open()
    expect(await codeOf(backend.head('absent.age'))).toBe('store/unreachable')
    await backend.close?.()
  })

  it.each([
    ['asks who it is', 407, /asks for a name/],
    ['does not lead there', 403, /does not lead there \(403\)/],
  ])('is out of reach where the proxy %s, and says so', async (_, status, words) => {
    const refusing = createServer()
    refusing.on('connect', (_request, client) => void client.end(`HTTP/1.1 ${status} No\r\n\r\n`))
    refusing.listen(0, '127.0.0.1')
    await once(refusing, 'listening')
    const { port } = refusing.address() as AddressInfo
    useProxy({ HTTPS_PROXY: `http://ada:not-to-be-shown@127.0.0.1:${port}` })
    const backend = open()
    const error: unknown = await backend.head('absent.age').catch((thrown: unknown) => thrown)
    expect(failureOf(error)).toMatchObject({
      code: 'store/unreachable',
      detail: expect.stringMatching(words) as string,
    })
    expect(inspect(error)).not.toContain('not-to-be-shown')
    await backend.close?.()
    refusing.close()
  })

  it('keeps the password to itself where the proxy’s address is none', async () => {
    useProxy({ HTTPS_PROXY: 'http://ada:not-to-be-shown@:none' })
    const backend = open()
    const error: unknown = await backend.head('absent.age').catch((thrown: unknown) => thrown)
    expect(failureOf(error)?.code).toBe('store/unreachable')
    expect(inspect(error)).not.toContain('not-to-be-shown')
    await backend.close?.()
  })
})
