/** Age files and identity files from anywhere: opened with what was given, or refused for a reason of their own; and
 * nothing that was given is ever told. */
import { armor, Encrypter } from 'age-encryption'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { contract, type Channel } from '../../shared/contract/contract.ts'
import { newId, PathToken } from '../../shared/ids.ts'
import { decryptFile, openHouse, stored, type House } from '../../scripts/test/faults/house.ts'
import { expectNothingTold, expectSound, failureIn } from '../../scripts/test/faults/soundness.ts'
import { generateFileKey } from '../age/file-key.ts'
import { headerBytes, parseHeader } from '../age/header.ts'
import { generateIdentity, identityText } from '../age/identity.ts'
import { encryptSmallFile } from '../age/small-file.ts'
import { scryptRecipient } from '../age/scrypt.ts'
import { bareHeader } from '../age/testing/write-age-file.ts'

const plaintext = randomBytes(150_000)
const passphrase = 'a passphrase that nobody tells'
const identity = generateIdentity('X25519')
const secret = identityText(identity)
let house: House
let plain: string
let plainBytes: Buffer
let protectedPath: string
let identityPath: string
let out: string

beforeAll(async () => {
  house = await openHouse()
  out = house.at('out')
  const encrypter = new Encrypter()
  encrypter.addRecipient(identity.recipient().text)
  plainBytes = Buffer.from(await encrypter.encrypt(plaintext))
  plain = house.input('plain.age', plainBytes)
  const secretly = new Encrypter()
  secretly.setPassphrase(passphrase)
  secretly.setScryptWorkFactor(10)
  protectedPath = house.input('protected.age', await secretly.encrypt(plaintext))
  identityPath = house.input('identity.txt', `# a comment\r\n\n${secret}\r\n`)
})
afterAll(() => house.stop())
afterEach(async () => {
  rmSync(out, { force: true })
  expectNothingTold(house, passphrase, secret)
  await expectSound(house)
})

const supplied = () => ({ identity: identityPath })
async function opened(path: string, how: Parameters<typeof decryptFile>[3]): Promise<string | undefined> {
  const { job, failure } = await decryptFile(house, path, out, how)
  if (job?.state !== 'done') return failure?.code
  return readFileSync(out).equals(plaintext) ? 'done' : 'another plaintext'
}
async function refusal(path: string, how: Parameters<typeof decryptFile>[3]) {
  const failure = failureIn(await decryptFile(house, path, out, how))
  expect(existsSync(out)).toBe(false)
  return failure
}

describe('an age file', () => {
  it('with a passphrase opens with the right one, and with nothing else', async () => {
    expect(await refusal(protectedPath, {})).toEqual({ code: 'age/passphrase-needed' })
    expect(await refusal(protectedPath, supplied())).toEqual({ code: 'age/passphrase-needed' })
    for (const wrong of ['wrong', ` ${passphrase}`, passphrase.toUpperCase()])
      expect(await refusal(protectedPath, { passphrase: wrong })).toEqual({ code: 'age/passphrase-wrong' })
    expect(await opened(protectedPath, { passphrase })).toBe('done')
    rmSync(out)
    expect(await refusal(plain, { passphrase })).toMatchObject({ code: 'age/no-identity-match' })
  })

  it('that asks for years of work, or hides a passphrase among recipients, is refused at once', async () => {
    const fileKey = generateFileKey()
    const stanza = await scryptRecipient(Buffer.from(passphrase), 10).wrapFileKey(fileKey)
    const costly = headerBytes([{ ...stanza, args: [stanza.args[0] ?? '', '30'] }], fileKey)
    const path = house.input('costly.age', Buffer.concat([costly, randomBytes(48)]))
    expect(await refusal(path, { passphrase })).toEqual({
      code: 'age/work-factor-too-high',
      workFactor: 30,
      limit: 20,
    })
    const mixed = headerBytes([stanza, await identity.recipient().wrapFileKey(fileKey)], fileKey)
    const mixedPath = house.input('mixed.age', Buffer.concat([mixed, randomBytes(48)]))
    expect(await refusal(mixedPath, supplied())).toMatchObject({ code: 'age/header-malformed' })
  })

  it('in armor opens, and says so where its armor is damaged', async () => {
    const text = armor.encode(plainBytes)
    const path = (name: string, changed: string) => house.input(name, changed)
    expect(await opened(path('armored.age', text), supplied())).toBe('done')
    rmSync(out)
    expect(await opened(path('windows.age', `\n\n${text.replaceAll('\n', '\r\n')}\n \n`), supplied())).toBe(
      'done',
    )
    rmSync(out)
    const lines = text.split('\n')
    const damages = [
      text.replace('-----END AGE ENCRYPTED FILE-----', ''),
      text.replace('BEGIN AGE', 'BEGIN AGE X'),
      lines.toSpliced(3, 0, '').join('\n'),
      lines.with(2, `!${lines[2]?.slice(1)}`).join('\n'),
      `${text}more`,
    ]
    for (const [n, damage] of damages.entries())
      expect({ n, failure: await refusal(path(`armor-${n}.age`, damage), supplied()) }).toMatchObject({
        n,
        failure: { code: 'age/armor-malformed' },
      })
    expect(
      await refusal(path('armor-cut.age', lines.toSpliced(100, 300).join('\n')), supplied()),
    ).toMatchObject({
      code: 'age/payload-altered',
    })
  })

  it('that is damaged, anywhere outside the stores too', async () => {
    const start = parseHeader(plainBytes).bytes.length + 16
    const damaged = (change: (bytes: Buffer) => Buffer | void): string => {
      const bytes = Buffer.from(plainBytes)
      return house.input('damaged.age', change(bytes) ?? bytes)
    }
    const flip = (at: number) => (bytes: Buffer) => void bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    expect(
      await refusal(
        damaged((b) => b.subarray(0, -1)),
        supplied(),
      ),
    ).toEqual({
      code: 'age/payload-altered',
      chunkIndex: 2,
    })
    expect(
      await refusal(
        damaged((b) => b.subarray(0, start + 65_552)),
        supplied(),
      ),
    ).toEqual({
      code: 'age/payload-truncated',
    })
    expect(
      await refusal(
        damaged((b) => Buffer.concat([b, b.subarray(start)])),
        supplied(),
      ),
    ).toMatchObject({
      code: expect.stringMatching(/^age\/payload-/) as string,
    })
    expect(await refusal(damaged(flip(start + 70_000)), supplied())).toEqual({
      code: 'age/payload-altered',
      chunkIndex: 1,
    })
    // Another letter of the alphabet in the middle of the MAC: base64 still, and canonical.
    const inMac = (b: Buffer) =>
      void b.write(b.toString('latin1', start - 50, start - 49) === 'A' ? 'B' : 'A', start - 50)
    expect(await refusal(damaged(inMac), supplied())).toEqual({ code: 'age/header-mac-mismatch' })
    expect(
      await refusal(
        damaged(() => Buffer.alloc(0)),
        supplied(),
      ),
    ).toEqual({ code: 'age/not-an-age-file' })
    expect(
      await refusal(
        damaged(() => Buffer.from('hello')),
        supplied(),
      ),
    ).toEqual({
      code: 'age/not-an-age-file',
    })
    expect(await refusal(house.at('missing.age'), supplied())).toMatchObject({ code: 'file/not-found' })
  })
})

describe('an identity file', () => {
  it.each([
    ['empty', '', 'age/identity-malformed'],
    ['with comments only', '# nothing\n', 'age/identity-malformed'],
    ['that is none', 'hello\n', 'age/identity-malformed'],
    ['cut short', secret.slice(0, 50), 'age/identity-malformed'],
    [
      'with a wrong checksum',
      `${secret.slice(0, -1)}${secret.endsWith('Q') ? 'P' : 'Q'}`,
      'age/identity-malformed',
    ],
    [
      'in lower case and upper case',
      `${secret.slice(0, 40)}${secret.slice(40).toLowerCase()}`,
      'age/identity-malformed',
    ],
    ['with a recipient', identity.recipient().text, 'age/identity-malformed'],
    ['with a second line of rubbish', `${secret}\nrubbish\n`, 'age/identity-malformed'],
    ['of 5 MB', 'x'.repeat(5_000_000), 'age/identity-malformed'],
    ['of another', identityText(generateIdentity('X25519')), 'age/no-identity-match'],
    [
      'for after quantum computers',
      identityText(generateIdentity('mlkem768x25519')),
      'age/no-identity-match',
    ],
  ])('%s', async (_, text, code) => {
    const path = house.input('bad-identity.txt', text)
    expect(await refusal(plain, { identity: path })).toMatchObject({ code })
    if (code !== 'age/identity-malformed') return
    const request = { source: { path }, passphrase: null, reverseDestroyed: null }
    expect(await house.invoke('keys:import', request)).toEqual({ ok: false, failure: { code } })
  })

  it('under a passphrase', async () => {
    const fileKey = generateFileKey()
    const header = await bareHeader(scryptRecipient(Buffer.from(passphrase), 10), fileKey)
    const bytes = encryptSmallFile(header, fileKey, randomBytes(16), Buffer.from(`${secret}\n`))
    const path = house.input('identity.age', bytes)
    expect(await refusal(plain, { identity: path })).toEqual({ code: 'age/passphrase-needed' })
    expect(await refusal(plain, { identity: path, passphrase: 'no' })).toEqual({
      code: 'age/passphrase-wrong',
    })
    expect(await opened(plain, { identity: path, passphrase })).toBe('done')
    rmSync(out)
    expect(await refusal(plain, { identity: house.at('missing') })).toMatchObject({ code: 'file/not-found' })
    const cut = house.input('identity-cut.age', bytes.subarray(0, -3))
    expect(await refusal(plain, { identity: cut, passphrase })).toMatchObject({
      code: expect.stringMatching(/^age\/payload-/) as string,
    })
  })
})

describe('what the window refers to', () => {
  it('without having been given it is unknown', async () => {
    const { calls } = house.app()
    const token = newId(PathToken)
    const answers = [
      await calls.invoke('decrypt:age-file', {
        source: { token },
        identity: null,
        passphrase: null,
        target: { token },
        unpack: false,
      }),
      await calls.invoke('age-file:show', { source: { token } }),
      await calls.invoke('keys:import', { source: { token }, passphrase: null, reverseDestroyed: null }),
    ]
    for (const answer of answers)
      expect(answer).toEqual({ ok: false, failure: { code: 'file/token-unknown' } })
    const withPath = await calls.invoke('age-file:show', { source: { path: plain } })
    expect(withPath).toMatchObject({ ok: false, failure: { code: 'call/invalid-request' } })
  })
})

describe('an identity in the wrong place', () => {
  it('is repeated by no answer and no log', async () => {
    const { keyId } = await stored(house, house.input('model.bin', 'model'))
    const typed = house.keychain.items.get(`Weightlock/${keyId}`) ?? ''
    expect(typed).toMatch(/^AGE-SECRET-KEY-1/)
    const rubbish = new Proxy({}, { get: () => typed, has: () => true })
    const everywhere = { query: typed, keyId: typed, name: typed, artifactId: typed, path: typed, to: typed }
    for (const channel of Object.keys(contract) as Channel[])
      if (channel !== 'program:quit')
        for (const request of [typed, rubbish, everywhere, [typed]])
          house.said.push(JSON.stringify(await house.app().terminal().invoke(channel, request)))
    house.said.push(JSON.stringify(await house.app().terminal().invoke(typed, {})))
    await house.invoke('artifacts:find', { query: typed })
    await house.invoke('age-file:show', { source: { path: house.at(typed) } })
    await house.invoke('keys:destroy', { keyId, confirmName: typed })
    expect(house.said.length).toBeGreaterThan(100)
  })
})
