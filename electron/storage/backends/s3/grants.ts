/** What of a bucket's permissions is to be granted, on what and to whom, in the words of AWS. Pure. */
import type { StoreAction } from '../../store-probe.ts'
import { s3Permissions } from './permissions.ts'
import type { S3Settings } from './settings.ts'

/** Actions on the bucket itself; the others are on what lies below the prefix. */
const ofBucket = new Set<StoreAction>(['list', 'list-uploads', 'list-versions', 'read-versioning'])
/** Those of them that can be narrowed to a prefix. */
const byPrefix = new Set<StoreAction>(['list', 'list-versions'])
/** Their permissions are roles of an API token, or of their own system. */
const withoutPolicies = new Set<S3Settings['preset']>(['r2', 'b2', 'gcs'])

function partitionOf(region: string | null): string {
  if (region?.startsWith('cn-')) return 'aws-cn'
  return region?.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
}

/** On what an action is allowed: `arn:aws:s3:::models/fraud/*`. */
export function resourceOf({ bucket, prefix, region }: S3Settings, action: StoreAction): string {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`
  return ofBucket.has(action) ? arn : `${arn}/${prefix}*`
}

/** Statements that allow these actions and nothing else, to be added to a policy's `Statement`.
 * @returns null where the provider has no such policies, or nothing is to be allowed */
export function policyOf(settings: S3Settings, actions: readonly StoreAction[]): string | null {
  if (withoutPolicies.has(settings.preset) || actions.length === 0) return null
  const statement = (chosen: readonly StoreAction[], condition: object = {}) => {
    const [first] = chosen
    if (first === undefined) return []
    const Action = chosen.map((action) => s3Permissions[action].permission)
    return [{ Effect: 'Allow', Action, Resource: resourceOf(settings, first), ...condition }]
  }
  const { prefix } = settings
  const isNarrowed = (action: StoreAction) => prefix !== '' && byPrefix.has(action)
  const statements = [
    ...statement(
      actions.filter((action) => ofBucket.has(action) && isNarrowed(action)),
      { Condition: { StringLike: { 's3:prefix': `${prefix}*` } } },
    ),
    ...statement(actions.filter((action) => ofBucket.has(action) && !isNarrowed(action))),
    ...statement(actions.filter((action) => !ofBucket.has(action))),
  ]
  return JSON.stringify(statements.length === 1 ? statements[0] : statements, null, 2)
}

/** Who asks, as far as the settings say. */
export function granteeOf({ profile, accessKeyId }: S3Settings): string {
  if (accessKeyId !== null) return `access key ${accessKeyId}`
  return profile === null ? 'the credentials of this machine' : `profile ${profile}`
}
