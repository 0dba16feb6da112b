import { readFile } from 'node:fs/promises'
import { fail } from '../../../shared/failure.ts'
import type { StorageKind } from '../storage-kind.ts'
import { s3Store } from './s3.ts'
import { keptFindings } from './s3/kept-findings.ts'
import { readS3Settings } from './s3/settings.ts'

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
    { name: 'bucket', label: 'Bucket', kind: 'text', required: true, help: 'It must exist already.' },
    {
      name: 'prefix',
      label: 'Prefix',
      kind: 'text',
      required: false,
      help: 'A folder in the bucket. Without it the store is the whole bucket.',
    },
    {
      name: 'region',
      label: 'Region',
      kind: 'text',
      required: false,
      help: 'As eu-central-1. Empty: as the profile or the provider has it.',
    },
    {
      name: 'endpoint',
      label: 'Endpoint',
      kind: 'text',
      required: false,
      help: 'The server’s address, as https://s3.example.com. Empty: the provider’s own.',
    },
    {
      name: 'pathStyle',
      label: 'Path style',
      kind: 'switch',
      required: false,
      help: 'The bucket stands in the path instead of the host name. Most servers of one’s own want it.',
    },
    {
      name: 'caFile',
      label: 'Certificate authority',
      kind: 'file',
      required: false,
      help: 'A PEM file, for servers whose certificate no public authority vouches for.',
    },
    {
      name: 'profile',
      label: 'Profile',
      kind: 'text',
      required: false,
      help: 'Of the AWS configuration on this machine, also with single sign-on. Empty: its default, the environment, or the role of the machine.',
    },
    {
      name: 'accessKeyId',
      label: 'Access key',
      kind: 'text',
      required: false,
      help: 'Only where no profile has it. With a secret access key, which goes to the keychain.',
    },
    {
      name: 'secretAccessKey',
      label: 'Secret access key',
      kind: 'secret',
      required: false,
      help: 'Kept in the keychain of this machine, never in the settings.',
    },
    {
      name: 'sessionToken',
      label: 'Session token',
      kind: 'secret',
      required: false,
      help: 'Of credentials that are valid for a time only.',
    },
  ],
  checkNew: async (settings) => {
    const { caFile } = readS3Settings(settings)
    if (caFile === null) return
    const text = await readFile(caFile, 'utf8').catch(() => '')
    if (!text.includes('-----BEGIN CERTIFICATE-----'))
      fail({ code: 'store/settings-invalid', field: 'ca', reason: 'it holds no certificate (PEM)' })
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
