import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import {
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureAge13, systemAge } from '../../../scripts/test/peer-tools.ts'
import { requirePeer } from '../../../scripts/test/require-peer.ts'
import { ArtifactId, KeyId, newId } from '../../../shared/ids.ts'
import { openAgeFile, readAgeFileStart } from '../../age/age-file.ts'
import { generateFileKey } from '../../age/file-key.ts'
import { generateIdentity, identityText, parseIdentityFile, type KeyIdentity } from '../../age/identity.ts'
import { openHeader } from '../../age/open-header.ts'
import { ciphertextSizeBytes } from '../../age/payload-size.ts'
import { bytesReader } from '../../age/range-reader.ts'
import { keyHeader } from '../../age/rewrap.ts'
import { createPayloadPool, type PayloadPool } from './payload-pool.ts'
import { fileSource } from './payload-run.ts'

const sizes = [0, 1, 65_535, 65_536, 65_537, 20_000_000]
const sparseBytes = 5 * 2 ** 30

let folder: string
let pool: PayloadPool
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-peer-'))
  pool = createPayloadPool({ workerUrl: new URL('../../payload-worker.ts', import.meta.url), workers: 2 })
})
afterAll(async () => {
  await pool.close()
  rmSync(folder, { recursive: true, force: true })
})

const newHint = () => ({ keyId: newId(KeyId), artifactId: newId(ArtifactId) })
const identityFile = (identity: KeyIdentity) => {
  const path = join(folder, 'identity.txt')
  writeFileSync(path, `${identityText(identity)}\n`, { mode: 0o600 })
  return path
}

/** Runs a program to its end; standard output as bytes. */
async function output(command: string, args: string[]): Promise<Buffer> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const exit = once(child, 'close')
  const parts: Buffer[] = []
  for await (const part of child.stdout) parts.push(part as Buffer)
  const [code] = (await exit) as [number]
  expect(code).toBe(0)
  return Buffer.concat(parts)
}

/** Encrypts a file as a job does: header and nonce first, the payload written in place by the workers. */
async function encryptFile(source: string, sizeBytes: number, identity: KeyIdentity): Promise<string> {
  const path = join(folder, 'ours.age')
  const fileKey = generateFileKey()
  const payloadNonce = randomBytes(16)
  const header = await keyHeader(identity.recipient(), fileKey, newHint())
  writeFileSync(path, Buffer.concat([header, payloadNonce]))
  await pool.encrypt({
    fileKey,
    payloadNonce,
    plaintextBytes: sizeBytes,
    source: fileSource(source, sizeBytes),
    name: 'model',
    sink: { kind: 'file', path, fileOffset: header.length + payloadNonce.length },
  })
  return path
}

async function decryptFile(path: string, identity: KeyIdentity): Promise<Buffer> {
  const file = await openAgeFile(bytesReader(readFileSync(path)))
  const target = join(folder, 'opened')
  writeFileSync(target, '')
  await pool.decrypt({
    fileKey: await openHeader(file.header, [identity]),
    payloadNonce: file.payloadNonce,
    payloadBytes: file.payload.sizeBytes,
    source: fileSource(path, file.payload.sizeBytes, { fileOffset: file.payloadOffset }),
    name: 'model',
    sink: { kind: 'file', path: target, fileOffset: 0 },
  })
  return readFileSync(target)
}

const [system, age13] = await Promise.all([systemAge(), ensureAge13()])
const peers = [
  { name: 'age', peer: system, algorithms: ['X25519'] },
  { name: 'age13', peer: age13, algorithms: ['X25519', 'mlkem768x25519'] },
] as const

for (const { name, peer, algorithms } of peers) {
  const reason = peer.tools === null ? peer.reason : ''
  const isThere = requirePeer(name, peer.tools !== null, reason)
  const tools = peer.tools ?? { age: '', ageKeygen: '', version: 'missing' }

  describe.skipIf(!isThere)(`${name} ${tools.version}`, () => {
    for (const algorithm of algorithms) {
      for (const sizeBytes of sizes) {
        it(`opens what we encrypt: ${algorithm}, ${sizeBytes} bytes`, async () => {
          const plaintext = randomBytes(sizeBytes)
          const source = join(folder, 'plain')
          writeFileSync(source, plaintext)
          const identity = generateIdentity(algorithm)
          const path = await encryptFile(source, sizeBytes, identity)
          const opened = await output(tools.age, ['-d', '-i', identityFile(identity), path])
          expect(opened.equals(plaintext)).toBe(true)
        })

        it(`encrypts what we open: ${algorithm}, ${sizeBytes} bytes`, async () => {
          const plaintext = randomBytes(sizeBytes)
          const source = join(folder, 'plain')
          writeFileSync(source, plaintext)
          const keygen = algorithm === 'mlkem768x25519' ? ['-pq'] : []
          const [identity] = parseIdentityFile((await output(tools.ageKeygen, keygen)).toString())
          if (identity === undefined) throw new Error('age-keygen gave no identity')
          const path = join(folder, 'theirs.age')
          await output(tools.age, ['-r', identity.recipient().text, '-o', path, source])
          expect((await decryptFile(path, identity)).equals(plaintext)).toBe(true)
        })

        it(`encrypts what we open, armored: ${algorithm}, ${sizeBytes} bytes`, async () => {
          const plaintext = randomBytes(sizeBytes)
          const source = join(folder, 'plain')
          writeFileSync(source, plaintext)
          const identity = generateIdentity(algorithm)
          const armored = await output(tools.age, ['-a', '-r', identity.recipient().text, source])
          const file = await openAgeFile(bytesReader(armored))
          expect(file.isArmored).toBe(true)
          const parts: Uint8Array[] = []
          await pool.decrypt({
            fileKey: await openHeader(file.header, [identity]),
            payloadNonce: file.payloadNonce,
            payloadBytes: file.payload.sizeBytes,
            source: { kind: 'reader', read: (offset, length) => file.payload.read(offset, length) },
            name: 'model',
            sink: { kind: 'receive', receive: async (bytes) => void parts.push(Uint8Array.from(bytes)) },
          })
          expect(Buffer.concat(parts).equals(plaintext)).toBe(true)
        })
      }
    }
  })
}

describe.skipIf(system.tools === null)('a sparse file of 5 GiB', () => {
  const sparse = () => join(folder, 'sparse')
  beforeAll(() => {
    writeFileSync(sparse(), randomBytes(100_000))
    truncateSync(sparse(), sparseBytes)
    const fd = openSync(sparse(), 'r+')
    for (const at of [2 ** 32 - 50_000, 2 ** 32 + 3 * 65_536, sparseBytes - 100_000])
      writeSync(fd, randomBytes(100_000), 0, 100_000, at)
    closeSync(fd)
  })

  it('that we encrypt is opened by age', async () => {
    const identity = generateIdentity('X25519')
    const fileKey = generateFileKey()
    const payloadNonce = randomBytes(16)
    const script = 'age -d -i "$1" | cmp - "$2" && echo same'
    const args = ['-c', script, 'sh', identityFile(identity), sparse()]
    const compared = spawn('sh', args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const verdict = compared.stdout.toArray()
    const write = async (bytes: Uint8Array) => {
      if (!compared.stdin.write(bytes)) await once(compared.stdin, 'drain')
    }
    await write(await keyHeader(identity.recipient(), fileKey, newHint()))
    await write(payloadNonce)
    await pool.encrypt({
      fileKey,
      payloadNonce,
      plaintextBytes: sparseBytes,
      source: fileSource(sparse(), sparseBytes),
      name: 'sparse',
      // `drain` comes when the pipe has taken everything: the bytes are not needed any more.
      sink: { kind: 'receive', receive: write },
    })
    compared.stdin.end()
    expect(String(await verdict)).toBe('same\n')
  })

  it('that age encrypts is opened by us', async () => {
    const identity = generateIdentity('X25519')
    const age = spawn('age', ['-r', identity.recipient().text, sparse()], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const read = sequentialReader(age.stdout)
    const start = await readAgeFileStart(bytesReader(await read(1000)))
    const early = await start.payload.read(0, start.payload.sizeBytes)
    const keys = { fileKey: await openHeader(start.header, [identity]), payloadNonce: start.payloadNonce }
    let turn: Promise<unknown> = Promise.resolve()
    const opened = await pool.decrypt({
      ...keys,
      payloadBytes: ciphertextSizeBytes(sparseBytes),
      source: {
        kind: 'reader',
        read: (offset, lengthBytes) => {
          const before = offset === 0 ? early : new Uint8Array(0)
          const next = turn.then(() => read(lengthBytes, before))
          turn = next
          return next
        },
      },
      name: 'sparse',
      sink: { kind: 'nowhere' },
    })
    // Every chunk verified; the ciphertext is that of our plaintext under this key, so the plaintext is ours.
    const again = await pool.encrypt({
      ...keys,
      plaintextBytes: sparseBytes,
      source: fileSource(sparse(), sparseBytes),
      name: 'sparse',
      sink: { kind: 'nowhere' },
    })
    expect(opened.rootDigest).toBe(again.rootDigest)
  })
})

/** Takes exactly so many bytes from a stream, one request after the other; fewer at its end. */
function sequentialReader(
  stream: Readable,
): (lengthBytes: number, before?: Uint8Array) => Promise<Uint8Array> {
  const parts = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let left: Buffer = Buffer.alloc(0)
  return async (lengthBytes, before = new Uint8Array(0)) => {
    const room = new Uint8Array(lengthBytes)
    room.set(before)
    let done = before.length
    while (done < lengthBytes) {
      if (left.length === 0) {
        const next = await parts.next()
        if (next.done === true) return room.subarray(0, done)
        left = next.value
      }
      const count = left.copy(room, done)
      left = left.subarray(count)
      done += count
    }
    return room
  }
}
