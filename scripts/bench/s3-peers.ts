/** What people put together themselves to keep encrypted models in buckets, as rows of the bench beside ours. Built once
 * from the Go proxy, where Go is present, and kept. */
import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Peer } from '../test/peer-tools.ts'

const run = promisify(execFile)
const cacheFolder = resolve(import.meta.dirname, '../../node_modules/.cache/weightlock')
const buildTimeoutMs = 1_200_000
const s5cmdVersion = 'v2.3.0'
const rcloneVersion = 'v1.71.2'

/** @returns the program's path */
export const ensureS5cmd = (): Promise<Peer<string>> =>
  ensureBuilt('s5cmd', s5cmdVersion, 'github.com/peak/s5cmd/v2')

/** @returns the program's path */
export const ensureRclone = (): Promise<Peer<string>> =>
  ensureBuilt('rclone', rcloneVersion, 'github.com/rclone/rclone')

/** Through a module that requires the program: `go install` refuses one whose own module replaces others. */
async function ensureBuilt(name: string, version: string, path: string): Promise<Peer<string>> {
  const folder = join(cacheFolder, `${name}-${version}`)
  const program = join(folder, name)
  if (existsSync(program)) return { tools: program }
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'go.mod'), `module bench\ngo 1.22\nrequire ${path} ${version}\n`)
    await writeFile(join(folder, 'peer.go'), `package bench\nimport _ "${path}"\n`)
    await run('go', ['build', '-mod=mod', '-o', program, path], { cwd: folder, timeout: buildTimeoutMs })
    return { tools: program }
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return { tools: null, reason: `${name} ${version} could not be built with Go: ${reason}` }
  }
}

export type S3Place = { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string }

/** Settings of rclone for a bucket, and for what its own encryption keeps there: `bucket:` and `crypt:`, by environment.
 * @param rclone its path */
export function rcloneSettings(rclone: string, bucket: string, place: S3Place): Record<string, string> {
  const obscured = execFileSync(rclone, ['obscure', 'a password of the bench'], { encoding: 'utf8' }).trim()
  return {
    RCLONE_CONFIG: '',
    RCLONE_CONFIG_BUCKET_TYPE: 's3',
    RCLONE_CONFIG_BUCKET_PROVIDER: 'Other',
    RCLONE_CONFIG_BUCKET_ENDPOINT: place.endpoint,
    RCLONE_CONFIG_BUCKET_REGION: place.region,
    RCLONE_CONFIG_BUCKET_ACCESS_KEY_ID: place.accessKeyId,
    RCLONE_CONFIG_BUCKET_SECRET_ACCESS_KEY: place.secretAccessKey,
    RCLONE_CONFIG_CRYPT_TYPE: 'crypt',
    RCLONE_CONFIG_CRYPT_REMOTE: `bucket:${bucket}/by-rclone`,
    RCLONE_CONFIG_CRYPT_PASSWORD: obscured,
  }
}
