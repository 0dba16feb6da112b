/** Other implementations of age that tests and the bench run beside ours. */
import { execFile } from 'node:child_process'
import { access, mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cacheFolder = resolve(import.meta.dirname, '../../node_modules/.cache/weightlock')
const age13Version = 'v1.3.2'
const installTimeoutMs = 180_000

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
  await mkdir(folder, { recursive: true })
  const commands = ['age', 'age-keygen'].map((name) => `filippo.io/age/cmd/${name}@${age13Version}`)
  try {
    await run('go', ['install', ...commands], {
      env: { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod' },
      timeout: installTimeoutMs,
    })
    return { tools }
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return { tools: null, reason: `age ${age13Version} could not be built with Go: ${detail}` }
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
