/** What must hold after any crash, looked for through the app itself. */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ListMultipartUploadsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import type { App } from '../../../electron/app.ts'
import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import { valueOrThrow } from './call-app.ts'
import type { CrashBucket } from './crash-child.ts'
import { findHalfGivenUp } from './give-up-crash.ts'
import type { CrashKind } from './kill-spread.ts'
import { findHalfRestored } from './restore-crash.ts'

type Facts = {
  what: CrashKind
  dataFolder: string
  sourcePath: string
  targetPath: string
  bucket: CrashBucket | null
}
export type Findings = { broken: string[]; jobs: string[]; artifacts: number }

const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

const filesBelow = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []

/** Waits for every job that the restart took up, then looks.

 * @param settled called when they have ended
 * @returns one line for each thing that must not be */
export async function findBroken(app: App, facts: Facts, settled: () => void): Promise<Findings> {
  const call = valueOrThrow(app.terminal())
  const broken: string[] = []
  const { jobs: taken } = await call('jobs:snapshot', {})
  const { jobs } = await call('jobs:wait', { jobIds: taken.map(({ jobId }) => jobId) })
  settled()
  let wanted = jobs
  if (facts.what === 'restore') {
    const found = await findHalfRestored(call, facts.dataFolder, jobs)
    wanted = found.others
    broken.push(...found.broken)
  }
  if (facts.what === 'give-up') {
    wanted = []
    broken.push(...(await findHalfGivenUp(call, facts.dataFolder, jobs)))
  }
  for (const job of wanted)
    if (job.state !== 'done')
      broken.push(`${job.kind} job is ${job.state}: ${job.failure?.code ?? 'no failure'}`)

  const artifacts = await listAll(call)
  const source = digestOf(facts.sourcePath)
  for (const artifact of artifacts) broken.push(...(await findWrong(call, artifact, facts, source)))

  const store = join(facts.dataFolder, 'store')
  const known = new Set<string>()
  for (const { artifactId } of artifacts)
    for (const { objects } of (await call('artifacts:show', { artifactId })).versions)
      for (const { location } of objects) known.add(location)
  for (const name of filesBelow(store)) {
    if (name.includes('.weightlock-')) broken.push(`stray temporary in the store: ${name}`)
    else if (!known.has(join(store, name))) broken.push(`a file in the store that nothing lists: ${name}`)
  }
  for (const name of filesBelow(dirname(facts.targetPath)))
    if (name.includes('.weightlock-')) broken.push(`stray temporary at the target: ${name}`)
  if (existsSync(facts.targetPath) && digestOf(facts.targetPath) !== source)
    broken.push('the decrypted file is not the original')

  if (facts.bucket !== null) broken.push(...(await findStray(facts.bucket, known)))
  broken.push(...findPlaintext(facts))

  const { intact, reason } = await call('audit:verify', {})
  if (!intact) broken.push(`the audit chain does not verify: ${reason}`)
  return { broken, jobs: jobs.map(({ kind, state }) => `${kind} ${state}`), artifacts: artifacts.length }
}

/** What lies in the bucket and is not listed; uploads that are still open. */
async function findStray(where: CrashBucket, known: ReadonlySet<string>): Promise<string[]> {
  const { endpoint, region, bucket: Bucket, prefix: Prefix, ...credentials } = where
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  try {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }))
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix }))
    return [
      ...Contents.filter(({ Key }) => !known.has(`s3://${Bucket}/${Key}`)).map(
        ({ Key }) => `an object in the bucket that nothing lists: ${Key}`,
      ),
      ...Uploads.map(({ Key }) => `an upload that is still open: ${Key}`),
    ]
  } finally {
    client.destroy()
  }
}

const tellingBytes = 32

/** Files that hold some of the model and are neither it nor what was asked for. */
function findPlaintext({ dataFolder, sourcePath, targetPath }: Facts): string[] {
  const source = readFileSync(sourcePath)
  const pieces = [0.01, 0.35, 0.7, 0.99].map((share) => {
    const at = Math.floor(share * (source.length - tellingBytes))
    return source.subarray(at, at + tellingBytes)
  })
  return [dataFolder, dirname(targetPath), tmpdir()].flatMap((folder) =>
    filesBelow(folder)
      .map((name) => join(folder, name))
      .filter((path) => path !== targetPath && lstatSync(path).isFile())
      .filter((path) => {
        const bytes = readFileSync(path)
        return pieces.some((piece) => bytes.includes(piece))
      })
      .map((path) => `plaintext in ${path}`),
  )
}

type Call = ReturnType<typeof valueOrThrow>

async function listAll(call: Call): Promise<ArtifactRow[]> {
  const sort = { by: 'name', descending: false } as const
  const page = {
    storeId: null,
    folder: '',
    deep: true,
    query: '',
    sort,
    offset: 0,
    limit: 200,
    foreign: false,
  }
  const { rows } = await call('artifacts:list', page)
  return rows.flatMap((row) => (row.type === 'artifact' ? [row] : []))
}

/** A listed artifact opens, or its key is destroyed and it does not. */
async function findWrong(call: Call, artifact: ArtifactRow, facts: Facts, source: string): Promise<string[]> {
  const path = join(dirname(facts.targetPath), 'opened-after-the-crash')
  rmSync(path, { force: true })
  const { artifactId, name, keyState } = artifact
  const { jobId } = await call('decrypt:start', {
    artifactId,
    version: null,
    target: { path },
    unpack: false,
  })
  const { jobs } = await call('jobs:wait', { jobIds: [jobId] })
  const opened = jobs[0]?.state === 'done'
  if (keyState === 'destroyed' && (await lacksCertificate(call, artifactId)))
    return [`${name} was retired, and has no certificate`]
  if (keyState === 'destroyed') return opened ? [`${name} opens though its key is destroyed`] : []
  if (!opened) return [`${name} is listed and does not open: ${jobs[0]?.failure?.code}`]
  const same = digestOf(path) === source
  rmSync(path, { force: true })
  return same ? [] : [`${name} opens to something else`]
}

/** A retirement that ended has one, which its files say as well. */
async function lacksCertificate(call: Call, artifactId: ArtifactRow['artifactId']): Promise<boolean> {
  const { jobs } = await call('jobs:history', { offset: 0, limit: 200 })
  if (!jobs.some((job) => job.kind === 'retire' && job.artifactId === artifactId)) return false
  return (await call('certificates:list', { artifactId, offset: 0, limit: 1 })).total !== 1
}
