import type { StoreAction } from '../../store-probe.ts'

/** The permission that each action takes, in the words of AWS, which others follow, and what is not to be had
 * without it. */
export const s3Permissions: Record<
  StoreAction,
  { permission: string; isRequired: boolean; without: string }
> = {
  list: {
    permission: 's3:ListBucket',
    isRequired: true,
    without: 'What lies in the bucket cannot be listed.',
  },
  read: {
    permission: 's3:GetObject',
    isRequired: true,
    without: 'Nothing can be opened or verified, or called stored.',
  },
  write: {
    permission: 's3:PutObject',
    isRequired: true,
    without: 'Nothing can be encrypted into the bucket.',
  },
  delete: { permission: 's3:DeleteObject', isRequired: true, without: 'Objects cannot be deleted or moved.' },
  'abort-upload': {
    permission: 's3:AbortMultipartUpload',
    isRequired: true,
    without: 'Cancelled uploads stay and are billed.',
  },
  'list-parts': {
    permission: 's3:ListMultipartUploadParts',
    isRequired: true,
    without: 'An interrupted upload cannot go on.',
  },
  'list-uploads': {
    permission: 's3:ListBucketMultipartUploads',
    isRequired: false,
    without: 'Unfinished uploads cannot be looked for.',
  },
  'list-versions': {
    permission: 's3:ListBucketVersions',
    isRequired: false,
    without: 'Older versions of objects are not shown.',
  },
  'delete-version': {
    permission: 's3:DeleteObjectVersion',
    isRequired: false,
    without: 'Older versions of objects cannot be deleted.',
  },
  'read-versioning': {
    permission: 's3:GetBucketVersioning',
    isRequired: false,
    without: 'Whether older versions are kept is found out by writing.',
  },
  'read-tags': {
    permission: 's3:GetObjectTagging',
    isRequired: false,
    without: 'Keys cannot be rotated: the tags of objects would be lost.',
  },
}
