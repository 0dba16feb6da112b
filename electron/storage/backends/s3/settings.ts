/** The settings of an S3 store, checked and completed by what is known of its provider. Pure. */
import { fail } from '../../../../shared/failure.ts'
import { byteLength, nameProblem } from '../../../../shared/name-rules.ts'
import { awsLimits, compatibleLimits, type PartLimits } from '../../part-size.ts'
import type { StoreSettings } from '../../storage-kind.ts'

export const s3Presets = ['aws', 'minio', 'r2', 'b2', 'gcs', 'wasabi', 'other'] as const
export type S3Preset = (typeof s3Presets)[number]

export type S3Settings = {
  preset: S3Preset
  bucket: string
  /** `''`, or ends with a slash. */
  prefix: string
  /** Null: as the profile or the environment says. */
  region: string | null
  /** Null: AWS's own for the region. */
  endpoint: URL | null
  pathStyle: boolean
  caFile: string | null
  profile: string | null
  /** Null: the standard chain of profile, single sign-on, environment and instance role. */
  accessKeyId: string | null
  limits: PartLimits
}

type PresetFacts = {
  endpoint: ((region: string) => string) | 'asked' | 'aws'
  region: string | null
  pathStyle: boolean
}

const presetFacts: Record<S3Preset, PresetFacts> = {
  aws: { endpoint: 'aws', region: null, pathStyle: false },
  minio: { endpoint: 'asked', region: 'us-east-1', pathStyle: true },
  r2: { endpoint: 'asked', region: 'auto', pathStyle: false },
  b2: { endpoint: (region) => `https://s3.${region}.backblazeb2.com`, region: null, pathStyle: false },
  gcs: { endpoint: () => 'https://storage.googleapis.com', region: 'auto', pathStyle: false },
  wasabi: {
    endpoint: (region) => `https://s3.${region}.wasabisys.com`,
    region: 'us-east-1',
    pathStyle: false,
  },
  other: { endpoint: 'asked', region: 'us-east-1', pathStyle: true },
}

const bucketPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/
const regionPattern = /^[a-z0-9][a-z0-9-]{0,62}$/
const loopbackHosts = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/

const maxPrefixBytes = 512

const refuse = (field: string, reason: string): never =>
  fail({ code: 'store/settings-invalid', field, reason })

/** @throws store/settings-invalid */
export function readS3Settings(settings: StoreSettings): S3Settings {
  const text = (field: string): string => {
    const value = settings[field] ?? ''
    return typeof value === 'string' ? value.trim() : refuse(field, 'it is not a text')
  }
  const preset = s3Presets.find((known) => known === text('preset')) ?? refuse('preset', 'it is not known')
  const facts = presetFacts[preset]
  const bucket = text('bucket')
  if (!bucketPattern.test(bucket))
    refuse('bucket', 'a bucket’s name has 3 or more letters, digits, dots and dashes')

  const folder = text('prefix').replaceAll(/^\/+|\/+$/g, '')
  const problem = folder === '' ? null : nameProblem(folder, { windows: false, maxPartBytes: maxPrefixBytes })
  if (problem !== null) refuse('prefix', problem)
  if (byteLength(folder) > maxPrefixBytes) refuse('prefix', `it is longer than ${maxPrefixBytes} bytes`)

  const region = text('region') || facts.region
  if (region !== null && !regionPattern.test(region)) refuse('region', 'it is no region’s name')
  const endpoint = readEndpoint(text('endpoint'), facts, region)
  const credentials = readCredentials(text)
  const pathStyle = settings['pathStyle'] ?? facts.pathStyle
  if (typeof pathStyle !== 'boolean') return refuse('pathStyle', 'it is neither on nor off')
  return {
    preset,
    bucket,
    prefix: folder === '' ? '' : `${folder}/`,
    region,
    endpoint,
    pathStyle,
    caFile: text('ca') || null,
    ...credentials,
    limits: preset === 'aws' ? awsLimits : compatibleLimits,
  }
}

/** Without a choice what is there counts: `--profile`, `--access-key-id`. */
function readCredentials(text: (field: string) => string): Pick<S3Settings, 'profile' | 'accessKeyId'> {
  const profile = text('profile') || null
  const accessKeyId = text('accessKeyId') || null
  switch (text('credentials')) {
    case '':
      return { profile, accessKeyId }
    case 'chain':
      return { profile: null, accessKeyId: null }
    case 'profile':
      return { profile: profile ?? refuse('profile', 'it is missing'), accessKeyId: null }
    case 'typed':
      return { profile: null, accessKeyId: accessKeyId ?? refuse('accessKeyId', 'it is missing') }
    default:
      return refuse('credentials', 'they are of no known kind')
  }
}

function readEndpoint(typed: string, facts: PresetFacts, region: string | null): URL | null {
  // A host alone is understood as HTTPS.
  const given = typed === '' || typed.includes('://') ? typed : `https://${typed}`
  if (given === '') {
    if (facts.endpoint === 'aws') return null
    if (facts.endpoint === 'asked') return refuse('endpoint', 'it is missing')
    return new URL(facts.endpoint(region ?? refuse('region', 'it is missing')))
  }
  const url = URL.canParse(given)
    ? new URL(given)
    : refuse('endpoint', 'it is no address such as https://host')
  if (url.username !== '' || url.password !== '') refuse('endpoint', 'credentials do not belong into it')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    refuse('endpoint', 'it ends after the host and its port')
  if (!isAllowedConnection(url)) refuse('endpoint', 'only https is allowed, except to this machine itself')
  return url
}

/** HTTPS, or plain HTTP that does not leave this machine. */
export const isAllowedConnection = ({
  protocol,
  hostname,
}: {
  protocol: string
  hostname: string
}): boolean => protocol === 'https:' || (protocol === 'http:' && loopbackHosts.test(hostname))
