import { describe, expect, it } from 'vitest'
import type { StoreSettings } from '../../storage-kind.ts'
import { granteeOf, policyOf, resourceOf } from './grants.ts'
import { readS3Settings } from './settings.ts'

const read = (settings: StoreSettings) => readS3Settings({ preset: 'aws', bucket: 'models', ...settings })
const parsed = (text: string | null): unknown => (text === null ? null : JSON.parse(text))

describe('what is to be granted', () => {
  it('is one statement for one permission, on what it is about', () => {
    const settings = read({ prefix: 'fraud' })
    expect(parsed(policyOf(settings, ['abort-upload']))).toEqual({
      Effect: 'Allow',
      Action: ['s3:AbortMultipartUpload'],
      Resource: 'arn:aws:s3:::models/fraud/*',
    })
    expect(parsed(policyOf(settings, ['list']))).toEqual({
      Effect: 'Allow',
      Action: ['s3:ListBucket'],
      Resource: 'arn:aws:s3:::models',
      Condition: { StringLike: { 's3:prefix': 'fraud/*' } },
    })
  })

  it('is narrowed to the prefix where that can be', () => {
    const statements = parsed(policyOf(read({ prefix: 'a' }), ['list', 'list-uploads', 'read', 'write']))
    expect(statements).toEqual([
      expect.objectContaining({ Action: ['s3:ListBucket'], Condition: expect.anything() }),
      { Effect: 'Allow', Action: ['s3:ListBucketMultipartUploads'], Resource: 'arn:aws:s3:::models' },
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: 'arn:aws:s3:::models/a/*' },
    ])
    expect(parsed(policyOf(read({}), ['list', 'read-versioning']))).toEqual({
      Effect: 'Allow',
      Action: ['s3:ListBucket', 's3:GetBucketVersioning'],
      Resource: 'arn:aws:s3:::models',
    })
  })

  it('is no policy where there are none, and none where nothing is missing', () => {
    expect(policyOf(read({ preset: 'gcs' }), ['read'])).toBeNull()
    expect(policyOf(read({}), [])).toBeNull()
  })

  it('stands in the partition of the region', () => {
    expect(resourceOf(read({ region: 'cn-north-1' }), 'read')).toBe('arn:aws-cn:s3:::models/*')
    expect(resourceOf(read({ region: 'us-gov-west-1' }), 'list')).toBe('arn:aws-us-gov:s3:::models')
  })

  it('goes to whom the settings name', () => {
    expect(granteeOf(read({ profile: 'ml' }))).toBe('profile ml')
    expect(granteeOf(read({ accessKeyId: 'AK' }))).toBe('access key AK')
    expect(granteeOf(read({}))).toBe('the credentials of this machine')
  })
})
