/** Stores, the kinds of them as main describes them, and what tests of them find. */
import type { Response } from '../../shared/contract/contract.ts'
import type { StoreCheck, StoreInfo, StoreTest } from '../../shared/domain/store.ts'
import { now, storeId } from './numbered-ids.ts'

export function storeInfo(over: Partial<StoreInfo> & { n?: number } = {}): StoreInfo {
  const { n = 1, ...rest } = over
  return {
    storeId: storeId(n),
    name: 'models-prod',
    kind: 'local-folder',
    settings: { path: '/srv/models-prod' },
    location: '/srv/models-prod',
    isDefault: n === 1,
    exists: true,
    artifacts: 13,
    ciphertextBytes: 19_750_000_000,
    freeBytes: 412_600_000_000,
    ...rest,
  }
}

export const bucketInfo = (over: Partial<StoreInfo> & { n?: number } = {}): StoreInfo =>
  storeInfo({
    kind: 's3',
    settings: {
      preset: 'aws',
      bucket: 'acme-models-prod',
      prefix: 'fraud',
      region: 'eu-central-1',
      pathStyle: false,
      credentials: 'profile',
      profile: 'ml-prod',
    },
    location: 's3://acme-models-prod/fraud',
    isDefault: false,
    freeBytes: null,
    ...over,
  })

type StoreKind = Response<'stores:kinds'>['kinds'][number]

const elsewhere = 'Another bucket or prefix holds other objects: add it as another store.'
const text = { kind: 'text', required: false, help: '' } as const
const typed = { field: 'credentials', values: ['typed'] }

const folder: StoreKind = {
  kind: 'local-folder',
  label: 'Folder or network share',
  mark: 'folder',
  fields: [
    {
      name: 'path',
      label: 'Folder',
      kind: 'folder',
      required: true,
      help: 'On this machine, or a share that is mounted on it. Names in it can be read by whoever can read it.',
      fixed: 'Another folder holds other files: add it as another store.',
    },
  ],
}

const bucket: StoreKind = {
  kind: 's3',
  label: 'S3 bucket',
  mark: 'S3',
  isRemote: true,
  fields: [
    {
      ...text,
      name: 'preset',
      label: 'Service',
      kind: 'choice',
      required: true,
      choices: [
        { value: 'aws', label: 'Amazon S3' },
        { value: 'minio', label: 'MinIO' },
        { value: 'other', label: 'Other, S3-compatible' },
      ],
    },
    { ...text, name: 'bucket', label: 'Bucket', required: true, isShort: true, fixed: elsewhere },
    {
      ...text,
      name: 'prefix',
      label: 'Prefix',
      isShort: true,
      unset: 'The whole bucket',
      fixed: elsewhere,
    },
    {
      ...text,
      name: 'endpoint',
      label: 'Endpoint',
      kind: 'address',
      help: 'The server’s address. Empty: the provider’s own.',
      whenEmpty: { field: 'preset', values: { aws: 's3.{region}.amazonaws.com' } },
    },
    {
      ...text,
      name: 'region',
      label: 'Region',
      isShort: true,
      whenEmpty: { field: 'preset', values: { aws: 'as the profile says', minio: 'us-east-1' } },
    },
    {
      ...text,
      name: 'pathStyle',
      label: 'Addressing',
      kind: 'switch',
      isShort: true,
      states: { off: 'Virtual-hosted', on: 'Path style' },
      begins: { field: 'preset', values: { minio: true, other: true } },
    },
    {
      ...text,
      name: 'credentials',
      label: 'Credentials',
      kind: 'choice',
      choices: [
        { value: 'chain', label: 'As the AWS tools find them here' },
        { value: 'profile', label: 'AWS profile, also single sign-on' },
        { value: 'typed', label: 'Typed in' },
      ],
    },
    {
      ...text,
      name: 'profile',
      label: 'Profile',
      required: true,
      help: 'Read from ~/.aws at each use. Nothing is stored here.',
      onlyFor: { field: 'credentials', values: ['profile'] },
    },
    { ...text, name: 'accessKeyId', label: 'Access key', required: true, onlyFor: typed },
    {
      name: 'secretAccessKey',
      label: 'Secret access key',
      kind: 'secret',
      required: true,
      help: 'Kept in the keychain of this machine, never in the settings.',
      onlyFor: typed,
    },
    {
      name: 'ca',
      label: 'Private CA',
      kind: 'file',
      required: false,
      help: 'A PEM file, for servers whose certificate no public authority vouches for.',
      unset: 'System certificates',
    },
    {
      ...text,
      name: 'price',
      label: 'Price of a GB and month',
      isShort: true,
      unset: 'as in 0.023 USD',
    },
  ],
}

export const storeKinds = (): { kinds: StoreKind[] } => ({ kinds: [folder, bucket] })

const folderCheck = { passed: true, isOptional: false, group: 'use', permission: null } as const

export const storeTest = (over: Partial<StoreTest> = {}): StoreTest => ({
  at: now,
  tookMs: 42,
  checks: [
    { ...folderCheck, name: 'List', detail: '14 objects' },
    { ...folderCheck, name: 'Write', detail: 'weightlock-test-k5x2m7qh3vnd4ta6wzr2bpyc7e.age' },
    { ...folderCheck, name: 'Read back', detail: 'the same bytes' },
    { ...folderCheck, name: 'Delete', detail: 'gone' },
  ],
  failure: null,
  grantee: null,
  policy: null,
  ...over,
})

const onObjects = 'arn:aws:s3:::acme-models-prod/fraud/*'
const onBucket = 'arn:aws:s3:::acme-models-prod'
const actions: [action: string, resource: string, isOptional: boolean, without: string][] = [
  ['ListBucket', onBucket, false, 'What lies in the bucket cannot be listed.'],
  ['GetObject', onObjects, false, 'Nothing can be opened or verified.'],
  ['PutObject', onObjects, false, 'Nothing can be encrypted into the bucket.'],
  ['DeleteObject', onObjects, false, 'Objects cannot be deleted or moved.'],
  ['AbortMultipartUpload', onObjects, false, 'Cancelled uploads stay and are billed.'],
  ['ListMultipartUploadParts', onObjects, false, 'An interrupted upload cannot go on.'],
  ['ListBucketMultipartUploads', onBucket, true, 'Unfinished uploads cannot be looked for.'],
  ['ListBucketVersions', onBucket, true, 'Older versions of objects are not shown.'],
  ['DeleteObjectVersion', onObjects, true, 'Older versions of objects cannot be deleted.'],
  ['GetBucketVersioning', onBucket, true, 'Whether older versions are kept is found out by writing.'],
]

const server = (name: string, detail: string, passed = true): StoreCheck => ({
  name,
  passed,
  detail,
  isOptional: true,
  group: name === 'Connect' ? 'connection' : 'server',
  permission: null,
})

/** What a test of a bucket found.
 * @param denied permissions that are missing, as `AbortMultipartUpload`
 * @param found of the server, in place of the best */
export function bucketTest(denied: string[] = [], found: StoreCheck[] = []): StoreTest {
  const best = [
    server('Connect', 'HTTPS'),
    server('Conditional writes', 'put and complete'),
    server('Server-side part copy', 'yes'),
    server('Object versions', 'on: old ones are kept'),
    server('Checksums', 'CRC-64/NVME, full object'),
  ]
  const statement = JSON.stringify({ Effect: 'Allow', Action: denied, Resource: onObjects })
  return storeTest({
    tookMs: 1400,
    grantee: 'role/ml-prod-writer',
    policy: { whole: statement, missing: denied.length > 0 ? statement : null },
    checks: [
      ...actions.map(([action, resource, isOptional, without]): StoreCheck => {
        const isDenied = denied.includes(action)
        const permission = { action: `s3:${action}`, resource, without, isDenied }
        const detail = `s3:${action}${isDenied ? ': not permitted' : ''}`
        return { name: action, passed: !isDenied, detail, isOptional, group: 'permission', permission }
      }),
      ...best.map((one) => found.find(({ name }) => name === one.name) ?? one),
      ...found.filter(({ group }) => group === 'left-behind'),
    ],
  })
}

export const lacking = (name: string, detail: string): StoreCheck => server(name, detail, false)
