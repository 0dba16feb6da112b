import { describe, expect, it } from 'vitest'
import { failureOf } from '../../../../shared/failure.ts'
import type { StoreSettings } from '../../storage-kind.ts'
import { readS3Settings } from './settings.ts'

const read = (settings: StoreSettings) => readS3Settings({ preset: 'other', bucket: 'models', ...settings })
const problemOf = (settings: StoreSettings) => {
  try {
    read(settings)
    return null
  } catch (error) {
    return failureOf(error)
  }
}

describe('the settings of an S3 store', () => {
  it.each([
    ['aws', { region: 'eu-central-1' }, null, 'eu-central-1', false],
    ['aws', {}, null, null, false],
    ['minio', { endpoint: 'https://minio.lab:9000' }, 'https://minio.lab:9000', 'us-east-1', true],
    [
      'r2',
      { endpoint: 'https://id.r2.cloudflarestorage.com' },
      'https://id.r2.cloudflarestorage.com',
      'auto',
      false,
    ],
    ['b2', { region: 'us-west-004' }, 'https://s3.us-west-004.backblazeb2.com', 'us-west-004', false],
    ['gcs', {}, 'https://storage.googleapis.com', 'auto', false],
    ['wasabi', { region: 'eu-west-1' }, 'https://s3.eu-west-1.wasabisys.com', 'eu-west-1', false],
    ['other', { endpoint: 'https://s3.lab', pathStyle: false }, 'https://s3.lab', 'us-east-1', false],
  ])('of %s are completed', (preset, given, endpoint, region, pathStyle) => {
    const settings = read({ preset, ...given })
    expect(settings.endpoint?.origin ?? null).toBe(endpoint)
    expect(settings).toMatchObject({ preset, region, pathStyle, bucket: 'models', prefix: '' })
    const TiB = 2 ** 40
    expect(settings.limits.maxObjectBytes / TiB).toBeCloseTo(preset === 'aws' ? 48.83 : 5, 2)
  })

  it('take a prefix with or without its slashes', () => {
    const endpoint = 'https://s3.lab'
    expect(read({ endpoint, prefix: '/team a/models/' }).prefix).toBe('team a/models/')
    expect(read({ endpoint, prefix: '' }).prefix).toBe('')
    expect(read({ endpoint, prefix: '/' }).prefix).toBe('')
  })

  it.each(['http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000', 'https://s3.lab'])(
    'take the endpoint %s',
    (endpoint) => {
      expect(read({ endpoint }).endpoint?.origin).toBe(endpoint)
    },
  )

  it('take a host alone for HTTPS', () => {
    expect(read({ endpoint: 's3.lab:9000' }).endpoint?.origin).toBe('https://s3.lab:9000')
  })

  it('take credentials from where it was chosen, and from what is there without a choice', () => {
    const given = { endpoint: 'https://s3.lab', profile: 'ml', accessKeyId: 'AK' }
    const of = (settings: StoreSettings) => {
      const { profile, accessKeyId } = read({ ...given, ...settings })
      return [profile, accessKeyId]
    }
    expect(of({})).toEqual(['ml', 'AK'])
    expect(of({ credentials: 'chain' })).toEqual([null, null])
    expect(of({ credentials: 'profile' })).toEqual(['ml', null])
    expect(of({ credentials: 'typed' })).toEqual([null, 'AK'])
    expect(problemOf({ ...given, credentials: 'typed', accessKeyId: '' })).toMatchObject({
      field: 'accessKeyId',
    })
    expect(problemOf({ ...given, credentials: 'guessed' })).toMatchObject({ field: 'credentials' })
  })

  it.each([
    ['endpoint', 'http://s3.lab'],
    ['endpoint', 'http://127.0.0.1.evil.lab'],
    ['endpoint', 'http://localhost.evil.lab'],
    ['endpoint', 'http://192.168.1.4:9000'],
    ['endpoint', 'http://0.0.0.0:9000'],
    ['endpoint', 'ftp://s3.lab'],
    ['endpoint', 'https://key:secret@s3.lab'],
    ['endpoint', 'https://s3.lab/folder'],
    ['endpoint', 'key:secret@s3.lab'],
    ['endpoint', ''],
    ['preset', 'floppy'],
    ['bucket', ''],
    ['bucket', 'a'],
    ['bucket', 'two words'],
    ['bucket', '../other'],
    ['region', 'eu west'],
    ['region', 'evil.lab/'],
    ['prefix', 'a/../b'],
    ['prefix', 'a//b'],
    ['pathStyle', 'yes'],
  ])('refuse for %s: %j', (field, value) => {
    const settings = { endpoint: 'https://s3.lab', [field]: value }
    expect(problemOf(settings)).toMatchObject({ code: 'store/settings-invalid', field })
  })

  it('of Backblaze B2 want a region', () => {
    expect(problemOf({ preset: 'b2' })).toMatchObject({ field: 'region' })
  })
})
