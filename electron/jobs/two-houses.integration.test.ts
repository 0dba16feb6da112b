/** Two installations, each with a data folder and a keyring of its own, and one bucket between them. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addBucketStore } from '../../scripts/test/faults/bucket-house.ts'
import { decrypt, openHouse, settled, stored, type House } from '../../scripts/test/faults/house.ts'
import { expectSound } from '../../scripts/test/faults/soundness.ts'
import { hasS3Server, startS3Server, type S3Server } from '../../scripts/test/s3-server.ts'
import type { ArtifactRow, VerifyLevel } from '../../shared/domain/artifact.ts'
import { KeyId, newId, type StoreId } from '../../shared/ids.ts'
import { openAgeFile } from '../age/age-file.ts'
import { generateIdentity, identityText, parseIdentity } from '../age/identity.ts'
import { openHeader } from '../age/open-header.ts'
import { bytesReader } from '../age/range-reader.ts'
import { keyHeader } from '../age/rewrap.ts'

const hasServer = await hasS3Server()
const MiB = 2 ** 20

describe.runIf(hasServer)('two installations and one bucket', () => {
  let server: S3Server
  let Bucket: string
  let maker: House
  let other: House
  let makerStore: StoreId
  let otherStore: StoreId

  beforeAll(async () => {
    server = await startS3Server()
    Bucket = await server.makeBucket()
    maker = await openHouse()
    other = await openHouse()
    makerStore = await addBucket(maker)
    otherStore = await addBucket(other)
  })
  afterAll(async () => {
    await maker.stop()
    await other.stop()
    await server.stop()
  })

  const addBucket = (house: House) => addBucketStore(house, server, { bucket: Bucket })

  const installationOf = async (house: House) => (await house.call('program:status', {})).installationId
  const make = (name: string, bytes: Buffer) =>
    stored(maker, maker.input(name, bytes), { storeId: makerStore, name })
  /** Carries an identity from one machine to another, in a file. */
  async function hand(from: House, keyId: KeyId, to: House): Promise<void> {
    const path = from.at(`identity-${keyId}-${Math.random()}`)
    await from.call('keys:export', { keyId, target: { path }, understood: true })
    await to.call('keys:import', { source: { path }, passphrase: null, reverseDestroyed: null })
  }
  async function look(house: House): Promise<ReturnType<typeof settled>> {
    const { jobId } = await house.call('catalog:rebuild', { becomeOwner: false })
    return settled(house, jobId)
  }
  const show = (house: House, { artifactId }: ArtifactRow) => house.call('artifacts:show', { artifactId })
  async function opens(house: House, artifact: ArtifactRow, plaintext: Buffer): Promise<string | null> {
    const path = house.at(`opened-${Math.random()}`)
    const { job, failure } = await decrypt(house, artifact, path)
    if (failure !== null) return failure.code
    expect(job?.state).toBe('done')
    expect(readFileSync(path).equals(plaintext)).toBe(true)
    return null
  }
  async function check(house: House, { artifactId }: ArtifactRow, level: VerifyLevel) {
    const { jobId } = await house.call('artifacts:verify', {
      artifactIds: [artifactId],
      storeId: null,
      level,
    })
    await settled(house, jobId)
    return (await house.call('artifacts:verify-report', { jobId, offset: 0, limit: 10 })).results[0]
  }
  async function adopt(house: House, { artifactId }: ArtifactRow) {
    const { jobId } = await house.call('artifacts:adopt', { artifactIds: [artifactId], all: false })
    return settled(house, jobId)
  }
  const metadataOf = async (artifact: ArtifactRow) =>
    (await server.client.send(new HeadObjectCommand({ Bucket, Key: `models/${artifact.objectName}` })))
      .Metadata ?? {}
  async function bytesAt(Key: string): Promise<Buffer> {
    const { Body } = await server.client.send(new GetObjectCommand({ Bucket, Key }))
    return Buffer.from((await Body?.transformToByteArray()) ?? [])
  }

  /** What a colleague's rotation does: another key's header around the same payload.
   * @returns the path of the new identity */
  async function rotateElsewhere(house: House, artifact: ArtifactRow): Promise<string> {
    const Key = `models/${artifact.objectName}`
    const before = await bytesAt(Key)
    const exported = house.at(`rotating-${Math.random()}`)
    await house.call('keys:export', { keyId: artifact.keyId, target: { path: exported }, understood: true })
    const secret = readFileSync(exported, 'utf8')
      .split('\n')
      .find((line) => line.startsWith('AGE-SECRET'))
    const file = await openAgeFile(bytesReader(before))
    const fileKey = await openHeader(file.header, [parseIdentity(secret ?? '')])
    const identity = generateIdentity('X25519')
    const keyId = newId(KeyId)
    const { artifactId } = artifact
    const header = await keyHeader(identity.recipient(), fileKey, { keyId, artifactId })
    const Body = Buffer.concat([header, before.subarray(file.header.bytes.length)])
    expect(Body.length).toBe(before.length)
    const Metadata = { ...(await metadataOf(artifact)), key: keyId }
    await server.client.send(new PutObjectCommand({ Bucket, Key, Body, Metadata }))
    return house.input(`rotated-${keyId}`, `# weightlock key: ${keyId}\n${identityText(identity)}\n`)
  }
  const bring = (house: House, path: string) =>
    house.call('keys:import', { source: { path }, passphrase: null, reverseDestroyed: null })

  it('writes beside each object whose it is, and no name', async () => {
    const artifact = await make('whose.bin', randomBytes(MiB))
    expect(await metadataOf(artifact)).toEqual({
      format: '1',
      artifact: artifact.artifactId,
      key: artifact.keyId,
      owner: await installationOf(maker),
    })
  })

  it('sees and opens elsewhere what an imported identity opens: trusted on first use, read only', async () => {
    const plaintext = randomBytes(18 * MiB)
    const artifact = await make('shared/model.bin', plaintext)
    expect((await look(other)).job?.report.join('\n')).toContain('shared/model.bin.age')
    await hand(maker, artifact.keyId, other)
    await look(other)
    const seen = (await show(other, artifact)).artifact
    expect(seen).toMatchObject({
      artifactId: artifact.artifactId,
      name: 'shared/model.bin',
      keyId: artifact.keyId,
      fingerprint: artifact.fingerprint,
      ownership: 'reader',
      status: 'unpinned',
      storeId: otherStore,
    })
    expect((await check(other, artifact, 'full'))?.result).toBe('unpinned')
    expect(await opens(other, artifact, plaintext)).toBeNull()
    const { artifact: pinned, versions } = await show(other, artifact)
    expect(pinned).toMatchObject({ ownership: 'reader', status: 'stored' })
    expect(versions[0]?.note).toMatch(/^Pinned on .* as it was first read in full/)
    expect(await check(other, artifact, 'full')).toMatchObject({
      result: 'matches',
      notChecked: ['stored-checksum'],
    })
    // A reader adds no version of its own.
    const again = await other.invoke('encrypt:start', {
      items: [
        {
          sources: [{ path: other.input('model.bin', 'x') }],
          name: 'shared/model.bin',
          separate: false,
          leaveOutHidden: false,
        },
      ],
      storeId: otherStore,
      algorithm: null,
      original: 'keep',
      opaqueNames: false,
    })
    const jobId = again.ok ? again.value.jobIds[0] : undefined
    const refused = again.ok ? again.value.refused[0]?.failure : again.failure
    const failure = jobId === undefined ? refused : (await settled(other, jobId)).failure
    expect(failure?.code).toBe('artifact/not-owner')
    await expectSound(other)
  })

  it('moves ownership with adopt: the store says so, and the former owner becomes a reader', async () => {
    const plaintext = randomBytes(MiB)
    const artifact = await make('adopted.bin', plaintext)
    await hand(maker, artifact.keyId, other)
    await look(other)
    expect((await adopt(other, artifact)).job).toMatchObject({ state: 'done', outcome: '1 artifact adopted' })
    const { artifact: owned, versions } = await show(other, artifact)
    expect(owned).toMatchObject({ ownership: 'owner', status: 'stored' })
    expect(versions[0]?.note).toMatch(/its earlier history is not proved/)
    expect(await metadataOf(artifact)).toEqual({
      format: '1',
      artifact: artifact.artifactId,
      key: artifact.keyId,
      owner: await installationOf(other),
    })
    // What the bucket attests of the bytes that were read is known from then on.
    expect(await check(other, artifact, 'quick')).toMatchObject({
      result: 'matches',
      notChecked: expect.not.arrayContaining(['stored-checksum']),
    })
    expect((await show(maker, artifact)).artifact.ownership).toBe('owner')
    expect(await check(maker, artifact, 'quick')).toMatchObject({ result: 'matches' })
    expect((await show(maker, artifact)).artifact.ownership).toBe('reader')
    const { rows } = await maker.call('audit:list', {
      query: '',
      category: 'artifacts',
      since: null,
      offset: 0,
      limit: 3,
    })
    expect(JSON.stringify(rows)).toContain(await installationOf(other))
    expect(await opens(maker, artifact, plaintext)).toBeNull()
    expect(await opens(other, artifact, plaintext)).toBeNull()
    // And back again.
    expect((await adopt(maker, artifact)).job?.state).toBe('done')
    expect((await metadataOf(artifact))['owner']).toBe(await installationOf(maker))
  })

  it('gives a new laptop everything with a kit: it adopts and rotates, and the old one reads', async () => {
    const plaintext = randomBytes(MiB)
    const artifact = await make('carried.bin', plaintext)
    const path = maker.at('kit.age')
    const passphrase = 'lantern gravel mango orbit velvet'
    const made = await maker.call('kits:create', {
      keyIds: [artifact.keyId],
      passphrase: { typed: passphrase },
      target: { path },
    })
    expect((await settled(maker, made.jobId)).job?.state).toBe('done')
    const restoring = { source: { path }, passphrase, reverseDestroyed: [] }
    const { jobId } = await other.call('kits:restore', restoring)
    expect((await settled(other, jobId)).job?.outcome).toBe('1 key restored')
    await look(other)
    expect((await adopt(other, artifact)).job?.outcome).toBe('1 artifact adopted')
    const asked = { method: 'rewrap' as const, reason: 'policy' as const, note: '' }
    const { jobIds } = await other.call('keys:rotate', { keyIds: [artifact.keyId], ...asked })
    for (const rotating of jobIds) expect((await settled(other, rotating)).job?.state).toBe('done')
    const { artifact: rotated } = await show(other, artifact)
    expect(rotated).toMatchObject({ ownership: 'owner', keyState: 'active' })
    expect(rotated.keyId).not.toBe(artifact.keyId)
    expect(await opens(other, artifact, plaintext)).toBeNull()
    // The old machine meets the new owner, opens nothing that it cannot, and rotates no more.
    expect(await check(maker, artifact, 'quick')).toMatchObject({ result: 'wrapped-elsewhere' })
    expect((await show(maker, artifact)).artifact.ownership).toBe('reader')
    expect(await opens(maker, artifact, plaintext)).not.toBeNull()
    const refused = await maker.call('keys:rotate', { keyIds: [artifact.keyId], ...asked })
    expect(refused.jobIds).toEqual([])
    // With the new key it reads.
    await hand(other, rotated.keyId, maker)
    expect(await opens(maker, artifact, plaintext)).toBeNull()
    expect((await show(maker, artifact)).artifact.ownership).toBe('reader')
  })

  it('gives a new laptop every version, whichever key each has', async () => {
    const artifact = await make('several.bin', randomBytes(MiB))
    await maker.call('keys:suspend', { keyId: artifact.keyId, reason: 'a new one for what comes' })
    const newest = randomBytes(MiB)
    const { keyId } = await make('several.bin', newest)
    expect(keyId).not.toBe(artifact.keyId)
    const path = maker.at('several-kit.age')
    const passphrase = 'lantern gravel mango orbit velvet'
    const { jobId } = await maker.call('kits:create', {
      keyIds: [artifact.keyId, keyId],
      passphrase: { typed: passphrase },
      target: { path },
    })
    await settled(maker, jobId)
    const restored = await other.call('kits:restore', { source: { path }, passphrase, reverseDestroyed: [] })
    await settled(other, restored.jobId)
    await look(other)
    const { versions } = await show(other, artifact)
    expect(versions.map(({ version, keyIds }) => [version, keyIds])).toEqual([
      [2, [keyId]],
      [1, [artifact.keyId]],
    ])
    expect(await opens(other, artifact, newest)).toBeNull()
    expect((await adopt(other, artifact)).job?.outcome).toBe('1 artifact adopted')
  })

  it('does not write its name beside what is not what was stored', async () => {
    const artifact = await make('raced.bin', randomBytes(MiB))
    await hand(maker, artifact.keyId, other)
    await look(other)
    const Key = `models/${artifact.objectName}`
    other.onStep = async (step, when) => {
      if (step !== 'begin' || when !== 'after') return
      other.onStep = () => undefined
      const Body = await bytesAt(Key)
      Body[Body.length - 1] = (Body[Body.length - 1] ?? 0) ^ 1
      await server.client.send(new PutObjectCommand({ Bucket, Key, Body, Metadata: { format: '1' } }))
    }
    const ended = await adopt(other, artifact)
    expect(ended.job?.state).toBe('failed')
    expect((await show(other, artifact)).artifact.ownership).toBe('reader')
    expect(await metadataOf(artifact)).toEqual({ format: '1' })
  })

  it('knows a colleague’s rotation for what it is, and pins it anew', async () => {
    const plaintext = randomBytes(18 * MiB)
    const artifact = await make('rotated.bin', plaintext)
    await hand(maker, artifact.keyId, other)
    await look(other)
    expect(await opens(other, artifact, plaintext)).toBeNull()
    const identity = await rotateElsewhere(maker, artifact)
    // Without the new key it is not known what it is; nothing is altered, and nothing is opened.
    expect(await check(other, artifact, 'quick')).toMatchObject({
      result: 'wrapped-elsewhere',
      code: 'verify/wrapped-elsewhere',
    })
    expect(await opens(other, artifact, plaintext)).toBe('verify/wrapped-elsewhere')
    // Its owner has not heard of anybody else who might.
    expect(await opens(maker, artifact, plaintext)).toBe('verify/altered')
    await bring(other, identity)
    expect(await opens(other, artifact, plaintext)).toBeNull()
    const { versions, artifact: row } = await show(other, artifact)
    expect(versions[0]?.note).toMatch(/^The same payload wrapped elsewhere; recognised .* on \d{4}-\d\d-\d\d/)
    expect(row.fingerprint).not.toBe(artifact.fingerprint)
    expect(await check(other, artifact, 'quick')).toMatchObject({ result: 'matches' })
    // Its owner meets it as well, by a full check.
    await bring(maker, identity)
    expect(await check(maker, artifact, 'full')).toMatchObject({ result: 'matches' })
    const known = await show(maker, artifact)
    expect(known.artifact.fingerprint).toBe(row.fingerprint)
    expect(known.versions[0]?.note).toContain('weightlock keys rotate rotated.bin')
    // Wrapped again: with a key of the owner's own, and no more with the colleague's.
    const asked = { method: 'rewrap' as const, reason: 'other' as const, note: '' }
    const { jobIds } = await maker.call('keys:rotate', { keyIds: [artifact.keyId], ...asked })
    const [jobId] = jobIds
    if (jobId === undefined) throw new Error('refused')
    expect((await settled(maker, jobId)).job?.state).toBe('done')
    const again = await show(maker, artifact)
    expect(again.artifact.keyState).toBe('active')
    expect([known.artifact.keyId, artifact.keyId]).not.toContain(again.artifact.keyId)
    expect(await opens(maker, artifact, plaintext)).toBeNull()
  })

  it('takes nothing for a rotation that has another payload', async () => {
    const artifact = await make('forged.bin', randomBytes(MiB))
    await hand(maker, artifact.keyId, other)
    await look(other)
    await adopt(other, artifact)
    const foreign = await make('foreign.bin', randomBytes(MiB))
    await server.client.send(
      new CopyObjectCommand({
        Bucket,
        Key: `models/${artifact.objectName}`,
        CopySource: `${Bucket}/models/${foreign.objectName}`,
      }),
    )
    expect(await check(other, artifact, 'full')).toMatchObject({ result: 'differs', code: 'verify/altered' })
  })

  it('sees the owner’s next version, trusted on first use again', async () => {
    const first = randomBytes(MiB)
    const artifact = await make('growing.bin', first)
    await hand(maker, artifact.keyId, other)
    await look(other)
    expect(await opens(other, artifact, first)).toBeNull()
    const second = randomBytes(MiB)
    await make('growing.bin', second)
    await look(other)
    const { versions } = await show(other, artifact)
    expect(versions.map(({ version, status }) => [version, status])).toEqual([
      [2, 'unpinned'],
      [1, 'stored'],
    ])
    expect(await opens(other, artifact, second)).toBeNull()
  })
})
