import { execFile, execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Encrypter } from 'age-encryption'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { KeyRow } from '../../shared/domain/key.ts'
import type { Failure } from '../../shared/failure.ts'
import { hasKeyring } from '../../scripts/test/keyring.ts'
import { systemAge } from '../../scripts/test/peer-tools.ts'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import { type Terminal, launcherPath, openTerminal } from '../../scripts/test/terminal.ts'

type Answer<V> = { ok: boolean; value: V; failure: Failure }
type Batch = { artifacts: ArtifactRow[]; failures: { path: string; failure: Failure }[] }

const run = promisify(execFile)
const age = await systemAge()
const hasAge = requirePeer('age', age.tools !== null, age.tools === null ? age.reason : '')

describe.skipIf(!hasKeyring())('the command line', () => {
  let terminal: Terminal
  beforeAll(async () => {
    terminal = await openTerminal()
  })
  afterAll(() => terminal.stop())

  const inFolder = (...parts: string[]) => join(terminal.folder, ...parts)
  const file = (name: string, sizeBytes = 200_000) => {
    const path = inFolder(name)
    const bytes = randomBytes(sizeBytes)
    writeFileSync(path, bytes)
    return { path, bytes }
  }
  const encrypt = async (...args: string[]): Promise<ArtifactRow> => {
    const ended = await terminal.run(['encrypt', '--json', ...args])
    const [artifact] = ended.json<Answer<Batch>>().value.artifacts
    if (!artifact) throw new Error(`nothing was encrypted: ${ended.out.toString()} ${ended.error}`)
    return artifact
  }
  const failureOf = async (...args: string[]) => {
    const ended = await terminal.run([...args, '--json'])
    const { ok, failure } = ended.json<Answer<unknown>>()
    return { code: ended.code, ok, failure }
  }

  it('encrypts a file and a folder, lists and shows them, and gives the same bytes back', async () => {
    const model = file('model.bin', 3 * 65_536 + 17)
    mkdirSync(inFolder('bert/config'), { recursive: true })
    writeFileSync(inFolder('bert/weights.bin'), randomBytes(100_000))
    writeFileSync(inFolder('bert/config/config.json'), '{"layers": 12}')

    const encrypted = await terminal.run(['encrypt', 'model.bin', 'bert', '--json'])
    expect(encrypted.error).toBe('')
    expect(encrypted.code).toBe(0)
    const { ok, value } = encrypted.json<Answer<Batch>>()
    expect([ok, value.failures]).toEqual([true, []])
    expect(value.artifacts.map(({ name, version, keyState }) => [name, version, keyState])).toEqual([
      ['model.bin', 1, 'active'],
      ['bert', 1, 'active'],
    ])
    const [first] = value.artifacts
    expect(first).toMatchObject({
      location: join(terminal.storeFolder, 'model.bin.age'),
      plaintextBytes: model.bytes.length,
      ciphertextBytes: statSync(join(terminal.storeFolder, 'model.bin.age')).size,
    })
    expect(readdirSync(terminal.storeFolder).toSorted()).toEqual(['bert.tar.age', 'model.bin.age'])

    const listed = (await terminal.run(['list', '--json'])).json<Answer<Batch>>().value.artifacts
    expect(listed.map(({ name }) => name).toSorted()).toEqual(['bert', 'model.bin'])
    const shown = await terminal.run(['show', 'model.bin'])
    expect(shown.out.toString()).toContain(first?.artifactId ?? 'no id')
    expect(shown.out.toString()).toContain('age -d')

    const decrypted = await terminal.run(['decrypt', 'model.bin', '--to', 'back.bin', '--json'])
    expect(decrypted.json<Answer<{ location: string }>>().value.location).toBe(inFolder('back.bin'))
    expect(readFileSync(inFolder('back.bin')).equals(model.bytes)).toBe(true)
    expect(statSync(inFolder('back.bin')).mode & 0o777).toBe(0o600)
    const piped = await terminal.run(['decrypt', 'model.bin', '--to', '-'])
    expect([piped.code, piped.out.equals(model.bytes)]).toEqual([0, true])

    const into = await terminal.run(['decrypt', 'bert', '--to', 'out/', '--json'])
    expect(into.json<Answer<{ location: string }>>().value.location).toBe(inFolder('out', 'bert'))
    expect(readdirSync(inFolder('out/bert')).toSorted()).toEqual(['config', 'weights.bin'])
    expect(await failureOf('decrypt', 'bert', '--to', 'out/')).toMatchObject({
      code: 1,
      failure: { code: 'file/exists', path: inFolder('out', 'bert') },
    })
    expect(readdirSync(inFolder('out/bert')).toSorted()).toEqual(['config', 'weights.bin'])
    expect((await terminal.run(['decrypt', 'bert', '--to', 'bert-back'])).code).toBe(0)
    expect(readFileSync(inFolder('bert-back/config/config.json'), 'utf8')).toBe('{"layers": 12}')
    expect(execFileSync('diff', ['-r', inFolder('bert'), inFolder('bert-back')]).toString()).toBe('')
  })

  it.skipIf(!hasAge)('exports an identity with which age opens the file and the folder', async () => {
    const model = file('exported.bin')
    const artifact = await encrypt('exported.bin')
    const exported = await terminal.run(['keys', 'export', artifact.keyId, '--to', 'key.txt', '--json'])
    expect(exported.code).toBe(0)
    expect(statSync(inFolder('key.txt')).mode & 0o777).toBe(0o600)
    expect(exported.out.toString() + exported.error).not.toContain('AGE-SECRET-KEY')
    const { stdout } = await run('age', ['-d', '-i', inFolder('key.txt'), artifact.location], {
      encoding: 'buffer',
    })
    expect(stdout.equals(model.bytes)).toBe(true)

    const opened = ['decrypt', '--file', artifact.location, '--identity', 'key.txt', '--to', '-']
    expect((await terminal.run(opened)).out.equals(model.bytes)).toBe(true)
    expect(await failureOf('keys', 'export', artifact.keyId, '--to', 'key.txt')).toMatchObject({
      code: 1,
      failure: { code: 'file/exists' },
    })
  })

  it('opens an age file with a passphrase from standard input or a file descriptor', async () => {
    const encrypter = new Encrypter()
    encrypter.setPassphrase('correct horse')
    encrypter.setScryptWorkFactor(10)
    writeFileSync(inFolder('secret.age'), await encrypter.encrypt('with a passphrase'))
    const line = ['decrypt', '--file', 'secret.age', '--to', '-']
    expect((await terminal.run(line, { input: 'correct horse\n' })).out.toString()).toBe('with a passphrase')
    const byDescriptor = await terminal.run([...line, '--passphrase-fd', '3'], {
      descriptor: 'correct horse',
    })
    expect(byDescriptor.out.toString()).toBe('with a passphrase')
    const wrong = await terminal.run(line, { input: 'wrong horse\n' })
    expect([wrong.code, wrong.out.length]).toEqual([1, 0])
    expect(wrong.error).toContain('The passphrase does not fit')
    expect(wrong.error).not.toContain('wrong horse')
  })

  it('stores the same name as a new version, or apart, and asks which of two is meant', async () => {
    const one = file('again.pkl')
    const [first, second] = [await encrypt('again.pkl'), await encrypt(one.path)]
    expect([second.artifactId, second.version, second.keyId]).toEqual([first.artifactId, 2, first.keyId])
    expect(existsSync(join(terminal.storeFolder, 'again.v2.pkl.age'))).toBe(true)
    const older = await terminal.run(['decrypt', 'again.pkl', '--artifact-version', '1', '--to', '-'])
    expect(older.out.equals(one.bytes)).toBe(true)

    const apart = await encrypt('again.pkl', '--separate')
    expect(apart.artifactId).not.toBe(first.artifactId)
    const answer = await failureOf('show', 'again.pkl')
    expect(answer).toMatchObject({ code: 1, failure: { code: 'artifact/ambiguous' } })
    expect(JSON.stringify(answer.failure)).toContain(apart.artifactId)
    expect((await terminal.run(['show', apart.artifactId])).code).toBe(0)
  })

  it('destroys a key by the artifact’s name only, and then nothing opens it', async () => {
    file('doomed.bin')
    const { keyId } = await encrypt('doomed.bin')
    expect(await terminal.keyring.secretToolLookup('Weightlock', keyId)).toMatch(/^AGE-SECRET-KEY-1/)
    expect(await failureOf('keys', 'destroy', keyId, '--confirm-name', 'Doomed.bin')).toMatchObject({
      code: 1,
      failure: { code: 'confirm/name-mismatch' },
    })
    expect(await failureOf('keys', 'destroy', keyId)).toMatchObject({ code: 2 })
    expect(await terminal.keyring.secretToolLookup('Weightlock', keyId)).not.toBeNull()

    const destroyed = await terminal.run(['keys', 'destroy', keyId, '--confirm-name', 'doomed.bin', '--json'])
    expect(destroyed.json<Answer<{ key: KeyRow }>>().value.key.state).toBe('destroyed')
    expect(await terminal.keyring.secretToolLookup('Weightlock', keyId)).toBeNull()
    expect(await failureOf('decrypt', 'doomed.bin', '--to', 'never')).toMatchObject({
      code: 1,
      failure: { code: 'key/destroyed' },
    })
    expect(existsSync(inFolder('never'))).toBe(false)
    const { keys } = (await terminal.run(['keys', 'list', '--json'])).json<Answer<{ keys: KeyRow[] }>>().value
    expect(keys.find((key) => key.keyId === keyId)).toMatchObject({
      state: 'destroyed',
      algorithm: 'X25519',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      protects: expect.any(Number) as number,
    })
  })

  it('refuses with 4 what was changed in the store, and writes nothing', async () => {
    file('altered.bin')
    const { location } = await encrypt('altered.bin')
    const fd = openSync(location, 'r+')
    writeSync(fd, Buffer.from([0xff, 0xff, 0xff, 0xff]), 0, 4, 100_000)
    const answer = await failureOf('decrypt', 'altered.bin', '--to', 'altered.out')
    expect(answer.code).toBe(4)
    expect(answer.failure.code).toMatch(/^(verify|age)\//)
    expect(existsSync(inFolder('altered.out'))).toBe(false)
    const checked = await failureOf('verify', 'altered.bin', '--level', 'full')
    expect(checked.code).toBe(4)
  })

  it('keeps an audit log that verifies, and exports it', async () => {
    const verified = await terminal.run(['audit', 'verify', '--json'])
    const { value } = verified.json<Answer<{ entries: number; intact: boolean }>>()
    expect(value.intact).toBe(true)
    expect(value.entries).toBeGreaterThan(0)
    expect((await terminal.run(['audit', 'export', '--to', 'audit.jsonl', '--json'])).code).toBe(0)
    const printed = (await terminal.run(['audit', 'export'])).out.toString().trim().split('\n')
    for (const lines of [readFileSync(inFolder('audit.jsonl'), 'utf8').trim().split('\n'), printed]) {
      expect(lines.length).toBeGreaterThan(value.entries)
      for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow()
    }
    expect(readdirSync(terminal.folder).filter((name) => name.startsWith('weightlock-audit'))).toEqual([])
  })

  it('lists what was done, and the jobs that ended', async () => {
    await encrypt(file('looked-back-on.bin').path)
    const listed = await terminal.run([
      'audit',
      'list',
      'looked-back-on',
      '--category',
      'artifacts',
      '--json',
    ])
    const { entries } = listed.json<Answer<{ entries: { event: string; on: string }[] }>>().value
    expect(entries.map(({ event, on }) => [event, on])).toEqual([['version-encrypted', 'looked-back-on.bin']])
    const history = await terminal.run(['jobs', 'history', '--json'])
    const [latest] =
      history.json<Answer<{ jobs: { kind: string; title: string; state: string }[] }>>().value.jobs
    expect(latest).toMatchObject({ kind: 'encrypt', title: 'looked-back-on.bin', state: 'done' })
  })

  it('keeps settings, and notes a change of key policy', async () => {
    expect((await terminal.run(['settings', 'set', 'crypto-period-days', '30'])).code).toBe(0)
    expect((await terminal.run(['settings', 'get', 'crypto-period-days'])).out.toString()).toBe('30\n')
    expect((await terminal.run(['audit', 'list', '--category', 'program'])).out.toString()).toContain(
      'Key policy changed',
    )
  })

  it('goes on with the others where one of a batch fails', async () => {
    file('fine.bin')
    const ended = await terminal.run(['encrypt', 'gone.bin', 'fine.bin', '--json'])
    const { ok, value } = ended.json<Answer<Batch>>()
    expect([ended.code, ok]).toEqual([1, false])
    expect(value.artifacts.map(({ name }) => name)).toEqual(['fine.bin'])
    expect(value.failures).toMatchObject([{ path: 'gone.bin', failure: { code: 'file/not-found' } }])
  })

  it('adds, tests and removes stores', async () => {
    mkdirSync(inFolder('share'))
    const added = await terminal.run([
      'stores',
      'add',
      'nas',
      '--kind',
      'local-folder',
      '--path',
      'share',
      '--json',
    ])
    expect(added.json<Answer<{ location: string }>>()).toMatchObject({ ok: true, value: { name: 'nas' } })
    expect((await terminal.run(['stores', 'test', 'nas'])).code).toBe(0)
    file('shared.bin')
    expect((await encrypt('shared.bin', '--store', 'nas')).location).toBe(inFolder('share', 'shared.bin.age'))
    expect(await failureOf('stores', 'remove', 'nas')).toMatchObject({
      code: 1,
      failure: { code: 'store/in-use' },
    })
    for (const path of ['share', '.'])
      expect(await failureOf('stores', 'add', 'twice', '--path', inFolder(path))).toMatchObject({
        code: 1,
        failure: { code: 'store/settings-invalid', field: 'path' },
      })
    mkdirSync(inFolder('spare'))
    const spare = await terminal.run(['stores', 'add', 'spare', '--path', inFolder('spare')])
    expect(spare.error).toBe('')
    writeFileSync(inFolder('spare', 'notes.txt'), 'x')
    const scan = await terminal.run(['stores', 'scan', 'spare', '--json'])
    expect(scan.json<Answer<object>>().value).toMatchObject({ objects: 1, foreign: 1, missing: 0 })
    expect((await terminal.run(['stores', 'make-default', 'spare'])).code).toBe(0)
    file('by-default.bin')
    expect((await encrypt('by-default.bin')).store).toBe('spare')
    expect((await terminal.run(['stores', 'make-default', 'Local'])).code).toBe(0)
    mkdirSync(inFolder('empty'))
    expect((await terminal.run(['stores', 'add', 'empty', '--path', inFolder('empty')])).code).toBe(0)
    expect((await terminal.run(['stores', 'remove', 'empty'])).code).toBe(0)
  })

  it('says what is wrong in three parts, and what is right in a diagnosis', async () => {
    const ended = await terminal.run(['decrypt', 'nothing-of-the-kind', '--to', 'x'])
    expect(ended.code).toBe(1)
    for (const part of ['What happened', 'What is safe', 'What to do']) expect(ended.error).toContain(part)
    expect(ended.error).not.toMatch(/\bat .*:\d+/)
    expect((await terminal.run(['doctor'])).code).toBe(0)
  })

  it('starts from its launcher under npm, where paths begin at the user’s folder', async () => {
    mkdirSync(inFolder('elsewhere'))
    writeFileSync(inFolder('elsewhere', 'relative.bin'), 'x')
    const project = join(launcherPath, '../..')
    const npm = { npm_lifecycle_event: 'weightlock', npm_package_json: join(project, 'package.json') }
    const ended = await terminal.run(['encrypt', 'relative.bin', '--json'], {
      script: launcherPath,
      cwd: project,
      env: { INIT_CWD: inFolder('elsewhere'), ...npm },
    })
    expect(ended.json<Answer<Batch>>().value.artifacts).toMatchObject([{ name: 'relative.bin' }])
    const optioned = {
      script: launcherPath,
      env: { NODE_OPTIONS: '--trace-warnings' },
      descriptor: 'correct horse',
    }
    const line = ['decrypt', '--file', inFolder('secret.age'), '--to', '-', '--passphrase-fd', '3']
    expect((await terminal.run(line, optioned)).out.toString()).toBe('with a passphrase')
  })
})
