/** Where credentials come from: typed in, the environment, profiles; and what happens once they have expired. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { s3Error, startS3Proxy, type S3Proxy } from '../../../scripts/test/s3-proxy.ts'
import {
  hasS3Server,
  startS3Server,
  type S3Credentials,
  type S3Server,
} from '../../../scripts/test/s3-server.ts'
import type { StoreSettings } from '../storage-kind.ts'
import { codeOf } from '../testing/conformance.ts'
import { temporaryFolder } from '../testing/temporary-folder.ts'
import { s3Store } from './s3.ts'
import { readS3Settings } from './s3/settings.ts'

const hasServer = await hasS3Server()
let server: S3Server
let proxy: S3Proxy
let bucket: string
beforeAll(async () => {
  if (!hasServer) return
  server = await startS3Server()
  proxy = await startS3Proxy(server)
  bucket = await server.makeBucket()
})
afterAll(async () => {
  await proxy?.stop()
  await server?.stop()
})

/** Only what a test sets is there, and nobody is asked on the network. */
beforeEach(() => {
  const folder = temporaryFolder()
  for (const name of Object.keys(process.env).filter((each) => each.startsWith('AWS_')))
    vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'))
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'))
  proxy?.meet(null)
  if (proxy) proxy.requests.length = 0
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const storeWith = (settings: StoreSettings = {}) =>
  s3Store({
    store: 'bucket',
    settings: readS3Settings({ preset: 'other', bucket, endpoint: proxy.endpoint, ...settings }),
    secrets: async () => null,
    retry: { wait: async () => undefined },
  })

const profileOf = (name: string, { accessKeyId, secretAccessKey }: S3Credentials): string =>
  `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`
const writeProfiles = (...profiles: string[]) =>
  writeFileSync(process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? '', profiles.join('\n'))

const wrong: S3Credentials = { accessKeyId: 'nobody', secretAccessKey: 'wrong' }

describe.runIf(hasServer)('credentials', () => {
  it('come from the environment', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', server.root.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.root.secretAccessKey)
    expect(await storeWith().head('a.age')).toBeNull()
  })

  it('come from the default profile, or from the one that the settings name', async () => {
    writeProfiles(profileOf('default', server.root), profileOf('other', wrong))
    expect(await storeWith().head('a.age')).toBeNull()
    expect(await codeOf(storeWith({ profile: 'other' }).head('a.age'))).toBe('store/credentials-refused')
    writeProfiles(profileOf('default', wrong), profileOf('other', server.root))
    expect(await storeWith({ profile: 'other' }).head('a.age')).toBeNull()
  })

  it('of a named profile win over the environment', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', wrong.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', wrong.secretAccessKey)
    writeProfiles(profileOf('mine', server.root))
    expect(await storeWith({ profile: 'mine' }).head('a.age')).toBeNull()
  })

  it('that are nowhere are missing', async () => {
    expect(await codeOf(storeWith().head('a.age'))).toBe('store/credentials-missing')
    expect(await codeOf(storeWith({ profile: 'none' }).head('a.age'))).toBe('store/credentials-missing')
    expect(await codeOf(storeWith({ accessKeyId: 'key' }).head('a.age'))).toBe('store/credentials-missing')
  })

  it('are read again once they have expired, and then used', async () => {
    writeProfiles(profileOf('default', wrong))
    const backend = storeWith()
    proxy.meet(async (request, forward) =>
      request.headers.authorization?.includes(wrong.accessKeyId) === true
        ? s3Error(400, 'ExpiredToken')
        : forward(),
    )
    expect(await codeOf(backend.list('', null))).toBe('store/credentials-expired')
    writeProfiles(profileOf('default', server.root))
    expect((await backend.list('', null)).objects).toEqual([])
  })

  it('are not sent to an endpoint that the environment names without TLS', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', server.root.accessKeyId)
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', server.root.secretAccessKey)
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://s3.invalid')
    const backend = s3Store({
      store: 'bucket',
      settings: readS3Settings({ preset: 'aws', bucket, region: 'us-east-1' }),
      secrets: async () => null,
    })
    const error = await backend.list('', null).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ failure: { code: 'store/settings-invalid', field: 'endpoint' } })
  })

  it('for a region that nothing names are not used', async () => {
    const backend = s3Store({
      store: 'bucket',
      settings: readS3Settings({ preset: 'aws', bucket }),
      secrets: async () => null,
    })
    const error = await backend.list('', null).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ failure: { code: 'store/settings-invalid', field: 'region' } })
  })
})
