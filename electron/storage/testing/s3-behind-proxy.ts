/** A real S3 server with a meddling proxy in front, for tests of what networks do: a bucket for each test, reached
 * through the proxy, and past it. */
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import {
  s3Error,
  startS3Proxy,
  type Meet,
  type S3Operation,
  type S3Proxy,
} from '../../../scripts/test/s3-proxy.ts'
import { startS3Server, type S3Credentials, type S3Server } from '../../../scripts/test/s3-server.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import type { BeginWrite, Condition, ObjectInfo, StorageBackend } from '../backend.ts'
import type { StoreFindings } from '../store-probe.ts'
import { testBytes } from './conformance.ts'
import { s3UnderTest } from './s3-under-test.ts'

export const partBytes = 5 * 2 ** 20
/** Three parts. */
export const whole = testBytes(partBytes * 2 + 7)
export const partOfWhole = (part: number): Uint8Array =>
  whole.subarray((part - 1) * partBytes, part * partBytes)
export const wholeWrite = (condition: Condition = { kind: 'absent' }): BeginWrite => ({
  sizeBytes: whole.length,
  partBytes,
  metadata: { key: 'k' },
  condition,
  jobId: newId(JobId),
})

export type BehindProxy = {
  proxy: S3Proxy
  bucket: string
  root: S3Credentials
  findings: StoreFindings | null
  backend: StorageBackend
  /** Past the proxy. */
  direct: StorageBackend
  /** Meets the first so many requests of an operation, and passes on the rest. @returns how many were met */
  meetFirst: (operation: S3Operation, times: number, how: Meet) => () => number
  /** Sends the whole of `whole`. */
  upload: (name: string, condition?: Condition) => Promise<ObjectInfo>
  /** What was sent is there, and no upload is left. */
  expectWhole: (name: string) => Promise<void>
}

/** Hooks of a test file. @returns what the running test has */
export function useS3BehindProxy(hasServer: boolean): () => BehindProxy {
  let server: S3Server | null = null
  let proxy: S3Proxy | null = null
  let findings: StoreFindings | null = null
  let current: BehindProxy | null = null
  beforeAll(async () => {
    if (!hasServer) return
    server = await startS3Server()
    proxy = await startS3Proxy(server)
    const where = { endpoint: server.endpoint, bucket: await server.makeBucket(), credentials: server.root }
    findings = (await s3UnderTest(where).probe?.())?.findings ?? null
  })
  afterAll(async () => {
    await proxy?.stop()
    await server?.stop()
  })
  beforeEach(async () => {
    if (server !== null && proxy !== null)
      current = behindProxy(server, proxy, await server.makeBucket(), findings)
  })
  return () => {
    if (current === null) throw new Error('there is no server')
    return current
  }
}

function behindProxy(
  server: S3Server,
  proxy: S3Proxy,
  bucket: string,
  findings: StoreFindings | null,
): BehindProxy {
  proxy.meet(null)
  proxy.requests.length = 0
  const where = { bucket, credentials: server.root }
  const backend = s3UnderTest({ ...where, endpoint: proxy.endpoint }, { findings })
  const direct = s3UnderTest({ ...where, endpoint: server.endpoint }, { findings })
  return {
    proxy,
    bucket,
    root: server.root,
    findings,
    backend,
    direct,
    meetFirst: (operation, times, how) => {
      let met = 0
      proxy.meet((request, forward) => {
        if (request.operation !== operation || met >= times) return forward()
        met++
        return how(request, forward)
      })
      return () => met
    },
    upload: async (name, condition) => {
      const id = await backend.beginWrite(name, wholeWrite(condition))
      for (const part of [1, 2, 3]) await backend.writePart(id, part, partOfWhole(part))
      return backend.completeWrite(id)
    },
    expectWhole: async (name) => {
      const bytes = await direct.read(name, { offset: 0, lengthBytes: whole.length })
      expect(Buffer.compare(bytes, whole)).toBe(0)
      expect(await direct.listWrites()).toEqual([])
    },
  }
}

export const loseReply: Meet = async (_, forward) => {
  await forward()
  return 'cut'
}
export const loseRequest: Meet = async () => 'cut'
export const answering =
  (status: number, code: string): Meet =>
  async () =>
    s3Error(status, code)

/** What passes when a request is sent again. */
export const passing: [name: string, how: Meet][] = [
  ['a lost reply', loseReply],
  ['a lost request', loseRequest],
  ['500 InternalError', answering(500, 'InternalError')],
  [
    '502 of a gateway',
    async () => ({ status: 502, headers: {}, body: Buffer.from('<html>bad gateway</html>') }),
  ],
  ['503 SlowDown', answering(503, 'SlowDown')],
  ['400 RequestTimeout', answering(400, 'RequestTimeout')],
  ['429', async () => ({ status: 429, headers: {}, body: Buffer.from('') })],
]
