/** Other implementations of age that tests and the bench run beside ours. */
import { execFile } from 'node:child_process'
import { access, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cacheFolder = resolve(import.meta.dirname, '../../node_modules/.cache/weightlock')
const age13Version = 'v1.3.2'
const versitygwVersion = 'v1.8.0'
const installTimeoutMs = 600_000

export type AgeTools = { age: string; ageKeygen: string; version: string }
export type Peer<T> = { tools: T } | { tools: null; reason: string }

/** The `age` that the system has: Debian's is 1.1.1, which reads no post-quantum keys. */
export async function systemAge(): Promise<Peer<AgeTools>> {
  try {
    const { stdout } = await run('age', ['--version'])
    await run('age-keygen', ['--version'])
    return { tools: { age: 'age', ageKeygen: 'age-keygen', version: stdout.trim() } }
  } catch {
    return { tools: null, reason: 'no age on the PATH (Debian: apt-get install age)' }
  }
}

/** `age` 1.3, which reads post-quantum keys: built once from the Go proxy, where Go is present, and kept. */
export async function ensureAge13(): Promise<Peer<AgeTools>> {
  const folder = join(cacheFolder, `age-${age13Version}`)
  const extension = process.platform === 'win32' ? '.exe' : ''
  const tools = {
    age: join(folder, `age${extension}`),
    ageKeygen: join(folder, `age-keygen${extension}`),
    version: age13Version,
  }
  if ((await isThere(tools.age)) && (await isThere(tools.ageKeygen))) return { tools }
  const commands = ['age', 'age-keygen'].map((name) => `filippo.io/age/cmd/${name}@${age13Version}`)
  const problem = await goInstall(folder, commands)
  return problem === null
    ? { tools }
    : { tools: null, reason: `age ${age13Version} could not be built with Go: ${problem}` }
}

/** The S3 server that tests run: built once from the Go proxy, where Go is present, and kept.
 * @returns the program's path */
export async function ensureVersitygw(): Promise<Peer<string>> {
  if (process.platform === 'win32') return { tools: null, reason: 'versitygw keeps its objects on POSIX' }
  const folder = join(cacheFolder, `versitygw-${versitygwVersion}`)
  const program = join(folder, 'versitygw')
  if (await isThere(program)) return { tools: program }
  const command = `github.com/versity/versitygw/cmd/versitygw@${versitygwVersion}`
  const problem = await goInstall(folder, [command])
  return problem === null
    ? { tools: program }
    : { tools: null, reason: `versitygw ${versitygwVersion} could not be built with Go: ${problem}` }
}

/** @returns what went wrong, or null */
async function goInstall(folder: string, commands: string[]): Promise<string | null> {
  await mkdir(folder, { recursive: true })
  try {
    await run('go', ['install', ...commands], {
      env: { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod' },
      timeout: installTimeoutMs,
    })
    return null
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
