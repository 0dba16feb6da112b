import { readFile } from 'node:fs/promises'
import { fail } from '../../../shared/failure.ts'
import { parsePrice } from '../../../shared/price.ts'
import type { StorageKind, StoreSettings } from '../storage-kind.ts'
import { s3Store } from './s3.ts'
import { keptFindings } from './s3/kept-findings.ts'
import { readS3Settings } from './s3/settings.ts'

/** @throws store/settings-invalid */
function readPrice({ price = '' }: StoreSettings): void {
  if (price !== '' && (typeof price !== 'string' || parsePrice(price) === null))
    fail({
      code: 'store/settings-invalid',
      field: 'price',
      reason: 'it is no amount with its currency, as 0.023 USD',
    })
}

const elsewhere = 'Another bucket or prefix holds other objects: add it as another store.'

/** A bucket on any server that speaks S3, as people add it. */
export const s3Kind: StorageKind = {
  kind: 's3',
  label: 'S3 bucket',
  mark: 'S3',
  isRemote: true,
  fields: [
    {
      name: 'preset',
      label: 'Service',
      kind: 'choice',
      required: true,
      help: 'Fills in what is known of it.',
      choices: [
        { value: 'aws', label: 'Amazon S3' },
        { value: 'minio', label: 'MinIO' },
        { value: 'r2', label: 'Cloudflare R2' },
        { value: 'b2', label: 'Backblaze B2' },
        { value: 'gcs', label: 'Google Cloud Storage' },
        { value: 'wasabi', label: 'Wasabi' },
        { value: 'other', label: 'Other, S3-compatible' },
      ],
    },
    {
      name: 'bucket',
      label: 'Bucket',
      kind: 'text',
      required: true,
      help: 'It must exist already.',
      isShort: true,
      fixed: elsewhere,
    },
    {
      name: 'prefix',
      label: 'Prefix',
      kind: 'text',
      required: false,
      help: 'A folder in the bucket.',
      isShort: true,
      unset: 'The whole bucket',
      fixed: elsewhere,
    },
    {
      name: 'endpoint',
      label: 'Endpoint',
      kind: 'address',
      required: false,
      help: 'The server’s address. Empty: the provider’s own.',
      whenEmpty: {
        field: 'preset',
        values: {
          aws: 's3.{region}.amazonaws.com',
          b2: 's3.{region}.backblazeb2.com',
          gcs: 'storage.googleapis.com',
          wasabi: 's3.{region}.wasabisys.com',
        },
      },
    },
    {
      name: 'region',
      label: 'Region',
      kind: 'text',
      required: false,
      help: 'As eu-central-1. Empty: as the profile or the provider has it.',
      isShort: true,
      whenEmpty: {
        field: 'preset',
        values: {
          aws: 'as the profile says',
          minio: 'us-east-1',
          r2: 'auto',
          gcs: 'auto',
          wasabi: 'us-east-1',
          other: 'us-east-1',
        },
      },
    },
    {
      name: 'pathStyle',
      label: 'Addressing',
      kind: 'switch',
      required: false,
      help: 'The bucket stands in the path instead of the host name. Most servers of one’s own want it.',
      isShort: true,
      states: { off: 'Virtual-hosted', on: 'Path style' },
      begins: { field: 'preset', values: { minio: true, other: true } },
    },
    {
      name: 'credentials',
      label: 'Credentials',
      kind: 'choice',
      required: false,
      help: 'Where they come from. Said by --profile and --access-key-id too.',
      choices: [
        { value: 'chain', label: 'As the AWS tools find them here' },
        { value: 'profile', label: 'AWS profile, also single sign-on' },
        { value: 'typed', label: 'Typed in' },
      ],
    },
    {
      name: 'profile',
      label: 'Profile',
      kind: 'text',
      required: true,
      help: 'Read from ~/.aws at each use. Nothing is stored here.',
      onlyFor: { field: 'credentials', values: ['profile'] },
    },
    {
      name: 'accessKeyId',
      label: 'Access key',
      kind: 'text',
      required: true,
      help: 'Its secret goes to the keychain.',
      onlyFor: { field: 'credentials', values: ['typed'] },
    },
    {
      name: 'secretAccessKey',
      label: 'Secret access key',
      kind: 'secret',
      required: true,
      help: 'Kept in the keychain of this machine, never in the settings.',
      onlyFor: { field: 'credentials', values: ['typed'] },
    },
    {
      name: 'sessionToken',
      label: 'Session token',
      kind: 'secret',
      required: false,
      help: 'Of credentials that are valid for a time only.',
      onlyFor: { field: 'credentials', values: ['typed'] },
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
      name: 'price',
      label: 'Price of a GB and month',
      kind: 'text',
      required: false,
      help: 'As 0.023 USD. Shown beside what the bucket keeps; nothing is looked up.',
      isShort: true,
      unset: 'as in 0.023 USD',
    },
  ],
  checkNew: async (settings) => {
    readPrice(settings)
    const { caFile } = readS3Settings(settings)
    if (caFile === null) return
    const text = await readFile(caFile, 'utf8').catch(() => '')
    if (!text.includes('-----BEGIN CERTIFICATE-----'))
      fail({ code: 'store/settings-invalid', field: 'ca', reason: 'it holds no certificate (PEM)' })
  },
  download: (given, location) => {
    const { endpoint, region, profile, caFile } = readS3Settings(given)
    return [
      'aws',
      's3',
      'cp',
      ...(endpoint === null ? [] : ['--endpoint-url', endpoint.origin]),
      ...(region === null || region === 'auto' ? [] : ['--region', region]),
      ...(profile === null ? [] : ['--profile', profile]),
      ...(caFile === null ? [] : ['--ca-bundle', caFile]),
      location,
      '-',
    ]
  },
  open: (given, { store, secret, memory }) => {
    const settings = readS3Settings(given)
    return s3Store({
      store,
      settings,
      kept: memory === null ? null : keptFindings(memory, settings, Date.now),
      secrets: async () => {
        const secretAccessKey = await secret('secretAccessKey')
        if (secretAccessKey === null) return null
        return { secretAccessKey, sessionToken: await secret('sessionToken') }
      },
    })
  },
}
