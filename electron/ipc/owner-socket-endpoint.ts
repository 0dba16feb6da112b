/**
 * Where the owner of a data folder listens: a Unix socket in a folder that only this user may enter, or a named pipe
 * on Windows, where both sides prove that they can read a token in the data folder.
 * @see data.md, "One owner, three ways in"
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { lstatSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The socket's folder, or null for a named pipe. */
export type Endpoint = { address: string; folder: string | null }

type Surroundings = {
  platform: NodeJS.Platform
  runtimeFolder: string | undefined
  temporaryFolder: string
  uid: number
}

const surroundings = (): Surroundings => ({
  platform: process.platform,
  runtimeFolder: process.env['XDG_RUNTIME_DIR'],
  temporaryFolder: tmpdir(),
  uid: process.getuid?.() ?? 0,
})

/** `sun_path` has 108 bytes on Linux and 104 on macOS, the last one zero. */
const socketPathLimitBytes = 103

/**
 * Every place where an owner of this data folder may listen, the preferred one first. A client looks in all of them:
 * a job of cron has no runtime folder where the window that owns the data has one.
 * @param dataFolder must exist: links on its way are resolved, so that two names of one folder agree
 */
export function ownerEndpoints(dataFolder: string, around: Surroundings = surroundings()): Endpoint[] {
  const hash = createHash('sha256').update(realpathSync(dataFolder)).digest('hex').slice(0, 32)
  if (around.platform === 'win32') return [{ address: `\\\\.\\pipe\\weightlock-${hash}`, folder: null }]
  const bases = [
    around.runtimeFolder,
    around.platform === 'linux' ? `/run/user/${around.uid}` : undefined,
    around.temporaryFolder,
    '/tmp',
  ]
  const folders = bases
    .filter((base) => base?.startsWith('/'))
    .map((base) => join(base ?? '/', `weightlock-${around.uid}-${hash}`))
  return [...new Set(folders)]
    .map((folder) => ({ address: join(folder, 'owner'), folder }))
    .filter(({ address }) => Buffer.byteLength(address) <= socketPathLimitBytes)
}

/** True for a real folder (no link) of this user's that nobody else may enter. */
export function isPrivateFolder(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  return (
    stats !== undefined &&
    stats.isDirectory() &&
    stats.uid === process.getuid?.() &&
    (stats.mode & 0o077) === 0
  )
}

/** Makes the socket's folder where its parent exists. @returns false where it cannot be trusted or made */
export function makePrivateFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
  }
  return isPrivateFolder(folder)
}

const tokenPath = (dataFolder: string): string => join(dataFolder, 'owner-token')

/** A fresh token that only this user can read, for endpoints that others can reach. Only the owner calls this. */
export function writeToken(dataFolder: string): Buffer {
  const token = randomBytes(32)
  writeFileSync(tokenPath(dataFolder), token.toString('hex'), { mode: 0o600 })
  return token
}

/** @returns null where no owner has written one */
export function readToken(dataFolder: string): Buffer | null {
  try {
    const token = Buffer.from(readFileSync(tokenPath(dataFolder), 'latin1'), 'hex')
    return token.byteLength === 32 ? token : null
  } catch {
    return null
  }
}

export const newNonce = (): string => randomBytes(32).toString('hex')

/** Shows that one side knows the token, without showing the token. */
export const proofOf = (
  token: Buffer,
  side: 'owner' | 'client',
  ownerNonce: string,
  clientNonce: string,
): string => createHmac('sha256', token).update(`${side} ${ownerNonce} ${clientNonce}`).digest('hex')

/** @param expected null where no proof is asked for */
export const provesIt = (proof: string | null, expected: string | null): boolean =>
  expected === null ||
  (proof?.length === expected.length && timingSafeEqual(Buffer.from(proof), Buffer.from(expected)))
