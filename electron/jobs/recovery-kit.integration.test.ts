/** Recovery kits through the whole app: made, opened by age itself, drilled, restored in another house. */
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  decrypt,
  openHouse,
  settled,
  stored,
  type Ended,
  type House,
} from '../../scripts/test/faults/house.ts'
import { expectNothingTold } from '../../scripts/test/faults/soundness.ts'
import { systemAge } from '../../scripts/test/peer-tools.ts'
import type { Request } from '../../shared/contract/contract.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { KitRow } from '../../shared/domain/kit.ts'
import type { KeyId } from '../../shared/ids.ts'

const run = promisify(execFile)
const passphrase = 'lantern gravel mango orbit velvet'

const expectNoSecret = ({ said }: House): void =>
  expect(said.filter((text) => text.includes(passphrase) || text.includes('AGE-SECRET'))).toEqual([])

let house: House
const houses: House[] = []
const another = async (): Promise<House> => {
  const opened = await openHouse()
  houses.push(opened)
  return opened
}
beforeEach(async () => {
  house = await another()
})
afterEach(async () => {
  for (const each of houses.splice(0)) {
    expectNothingTold(each)
    expectNoSecret(each)
    await each.stop()
  }
})

type Making = Partial<Pick<Request<'kits:create'>, 'keyIds'>> & { path?: string; words?: string }

async function make({ keyIds = null, path = house.at('kit.age'), words = passphrase }: Making = {}) {
  const started = await house.call('kits:create', { keyIds, passphrase: { typed: words }, target: { path } })
  return { path, kitId: started.kitId, ...(await settled(house, started.jobId)) }
}
const kits = async (at = house): Promise<KitRow[]> => (await at.call('kits:list', {})).kits
const copiesOf = async (keyId: KeyId, at = house) =>
  (await at.call('keys:show', { keyId })).copies.filter(({ place }) => place === 'kit')
const drill = (path: string, words = passphrase, at = house) =>
  at.invoke('kits:drill', { source: { path }, passphrase: words })
const drillFailure = async (path: string, words?: string): Promise<string> => {
  const result = await drill(path, words)
  return result.ok ? 'passed' : result.failure.code
}
async function restore(at: House, path: string, reverseDestroyed: string[] = []): Promise<Ended> {
  const { jobId } = await at.call('kits:restore', { source: { path }, passphrase, reverseDestroyed })
  return settled(at, jobId)
}
const events = async (at = house) => {
  const page = { query: '', category: 'copies', since: null, offset: 0, limit: 100 } as const
  return (await at.call('audit:list', page)).rows.map(({ event }) => event)
}
async function destroy(at: House, { keyId, name }: Pick<ArtifactRow, 'keyId' | 'name'>): Promise<Ended> {
  const { jobId } = await at.call('keys:destroy', { keyId, confirmName: name })
  return settled(at, jobId)
}

const { tools } = await systemAge()

/** Stock age asks for a passphrase on a terminal alone: `script` gives it one. */
async function ageDecrypt(path: string, to: string, words: string): Promise<void> {
  const child = spawn('script', ['-qec', `age -d -o '${to}' '${path}'`, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let isAsked = false
  child.stdout.on('data', (chunk: Buffer) => {
    if (isAsked || !chunk.toString().includes('passphrase')) return
    isAsked = true
    child.stdin.write(`${words}\n`)
  })
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.once('close', resolve)
  expect(await promise).toBe(0)
}

describe('a recovery kit', () => {
  it.runIf(tools !== null)('opens with age, and its identities open what is stored', async () => {
    const plaintext = randomBytes(200_000)
    const artifact = await stored(house, house.input('model.bin', plaintext))
    await stored(house, house.input('other.bin', 'other'))
    const { job, path } = await make()
    expect(job).toMatchObject({ state: 'done', outcome: '2 keys in it; counts after a drill' })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const ids = house.at('ids.txt')
    await ageDecrypt(path, ids, passphrase)
    const text = readFileSync(ids, 'utf8')
    expect(text).toContain(`# weightlock key: ${artifact.keyId}`)
    expect(text).toContain('# artifact: model.bin')
    expect(text).toContain('# alias: model.bin · key 1')
    expect(text.match(/^AGE-SECRET-KEY-1/gm)).toHaveLength(2)
    const { stdout } = await run('age', ['-d', '-i', ids, artifact.location], { encoding: 'buffer' })
    expect(stdout.equals(plaintext)).toBe(true)
  })

  it('is a known copy of each key in it, and named where a key is destroyed', async () => {
    const artifact = await stored(house, house.input('model.bin', 'x'))
    const other = await stored(house, house.input('other.bin', 'x'))
    const { path } = await make({ keyIds: [artifact.keyId] })
    expect(await copiesOf(artifact.keyId)).toMatchObject([{ where: path, state: 'present' }])
    expect(await copiesOf(other.keyId)).toEqual([])
    const [kit] = await kits()
    expect(kit).toMatchObject({
      where: path,
      holds: 1,
      lacks: 1,
      identities: 1,
      drilledAt: null,
      needsNewAge: false,
    })
    const lacks = await house.call('kits:lacks', { kitId: kit?.kitId as never, offset: 0, limit: 10 })
    expect(lacks.rows.map(({ keyId }) => keyId)).toEqual([other.keyId])
    const { job } = await destroy(house, artifact)
    expect(job?.outcome).toBe('Destroyed here, 1 copy elsewhere')
    expect(job?.report.join('\n')).toContain(path)
    expect((await kits())[0]).toMatchObject({ holds: 0, lacks: 1, holdsDestroyed: 1 })
  })

  it('takes a passphrase that is worth it, or makes one that is told once', async () => {
    await stored(house, house.input('model.bin', 'x'))
    const target = { path: house.at('kit.age') }
    const weak = await house.invoke('kits:create', { keyIds: null, passphrase: { typed: 'secret1' }, target })
    expect(weak.ok ? null : weak.failure.code).toBe('kit/passphrase-weak')
    const { jobId, generated } = await house.call('kits:create', {
      keyIds: null,
      passphrase: { generate: true },
      target,
    })
    expect((await settled(house, jobId)).job?.state).toBe('done')
    expect((await drill(target.path, generated ?? '')).ok).toBe(true)
    const told = house.said.filter((text) => text.includes(generated ?? '-'))
    expect(told).toHaveLength(1)
  })

  it('overwrites nothing, holds what is here, and says what is not', async () => {
    const path = house.input('kit.age', 'mine')
    const gone = await stored(house, house.input('gone.bin', 'x'))
    await stored(house, house.input('model.bin', 'x'))
    expect((await make({ path })).failure?.code).toBe('file/exists')
    expect(readFileSync(path, 'utf8')).toBe('mine')
    expect(await kits()).toEqual([])
    house.keychain.items.delete(`Weightlock/${gone.keyId}`)
    const { job } = await make({ path: house.at('other.age') })
    expect(job).toMatchObject({ state: 'done', report: ['gone.bin · key 1: not in the keychain'] })
    house.keychain.lock()
    expect((await make({ path: house.at('locked.age') })).failure?.code).toMatch(/^keychain\//)
    expect(existsSync(house.at('locked.age'))).toBe(false)
  })

  it('that lies where an earlier one lay makes that one a kit of its date', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'x'))
    const { path } = await make()
    renameSync(path, house.at('safe.age'))
    await make()
    const places = (await kits()).map(({ where }) => where)
    expect(places).toContain(path)
    expect(places.find((where) => where.startsWith(`${path} (of `))).toBeDefined()
    expect(await copiesOf(keyId)).toHaveLength(2)
    // Found again where it was carried.
    expect((await drill(house.at('safe.age'))).ok).toBe(true)
    expect((await kits()).map(({ where }) => where).toSorted()).toEqual(
      [path, house.at('safe.age')].toSorted(),
    )
    expect(await copiesOf(keyId)).toHaveLength(2)
  })

  it('that is forgotten stays a copy that nobody can reach', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'x'))
    const { kitId, path } = await make()
    await house.call('kits:forget', { kitId })
    expect(await kits()).toEqual([])
    expect(existsSync(path)).toBe(true)
    expect(await copiesOf(keyId)).toMatchObject([{ where: path, state: 'out-of-reach' }])
  })
})

describe('a drill', () => {
  it('passes where the kit opens a chunk of something real, and only then does it count', async () => {
    const artifact = await stored(house, house.input('model.bin', randomBytes(100_000)))
    const { path, kitId } = await make()
    expect(await house.call('kits:list', {})).toMatchObject({ coverage: { keys: 1, inKits: 0 } })
    const result = await house.invoke('kits:drill', { source: { kitId }, passphrase })
    expect(result.ok ? null : result.failure).toBeNull()
    expect(result).toMatchObject({
      value: { opened: { name: 'model.bin', version: 1, keyId: artifact.keyId, bytes: 65_536 } },
    })
    expect(await house.call('kits:list', {})).toMatchObject({ coverage: { keys: 1, inKits: 1 } })
    await stored(house, house.input('later.bin', 'x'))
    expect((await kits())[0]).toMatchObject({ holds: 1, lacks: 1, where: path })
    expect(await events()).toContain('kit-drilled')
  })

  it('says what is wrong: another passphrase, another file, nothing that it opens', async () => {
    const artifact = await stored(house, house.input('model.bin', 'x'))
    const { path } = await make()
    expect(await drillFailure(path, 'not the passphrase')).toBe('age/passphrase-wrong')
    expect((await kits())[0]?.failedDrill).toBeNull()
    expect(await drillFailure(path)).toBe('passed')

    const whole = readFileSync(path)
    const altered = Buffer.from(whole)
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1
    writeFileSync(path, altered)
    expect(await drillFailure(path)).toBe('kit/altered')
    expect((await kits())[0]?.failedDrill?.failure.code).toBe('kit/altered')
    expect((await house.call('kits:list', {})).coverage.inKits).toBe(0)
    writeFileSync(house.at('elsewhere.age'), altered)
    expect(await drillFailure(house.at('elsewhere.age'))).toBe('age/payload-altered')
    writeFileSync(path, whole)
    expect(await drillFailure(path)).toBe('passed')

    // The artifact it knew is gone; what is stored now has a key that is not in it.
    await stored(house, house.input('later.bin', 'x'))
    writeFileSync(artifact.location, 'no age file any more')
    expect(await drillFailure(path)).toBe('kit/opens-nothing')
    expect((await kits())[0]?.failedDrill?.failure.code).toBe('kit/opens-nothing')
  })

  it('of a kit with nothing to try it on does not pass', async () => {
    const artifact = await stored(house, house.input('model.bin', 'x'))
    const { path } = await make()
    renameSync(artifact.location, house.at('away.age'))
    expect(await drillFailure(path)).toBe('kit/nothing-to-try')
  })
})

describe('a restore', () => {
  it('brings the keys into another house, which reads, adopts, and lists the kit', async () => {
    const plaintext = randomBytes(70_000)
    const artifact = await stored(house, house.input('model.bin', plaintext))
    const { path } = await make()
    const other = await another()
    const wrong = await other.invoke('kits:restore', {
      source: { path },
      passphrase: 'not the passphrase',
      reverseDestroyed: [],
    })
    expect(wrong.ok ? null : wrong.failure.code).toBe('age/passphrase-wrong')
    expect((await restore(other, path)).job).toMatchObject({ state: 'done', outcome: '1 key restored' })
    expect(other.keychain.items.has(`Weightlock/${artifact.keyId}`)).toBe(true)
    expect((await kits(other))[0]).toMatchObject({ where: path, madeHere: false, holds: 1, lacks: 0 })
    expect(await copiesOf(artifact.keyId, other)).toMatchObject([{ where: path, state: 'present' }])
    expect((await restore(other, path)).job?.outcome).toBe('0 keys restored, 1 here already')
    expect(await events(other)).toContain('kit-restored')

    // The store of the old machine, as the new one sees it.
    other.input('data/store/model.bin.age', readFileSync(artifact.location))
    const { jobId } = await other.call('catalog:rebuild', { becomeOwner: false })
    await settled(other, jobId)
    const adopting = await other.call('artifacts:adopt', { artifactIds: [], all: true })
    expect((await settled(other, adopting.jobId)).job?.outcome).toBe('1 artifact adopted')
    const { artifact: adopted, keys } = await other.call('artifacts:show', {
      artifactId: artifact.artifactId,
    })
    expect(adopted).toMatchObject({ ownership: 'owner', name: 'model.bin' })
    expect(keys.map(({ keyId, alias }) => [keyId, alias])).toEqual([[artifact.keyId, 'model.bin · key 1']])
    const out = other.at('out.bin')
    expect((await decrypt(other, adopted, out)).job?.state).toBe('done')
    expect(readFileSync(out).equals(plaintext)).toBe(true)
    expect((await drill(path, passphrase, other)).ok).toBe(true)
  })

  it('is of the bytes that were opened, whatever lies there when it ends', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'x'))
    const { path } = await make()
    const known = await kits()
    const replaced = readFileSync(path)
    house.keychain.items.delete(`Weightlock/${keyId}`)
    house.onStep = (step, when) => {
      if (step === 'here' && when === 'before') writeFileSync(path, 'something else')
      if (step === 'here' && when === 'after') rmSync(path)
    }
    expect((await restore(house, path)).job).toMatchObject({ state: 'done', outcome: '1 key restored' })
    expect(await kits()).toMatchObject(known.map(({ kitId, digest }) => ({ kitId, digest, holds: 1 })))
    expect(house.keychain.items.has(`Weightlock/${keyId}`)).toBe(true)
    expect(replaced.length).toBe(known[0]?.sizeBytes)
  })

  it('refuses a destroyed key unless it is reversed by name, and brings back the others', async () => {
    const doomed = await stored(house, house.input('doomed.bin', 'x'))
    const lost = await stored(house, house.input('lost.bin', 'x'))
    const { path } = await make()
    await destroy(house, doomed)
    house.keychain.items.delete(`Weightlock/${lost.keyId}`)
    expect((await restore(house, path)).job).toMatchObject({
      state: 'done',
      outcome: '1 key restored, 1 refused',
      report: ['doomed.bin · key 1: The key was destroyed'],
    })
    expect((await restore(house, path, ['another.bin'])).job?.outcome).toBe(
      '0 keys restored, 1 here already, 1 refused',
    )
    expect((await restore(house, path, ['doomed.bin'])).job?.outcome).toBe('1 key restored, 1 here already')
    expect((await house.call('keys:show', { keyId: doomed.keyId })).key.state).toBe('suspended')
  })
})

describe('a program that is stopped', () => {
  it.each(['before', 'after'] as const)('%s a kit is recorded leaves none, or the kit', async (when) => {
    const { keyId } = await stored(house, house.input('model.bin', 'x'))
    const path = house.at('kit.age')
    const stopped = Promise.withResolvers<Promise<void>>()
    house.onStep = (step, at) => {
      if (step !== 'written' || at !== when) return
      stopped.resolve(house.close())
      throw new Error('stopped here')
    }
    const { jobId } = await house.call('kits:create', {
      keyIds: null,
      passphrase: { typed: passphrase },
      target: { path },
    })
    await stopped.promise
    house.onStep = () => undefined
    await house.reopen()
    const { job, failure } = await settled(house, jobId)
    expect([job?.state, failure?.code]).toEqual(['failed', 'kit/passphrase-gone'])
    expect(existsSync(path)).toBe(false)
    expect(await kits()).toEqual([])
    expect(await copiesOf(keyId)).toMatchObject(when === 'after' ? [{ state: 'found-missing' }] : [])
    expect((await make({ path })).job?.state).toBe('done')
  })
})
