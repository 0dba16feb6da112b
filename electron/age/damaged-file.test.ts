import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { failureOf } from '../../shared/failure.ts'
import { ArtifactId, KeyId, newId } from '../../shared/ids.ts'
import { openAgeFile } from './age-file.ts'
import { generateFileKey } from './file-key.ts'
import { generateIdentity } from './identity.ts'
import { openHeader } from './open-header.ts'
import { openPlaintext } from './payload-range.ts'
import { encryptSmallFile } from './small-file.ts'
import { armorText } from './testing/write-age-file.ts'
import { bytesReader } from './range-reader.ts'
import { keyHeader } from './rewrap.ts'

const identities = [generateIdentity('X25519'), generateIdentity('mlkem768x25519')]
const plaintext = randomBytes(70_000)
const files: Record<string, Buffer> = {}

beforeAll(async () => {
  for (const identity of identities) {
    const fileKey = generateFileKey()
    const hint = { keyId: newId(KeyId), artifactId: newId(ArtifactId) }
    const header = await keyHeader(identity.recipient(), fileKey, hint)
    const file = encryptSmallFile(header, fileKey, randomBytes(16), plaintext)
    files[identity.algorithm] = Buffer.from(file)
    files[`${identity.algorithm} armored`] = Buffer.from(armorText(file))
  }
})

const opened = async (bytes: Uint8Array): Promise<Uint8Array> => {
  const file = await openAgeFile(bytesReader(bytes))
  const reader = await openPlaintext(file, await openHeader(file.header, identities))
  return reader.read(0, reader.sizeBytes)
}

const damage = fc.record({
  what: fc.constantFrom('change', 'cut', 'extend', 'remove', 'repeat'),
  /** The header is hit as often as the payload. */
  where: fc.oneof(fc.nat({ max: 400 }), fc.nat({ max: 100_000 })),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
})

function damaged(
  file: Buffer,
  { what, where, bytes }: typeof damage extends fc.Arbitrary<infer D> ? D : never,
) {
  const at = where % file.length
  const [before, behind] = [file.subarray(0, at), file.subarray(at)]
  switch (what) {
    case 'change':
      return Buffer.concat([before, bytes, behind.subarray(bytes.length)])
    case 'cut':
      return before
    case 'extend':
      return Buffer.concat([file, bytes])
    case 'remove':
      return Buffer.concat([before, behind.subarray(bytes.length)])
    default:
      return Buffer.concat([before, file.subarray(at, at + bytes.length), behind])
  }
}

for (const kind of ['X25519', 'mlkem768x25519', 'X25519 armored', 'mlkem768x25519 armored'])
  it(`a damaged file is refused with a failure of its own or gives the whole truth: ${kind}`, async () => {
    await fc.assert(
      fc.asyncProperty(damage, async (how) => {
        const bytes = damaged(files[kind] ?? Buffer.alloc(0), how)
        const outcome = await opened(bytes).catch((error: unknown) => failureOf(error) ?? error)
        if (outcome instanceof Uint8Array) expect(Buffer.compare(outcome, plaintext)).toBe(0)
        else expect(outcome).toHaveProperty('code', expect.stringMatching(/^age\//))
      }),
      { numRuns: 60 },
    )
  })
