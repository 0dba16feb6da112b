/** What an S3 server or the way to it refuses: each has its own failure, and each permission its name. */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasS3Server, startS3Server, type S3Server } from '../../../scripts/test/s3-server.ts'
import { makeTestCertificate } from '../../../scripts/test/test-certificate.ts'
import { failureOf } from '../../../shared/failure.ts'
import { JobId, newId } from '../../../shared/ids.ts'
import { codeOf, putObject, testBytes } from '../testing/conformance.ts'
import { s3UnderTest } from '../testing/s3-under-test.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'

const hasServer = await hasS3Server()
let server: S3Server
let secure: S3Server
beforeAll(async () => {
  if (!hasServer) return
  server = await startS3Server()
  secure = await startS3Server({ tls: true })
})
afterAll(async () => {
  await server?.stop()
  await secure?.stop()
})

async function failureIn(running: Promise<unknown>) {
  try {
    await running
    return null
  } catch (error) {
    return failureOf(error)
  }
}

const partBytes = 5 * 2 ** 20
const large = {
  sizeBytes: partBytes * 4,
  partBytes,
  metadata: {},
  condition: { kind: 'any' as const },
  jobId: newId(JobId),
}
const aByte = { offset: 0, lengthBytes: 1 }

describe.runIf(hasServer)('a user who lacks a permission', () => {
  const open = async (denied: string[], versioning = false) => {
    const bucket = await server.makeBucket({ versioning })
    const whole = s3UnderTest({ endpoint: server.endpoint, bucket, credentials: server.root })
    await putObject(whole, 'a.age', testBytes(100))
    const credentials = await server.makeUser(bucket, denied)
    return { whole, bucket, backend: s3UnderTest({ endpoint: server.endpoint, bucket, credentials }) }
  }

  it('is told its name by whatever needs it', async () => {
    const lacking = async (
      permission: string,
      run: (denied: Awaited<ReturnType<typeof open>>) => Promise<unknown>,
    ) => {
      const denied = await open([permission])
      expect(await failureIn(run(denied))).toEqual({
        code: 'store/permission-missing',
        store: 'bucket',
        permission,
      })
    }
    await lacking('s3:ListBucket', ({ backend }) => backend.list('', null))
    await lacking('s3:GetObject', ({ backend }) => backend.head('a.age'))
    await lacking('s3:GetObject', ({ backend }) => backend.read('a.age', aByte))
    await lacking('s3:GetObject', ({ backend }) => backend.head('none.age'))
    await lacking('s3:PutObject', ({ backend }) => putObject(backend, 'b.age', testBytes(3)))
    await lacking('s3:PutObject', ({ backend }) => backend.beginWrite('b.age', large))
    await lacking('s3:DeleteObject', ({ backend }) => backend.delete('a.age'))
    await lacking('s3:ListBucketMultipartUploads', ({ backend }) => backend.listWrites())
    await lacking('s3:AbortMultipartUpload', async ({ backend, whole }) =>
      backend.abortWrite(await whole.beginWrite('b.age', large)),
    )
    await lacking('s3:ListMultipartUploadParts', async ({ backend, whole }) =>
      backend.listParts(await whole.beginWrite('b.age', large)),
    )
    await lacking('s3:ListBucketVersions', async ({ backend }) => backend.versions?.('a.age'))
  })

  it('sees by a test of the connection which one, and nothing is left', async () => {
    const permissions = {
      list: 's3:ListBucket',
      read: 's3:GetObject',
      write: 's3:PutObject',
      'list-parts': 's3:ListMultipartUploadParts',
      'list-uploads': 's3:ListBucketMultipartUploads',
      'list-versions': 's3:ListBucketVersions',
      'read-versioning': 's3:GetBucketVersioning',
      'read-tags': 's3:GetObjectTagging',
    }
    for (const [action, permission] of Object.entries(permissions)) {
      const { backend, whole } = await open([permission])
      const probed = await backend.probe?.()
      const others = probed?.actions
        .filter(({ answer }) => answer === 'denied')
        .map((each) => each.permission)
      expect({ action, others }).toEqual({ action, others: [permission] })
      expect(probed?.failure).toBeNull()
      expect(probed?.left).toEqual([])
      expect((await whole.list('', null)).objects.map(({ name }) => name)).toEqual(['a.age'])
      expect(await whole.listWrites()).toEqual([])
    }
  })

  it('is told what the test could not take back', async () => {
    const { backend } = await open(['s3:DeleteObject'])
    const probed = await backend.probe?.()
    expect(probed?.actions.find(({ action }) => action === 'delete')?.answer).toBe('denied')
    expect(probed?.left).not.toEqual([])
    const versioned = await open(['s3:DeleteObjectVersion'], true)
    const tried = await versioned.backend.probe?.()
    expect(tried?.actions.find(({ action }) => action === 'delete-version')?.answer).toBe('denied')
    expect(tried?.left).not.toEqual([])
  })

  it('that is taken away while a part is sent is told so, though the server does not read it to its end', async () => {
    for (const each of [server, secure]) {
      const bucket = await each.makeBucket()
      const credentials = await each.makeUser(bucket)
      const backend = s3UnderTest({ endpoint: each.endpoint, caFile: each.caFile, bucket, credentials })
      const size = 32 * 2 ** 20
      const id = await backend.beginWrite('a.age', { ...large, sizeBytes: size, partBytes: size })
      await each.deny(bucket, credentials, ['s3:PutObject'])
      expect(await codeOf(backend.writePart(id, 1, new Uint8Array(size)))).toBe('store/permission-missing')
      await each.deny(bucket, credentials, [])
      await backend.abortWrite(id)
    }
  })

  it('uploads, but aborts nothing', async () => {
    const { backend, whole } = await open(['s3:AbortMultipartUpload'])
    expect((await backend.probe?.())?.actions.find(({ action }) => action === 'abort-upload')?.answer).toBe(
      'denied',
    )
    expect(await whole.listWrites()).toEqual([])
  })
})

describe.runIf(hasServer)('a store that cannot be used', () => {
  const at = (settings: {
    endpoint?: string
    bucket?: string
    credentials?: typeof server.root
    region?: string
    caFile?: string
  }) =>
    s3UnderTest({
      endpoint: server.endpoint,
      bucket: 'bucket',
      credentials: server.root,
      ...settings,
      settings: settings.region === undefined ? {} : { region: settings.region },
    })

  it('says what is wrong with it, whatever it is asked, and so does its test', async () => {
    const bucket = await server.makeBucket()
    const secureBucket = await secure.makeBucket()
    const other = join(temporaryFolder(), 'other.pem')
    writeFileSync(other, makeTestCertificate().caPem)
    const { accessKeyId, secretAccessKey } = server.root
    const wrong = [
      [at({ bucket: 'no-such-bucket' }), { code: 'store/bucket-not-found', bucket: 'no-such-bucket' }],
      [
        at({ bucket, credentials: { accessKeyId, secretAccessKey: 'wrong' } }),
        { code: 'store/credentials-refused', detail: expect.stringContaining('secret') },
      ],
      [
        at({ bucket, credentials: { accessKeyId: 'nobody', secretAccessKey } }),
        { code: 'store/credentials-refused', detail: expect.stringContaining('access key') },
      ],
      [at({ bucket, region: 'eu-west-9' }), { code: 'store/wrong-region', region: 'us-east-1' }],
      [
        at({ endpoint: secure.endpoint, bucket: secureBucket, credentials: secure.root }),
        { code: 'store/certificate-untrusted' },
      ],
      [
        at({ endpoint: secure.endpoint, bucket: secureBucket, credentials: secure.root, caFile: other }),
        { code: 'store/certificate-untrusted' },
      ],
      [
        at({
          endpoint: secure.endpoint,
          bucket: secureBucket,
          credentials: secure.root,
          caFile: '/none.pem',
        }),
        { code: 'store/settings-invalid', field: 'ca' },
      ],
      [
        at({ endpoint: `https://127.0.0.1:${await freePort()}`, bucket }),
        { code: 'store/unreachable', detail: 'ECONNREFUSED' },
      ],
      [at({ endpoint: 'https://no-such-host.invalid', bucket }), { code: 'store/unreachable' }],
      [at({ endpoint: server.endpoint.replace('http:', 'https:'), bucket }), { code: 'store/unreachable' }],
    ] as const
    for (const [backend, failure] of wrong) {
      expect(await failureIn(backend.head('a.age'))).toMatchObject(failure)
      expect(await failureIn(backend.list('', null))).toMatchObject(failure)
      expect(await failureIn(backend.read('a.age', aByte))).toMatchObject(failure)
      expect(await failureIn(backend.delete('a.age'))).toMatchObject(failure)
      expect(await failureIn(putObject(backend, 'a.age', testBytes(3)))).toMatchObject(failure)
      expect((await backend.probe?.())?.failure).toMatchObject(failure)
    }
  })

  it('says nothing of a secret', async () => {
    const bucket = await server.makeBucket()
    const secretAccessKey = 'a-secret-that-must-not-show'
    const backend = at({ bucket, credentials: { ...server.root, secretAccessKey } })
    const error = await backend.head('a.age').catch((thrown: unknown) => thrown)
    expect(JSON.stringify(failureOf(error))).not.toContain(secretAccessKey)
    expect(String(error)).not.toContain(secretAccessKey)
    expect(JSON.stringify(await backend.probe?.())).not.toContain(secretAccessKey)
  })

  it('is used as soon as what was wrong is put right', async () => {
    const bucket = await server.makeBucket()
    let secretAccessKey: string | null = null
    const where = { endpoint: server.endpoint, bucket, credentials: server.root }
    const backend = s3UnderTest(where, {
      secrets: async () => (secretAccessKey === null ? null : { secretAccessKey, sessionToken: null }),
    })
    expect(await codeOf(backend.head('a.age'))).toBe('store/credentials-missing')
    secretAccessKey = 'wrong'
    expect(await codeOf(backend.head('a.age'))).toBe('store/credentials-refused')
    ;({ secretAccessKey } = server.root)
    expect(await backend.head('a.age')).toBeNull()
  })
})

async function freePort(): Promise<number> {
  const listening = createServer().listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address() as AddressInfo
  listening.close()
  await once(listening, 'close')
  return port
}
