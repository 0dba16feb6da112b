/** Proof by other programs: what lies in the store is read with `age`, what lies in the keyring with `secret-tool`. */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { systemAge } from '../../scripts/test/peer-tools.ts'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import type { TestKeyring } from '../../scripts/test/keyring.ts'

const run = promisify(execFile)
const peer = await systemAge()

/** Whether journeys can be proved here; says why not. */
export const hasAge = (): boolean =>
  requirePeer('age', peer.tools !== null, peer.tools === null ? peer.reason : '')

export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** Every file of a store, relative to it, sorted; what a job has not finished is among them. */
export async function storedFiles(storeFolder: string): Promise<string[]> {
  const entries = await readdir(storeFolder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(storeFolder.length + 1))
    .toSorted()
}

/** Key and artifact as the header of a stored file names them; read from the disk, not from the app.
 * @throws Error for a file without our stanza */
export async function namesInHeader(path: string): Promise<{ keyId: string; artifactId: string }> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
    const text = buffer.toString('latin1', 0, bytesRead)
    const [, keyId, artifactId] = /^-> weightlock\.dev\/key ([a-z2-7]{26}) ([a-z2-7]{26})$/m.exec(text) ?? []
    if (keyId === undefined || artifactId === undefined) throw new Error(`no stanza of ours in ${path}`)
    return { keyId, artifactId }
  } finally {
    await file.close()
  }
}

/** What the keyring holds for the key that a stored file names, or null. */
export async function identityOf(keyring: TestKeyring, path: string): Promise<string | null> {
  const { keyId } = await namesInHeader(path)
  return keyring.secretToolLookup('Weightlock', keyId)
}

/** The accounts that `secret-tool` finds under our service. The keyring is the whole worker's. */
export async function accountsInKeyring(): Promise<string[]> {
  const { stdout, stderr } = await run('secret-tool', [
    'search',
    '--all',
    '--unlock',
    'service',
    'Weightlock',
  ])
  return `${stdout}\n${stderr}`
    .split('\n')
    .flatMap((line) => /^attribute\.account = (.*)$/.exec(line)?.[1] ?? [])
}

/** Opens an age file with `age -d` and an identity file.
 * @throws Error with what age said */
export async function ageDecrypt(path: string, identityFile: string, to: string): Promise<void> {
  // With `-o` age makes no file of nothing.
  const plaintext = await open(to, 'wx', 0o600)
  try {
    const age = spawn('age', ['-d', '-i', identityFile, path], { stdio: ['ignore', plaintext.fd, 'pipe'] })
    let complaint = ''
    age.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
    const [code] = (await once(age, 'close')) as [number | null]
    if (code !== 0) throw new Error(`age ended with ${code}: ${complaint}`)
  } finally {
    await plaintext.close()
  }
}

/** Opens a stored file as somebody without Weightlock would: identity from the keyring, then `age -d`.
 * @returns SHA-256 of the plaintext, as hex */
export async function openedByAge(keyring: TestKeyring, path: string): Promise<string> {
  const identity = await identityOf(keyring, path)
  if (identity === null) throw new Error(`the keyring has no identity for ${path}`)
  const folder = await mkdtemp(join(tmpdir(), 'weightlock-proof-'))
  try {
    const identityFile = join(folder, 'identity')
    await writeFile(identityFile, `${identity.trim()}\n`, { mode: 0o600 })
    const plaintext = join(folder, 'plaintext')
    await ageDecrypt(path, identityFile, plaintext)
    return await sha256(plaintext)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
