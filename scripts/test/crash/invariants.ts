/** What must hold after any crash, looked for through the app itself. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { App } from '../../../electron/app.ts'
import type { ArtifactRow } from '../../../shared/domain/artifact.ts'
import { valueOrThrow } from './call-app.ts'

type Facts = { what: string; dataFolder: string; sourcePath: string; targetPath: string }
export type Findings = { broken: string[]; jobs: string[]; artifacts: number }

const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

const filesBelow = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []

/** Waits for every job that the restart took up, then looks.
 * @returns one line for each thing that must not be */
export async function findBroken(app: App, facts: Facts): Promise<Findings> {
  const call = valueOrThrow(app.terminal())
  const broken: string[] = []
  const { jobs: taken } = await call('jobs:snapshot', {})
  const { jobs } = await call('jobs:wait', { jobIds: taken.map(({ jobId }) => jobId) })
  for (const job of jobs)
    if (job.state !== 'done')
      broken.push(`${job.kind} job is ${job.state}: ${job.failure?.code ?? 'no failure'}`)

  const artifacts = await listAll(call)
  const source = digestOf(facts.sourcePath)
  for (const artifact of artifacts) broken.push(...(await findWrong(call, artifact, facts, source)))

  const store = join(facts.dataFolder, 'store')
  const known = new Set(artifacts.map(({ location }) => location))
  for (const name of filesBelow(store)) {
    if (name.includes('.weightlock-')) broken.push(`stray temporary in the store: ${name}`)
    else if (!known.has(join(store, name))) broken.push(`a file in the store that nothing lists: ${name}`)
  }
  for (const name of filesBelow(dirname(facts.targetPath)))
    if (name.includes('.weightlock-')) broken.push(`stray temporary at the target: ${name}`)
  if (existsSync(facts.targetPath) && digestOf(facts.targetPath) !== source)
    broken.push('the decrypted file is not the original')

  const { intact, reason } = await call('audit:verify', {})
  if (!intact) broken.push(`the audit chain does not verify: ${reason}`)
  return { broken, jobs: jobs.map(({ kind, state }) => `${kind} ${state}`), artifacts: artifacts.length }
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
  if (keyState === 'destroyed') return opened ? [`${name} opens though its key is destroyed`] : []
  if (!opened) return [`${name} is listed and does not open: ${jobs[0]?.failure?.code}`]
  const same = digestOf(path) === source
  rmSync(path, { force: true })
  return same ? [] : [`${name} opens to something else`]
}
