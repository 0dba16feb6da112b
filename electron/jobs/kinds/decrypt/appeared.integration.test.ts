/** What had appeared when the job was stopped is there, and the job says so; and what is said of who sent a file. */
import { randomBytes } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  decrypt,
  decryptFile,
  openHouse,
  settled,
  stored,
  type House,
} from '../../../../scripts/test/faults/house.ts'
import { expectSound } from '../../../../scripts/test/faults/soundness.ts'
import type { ArtifactRow } from '../../../../shared/domain/artifact.ts'
import { payloadKey } from '../../../age/payload-key.ts'
import { decodeBech32, keyRecipient } from '../../../age/recipient.ts'
import { keyHeader } from '../../../age/rewrap.ts'
import { durableFiles } from '../../../storage/durable-files.ts'

let house: House
let model: ArtifactRow
let folder: ArtifactRow
const bytes = randomBytes(100_000)
beforeAll(async () => {
  house = await openHouse()
  model = await stored(house, house.input('model.bin', bytes))
  house.input('weights/a.bin', bytes)
  folder = await stored(house, house.at('weights'))
})
afterEach(() => void Object.assign(house.files, durableFiles))
afterAll(async () => {
  await expectSound(house)
  await house.stop()
})

describe('a rename that was done', () => {
  it('though the folder could not be synced once: done', async () => {
    house.files.rename = async (from, to) => {
      await durableFiles.rename(from, to)
      house.files.syncFolder = async () => {
        house.files.syncFolder = durableFiles.syncFolder
        throw Object.assign(new Error('EIO'), { code: 'EIO' })
      }
    }
    const { job } = await decrypt(house, model, house.at('once'))
    expect(job).toMatchObject({ state: 'done', outcome: 'Decrypted and verified', report: [] })
    expect(readFileSync(house.at('once')).equals(bytes)).toBe(true)
  })

  it.each([
    ['a file', () => model, false],
    ['a folder', () => folder, true],
  ] as const)('of %s, and never could be synced: done, with what that means', async (name, row, unpack) => {
    house.files.rename = async (from, to) => {
      await durableFiles.rename(from, to)
      house.files.syncFolder = () => Promise.reject(Object.assign(new Error('EIO'), { code: 'EIO' }))
    }
    const target = house.at(`never-${name}`)
    const { job } = await decrypt(house, row(), target, { unpack })
    expect(job?.state).toBe('done')
    expect(job?.report[0]).toMatch(/^It is there, but may not outlive a power cut/)
    expect(existsSync(target)).toBe(true)
  })

  it('right before the program ended: the next start finds it, and makes no second copy', async () => {
    mkdirSync(house.at('into'))
    const { job } = await decrypt(house, folder, house.at('into'), { unpack: true })
    expect(readdirSync(house.at('into'))).toEqual(['weights'])
    if (job === null) throw new Error('no job')
    await forgetEnd(job.jobId)
    expect((await settled(house, job.jobId)).job).toMatchObject({
      state: 'done',
      outcome: 'Decrypted and verified',
    })
    expect(readdirSync(house.at('into'))).toEqual(['weights'])
    expect(readdirSync(house.at('into', 'weights'))).toEqual(['a.bin'])
  })

  it('and replaced by somebody else since: refused, and theirs is left alone', async () => {
    mkdirSync(house.at('theirs'))
    const { job } = await decrypt(house, model, house.at('theirs'))
    if (job === null) throw new Error('no job')
    writeFileSync(house.at('theirs', 'new'), 'theirs')
    renameSync(house.at('theirs', 'new'), house.at('theirs', 'model.bin'))
    await forgetEnd(job.jobId)
    const again = await settled(house, job.jobId)
    expect(again.job?.state).toBe('failed')
    expect(again.failure).toMatchObject({ code: 'file/exists' })
    expect(readFileSync(house.at('theirs', 'model.bin'), 'utf8')).toBe('theirs')
  })
})

/** The program ends before the catalog has taken down that the job is done. */
async function forgetEnd(jobId: string): Promise<void> {
  await house.app().stop()
  const db = new DatabaseSync(join(house.dataFolder, 'catalog.sqlite'))
  db.prepare("UPDATE jobs SET state = 'running', is_open = 1, ended_at = NULL WHERE job_id = ?").run(jobId)
  db.close()
  await house.reopen()
}

describe('any age file', () => {
  it('that is a copy of what was stored is checked against its pin', async () => {
    copyFileSync(model.location, house.at('copy.age'))
    const { job } = await decryptFile(house, house.at('copy.age'), house.at('from-copy'))
    expect(job).toMatchObject({ state: 'done', outcome: 'Decrypted and verified' })
  })

  it('that is a copy and was altered in its middle is refused, and the audit log says so', async () => {
    const bytes = readFileSync(model.location)
    const at = Math.floor(bytes.length / 2)
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    writeFileSync(house.at('altered.age'), bytes)
    const { job, failure } = await decryptFile(house, house.at('altered.age'), house.at('from-altered'))
    expect(failure?.code).toMatch(/^(verify\/altered|age\/payload-altered)$/)
    expect(await audited(job?.jobId)).toEqual(['age-file-refused'])
  })

  it('that opens with a key held here and was never stored: the sender is not proved', async () => {
    writeFileSync(house.at('forged.age'), await forged())
    const { job } = await decryptFile(house, house.at('forged.age'), house.at('from-forged'))
    expect(job?.state).toBe('done')
    expect(job?.outcome).toMatch(/sender not proved$/)
  })

  it('in the place of what was stored is refused', async () => {
    const good = readFileSync(model.location)
    writeFileSync(model.location, await forged())
    const { jobId } = await house.call('decrypt:age-file', {
      source: { storeId: model.storeId, objectName: model.objectName },
      identity: null,
      passphrase: null,
      target: { path: house.at('from-store') },
      unpack: false,
    })
    expect((await settled(house, jobId)).failure).toMatchObject({ code: 'verify/altered' })
    expect(await audited(jobId)).toEqual(['version-refused'])
    expect(existsSync(house.at('from-store'))).toBe(false)
    writeFileSync(model.location, good)
  })
})

/** The events of the audit log that tell of a job. */
async function audited(job: string | undefined): Promise<string[]> {
  const page = { query: '', category: 'all', since: null, offset: 0, limit: 10 } as const
  const { rows } = await house.call('audit:list', page)
  return rows.flatMap(({ jobId, event }) => (jobId === job ? [event] : []))
}

/** What anybody can make who knows a recipient. */
async function forged(): Promise<Buffer> {
  const { recipient } = await house.call('keys:show', { keyId: model.keyId })
  const [fileKey, nonce] = [randomBytes(16), randomBytes(16)]
  const { keyId, artifactId } = model
  const publicKey = decodeBech32(recipient)?.bytes ?? fileKey
  const header = await keyHeader(keyRecipient('X25519', publicKey), fileKey, { keyId, artifactId })
  const lastChunk = new Uint8Array(12)
  lastChunk[11] = 1
  const payload = chacha20poly1305(payloadKey(fileKey, nonce), lastChunk).encrypt(Buffer.from('forged'))
  return Buffer.concat([header, nonce, payload])
}
