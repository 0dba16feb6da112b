import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type CertificateStatement, certificateType } from '../../shared/domain/certificate.ts'
import { fail } from '../../shared/failure.ts'
import { InstallationId, newId } from '../../shared/ids.ts'
import { artifactRow, jobId, jobView, keyRow, storeId, storeInfo } from './testing/builders.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'
import { run } from './testing/run.ts'

const artifact = artifactRow(1)
const { artifactId, name } = artifact
const folder = mkdtempSync(join(tmpdir(), 'wl-retire-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const hex = 'ab'.repeat(32)

const statement: CertificateStatement = {
  type: certificateType,
  certificateId: jobId(1),
  issuedAt: '2026-11-23T12:58:44.000Z',
  claim: 'All keys were gone.',
  artifact: { artifactId, name },
  versions: [],
  encryption: { format: 'age v1' as const, payload: 'ChaCha20-Poly1305', keyWrapping: ['X25519' as const] },
  keys: [],
  checked: [],
  notProved: [{ what: 'Export of 2026-09-03', detail: '/media/key\u202e.txt', why: 'Out of reach.' }],
  by: {
    who: 'dana',
    via: 'terminal',
    machine: 'ws',
    system: 'Linux',
    tool: 'Weightlock' as const,
    toolVersion: '1.2.3',
    installationId: newId(InstallationId),
  },
}
const scheduled = {
  artifactId,
  name,
  scheduledAt: 0,
  destroyAt: Date.UTC(2026, 11, 3),
  who: 'dana',
  keys: 1,
  deleteCiphertext: false,
  isDue: true,
  waits: 'closed' as const,
}

const owner = (over: FakeHandlers = {}): FakeHandlers => ({
  'artifacts:find': () => artifact,
  'retirement:impact': () => ({
    confirmName: name,
    artifacts: [
      {
        artifactId,
        name,
        ownership: 'owner',
        scheduled: null,
        versions: [
          { version: 1, ciphertextBytes: 300, encryptedAt: 0, status: 'stored', stores: ['models'] },
        ],
      },
    ],
    keys: [
      {
        key: keyRow(1),
        copies: [{ place: 'export', where: '/usb/key.txt', state: 'out-of-reach', at: 0, lastSeenAt: null }],
      },
    ],
    shared: [],
    stores: [],
  }),
  'retirement:start': ({ inDays }) => ({
    jobIds: inDays === null ? [jobId(1)] : [],
    scheduled: inDays === null ? [] : [scheduled],
  }),
  'retirement:scheduled': () => ({ scheduled: [scheduled] }),
  'retirement:cancel': () => ({ scheduled: [] }),
  'retirement:confirm-due': () => ({ jobIds: [jobId(1)] }),
  'jobs:wait': () => ({
    jobs: [jobView(1, { kind: 'retire', outcome: '1 key destroyed and read back; certificate made' })],
    artifacts: [],
  }),
  'certificates:show': () => ({
    row: { certificateId: jobId(1), artifactId, artifactName: name, at: 0 },
    statement,
    signature: 'c2ln',
    publicKeyPem: 'pem',
    publicKeySha256: hex,
    fileNames: { statement: 'a.erase.json', signature: 'a.erase.sig', publicKey: 'a.erase.pub.pem' },
  }),
  'certificates:save': () => ({ locations: ['/w/a.json', '/w/a.sig', '/w/a.pub.pem'] }),
  'certificates:verify': () => ({ statement, publicKeySha256: hex, signedBy: 'another-key' }),
  ...over,
})

describe('weightlock retire', () => {
  it('says what dies, follows the job, and saves its certificate', async () => {
    const target = join(folder, 'a.json')
    const argv = ['retire', name, '--confirm-name', name, '--delete-ciphertext', '--certificate', target]
    const ran = await run(argv, owner())
    expect(ran.owner.requestsOf('retirement:start')).toEqual([
      { artifactIds: [artifactId], confirmName: name, inDays: null, deleteCiphertext: true },
    ])
    expect(ran.owner.requestsOf('certificates:save')).toEqual([
      { certificateId: jobId(1), target: { path: target } },
    ])
    expect(ran.error).toContain('Cannot be reached: Exported file, /usb/key.txt')
    expect(ran.out).toContain('1 key destroyed and read back; certificate made')
    expect(ran.code).toBe(0)
  })

  it('destroys nothing where the certificate cannot be saved', async () => {
    writeFileSync(join(folder, 'taken.sig'), '')
    for (const target of [join(folder, 'missing', 'a.json'), join(folder, 'taken.json')]) {
      const ran = await run(['retire', name, '--confirm-name', name, '--certificate', target], owner())
      expect([ran.code, ran.owner.requestsOf('retirement:start')]).toEqual([1, []])
    }
  })

  it('does not read as if nothing had happened where saving failed afterwards', async () => {
    const target = join(folder, 'b.json')
    const full = () => fail({ code: 'file/disk-full', path: target, neededBytes: null })
    const argv = ['retire', name, '--confirm-name', name, '--certificate', target]
    const ran = await run(argv, owner({ 'certificates:save': full }))
    expect(ran.code).toBe(1)
    expect(ran.out).toContain('1 key destroyed and read back; certificate made')
    expect(ran.error).toContain('Its keys are destroyed, and the certificate is kept here.')
  })

  it('tells what was destroyed also where Ctrl-C came too late', async () => {
    const control = new AbortController()
    const target = join(folder, 'c.json')
    const argv = ['retire', name, '--confirm-name', name, '--certificate', target]
    const handlers = owner({
      'jobs:wait': () => {
        control.abort()
        return {
          jobs: [jobView(1, { kind: 'retire', outcome: '1 key destroyed and read back; certificate made' })],
          artifacts: [],
        }
      },
      'jobs:pause': () => ({ jobs: [] }),
    })
    const ran = await run(argv, handlers, { interrupted: control.signal })
    expect([ran.code, ran.out]).toEqual([0, expect.stringContaining('1 key destroyed and read back')])
    expect(ran.owner.requestsOf('certificates:save')).toHaveLength(1)
  })

  it('schedules, lists what waits and why, cancels, and takes the yes for what fell due', async () => {
    const later = await run(['retire', name, '--confirm-name', name, '--in', '7', '--json'], owner())
    const iso = { scheduledAt: '1970-01-01T00:00:00.000Z', destroyAt: '2026-12-03T00:00:00.000Z' }
    expect(later.result).toEqual({ ok: true, value: { scheduled: [{ ...scheduled, ...iso }] } })
    expect(later.owner.requestsOf('retirement:start')).toMatchObject([{ inDays: 7 }])
    expect((await run(['retire', '--list'], owner())).out).toContain(
      'needs a yes: it fell due while Weightlock was closed',
    )
    const cancelled = await run(['retire', name, '--cancel'], owner())
    expect(cancelled.owner.requestsOf('retirement:cancel')).toEqual([{ artifactIds: [artifactId] }])
    const due = await run(['retire', name, '--due', '--confirm-name', name], owner())
    expect(due.owner.requestsOf('retirement:confirm-due')).toEqual([
      { artifactIds: [artifactId], confirmName: name },
    ])
  })

  it.each([
    [['retire', name, '--confirm-name', name, '--in', '3']],
    [['retire', name]],
    [['retire']],
    [['retire', name, '--list']],
    [['retire', name, '--confirm-name', name, '--in', '7', '--certificate', 'a.json']],
  ])('refuses %j as it was typed', async (argv) => {
    const ran = await run(argv, owner())
    expect(ran.code).toBe(2)
    expect(ran.owner.requestsOf('retirement:start')).toEqual([])
  })
})

describe('weightlock retire --dry-run', () => {
  const bucket = { storeId: storeId(1), store: 'models', objects: 1, bytes: 3e9 }
  const planned = (over: FakeHandlers = {}, stays = true) =>
    owner({
      'stores:list': () => ({ stores: [storeInfo(1, { settings: { price: '0.02 USD' } })] }),
      'retirement:impact': async () => ({
        confirmName: name,
        artifacts: [{ artifactId, name, ownership: 'owner', scheduled: null, versions: [] }],
        keys: [
          {
            key: keyRow(1),
            copies: [
              { place: 'keychain', where: 'k', state: 'present', at: 0, lastSeenAt: null },
              { place: 'export', where: '/usb/key.txt', state: 'out-of-reach', at: 0, lastSeenAt: null },
            ],
          },
          { key: keyRow(2, { state: 'destroyed' }), copies: [] },
        ],
        shared: [
          {
            keyId: keyRow(1).keyId,
            artifactId: artifactRow(2).artifactId,
            name: 'b',
            version: 1,
            staysOpen: stays,
          },
        ],
        stores: [{ ...bucket, objectVersions: 2, objectVersionBytes: 2e9 }],
      }),
      ...over,
    })

  it('prints the plan, and starts nothing', async () => {
    const ran = await run(['retire', name, '--dry-run', '--json'], planned())
    expect([ran.code, ran.result]).toMatchObject([
      0,
      {
        ok: true,
        value: {
          plan: {
            inDays: null,
            artifacts: [{ artifactId, name }],
            keys: [{ keyId: keyRow(1).keyId, createdAt: '2026-11-22T16:42:00.000Z' }],
            copiesElsewhere: [{ place: 'export', where: '/usb/key.txt' }],
            staysOpen: [{ name: 'b', version: 1 }],
            ciphertext: [{ ...bucket, fate: 'stays', monthlyCost: { amount: 0.1, currency: 'USD' } }],
          },
        },
      },
    ])
    expect(ran.owner.requestsOf('retirement:start')).toEqual([])
    const said = await run(['retire', name, '--dry-run', '--delete-ciphertext', '--in', '7'], planned())
    expect(said.out).toContain(
      'Ciphertext is deleted from models: 1 object · 3.00 GB · 2 older object versions',
    )
    expect(said.out).toContain('US$0.10 a month')
    expect(said.owner.requestsOf('retirement:start')).toEqual([])
  })

  it('says why it would be refused', async () => {
    const ran = await run(['retire', name, '--dry-run', '--json'], planned({}, false))
    expect([ran.code, ran.result]).toMatchObject([
      1,
      {
        ok: false,
        failure: { code: 'retirement/key-shared', otherName: 'b' },
        value: { plan: { staysOpen: [] } },
      },
    ])
    for (const more of [['--cancel'], ['--list']])
      expect((await run(['retire', name, '--dry-run', ...more], planned())).code).toBe(2)
  })
})

describe('weightlock certificate verify', () => {
  for (const name of ['c.erase.json', 'c.erase.sig', 'c.erase.pub.pem']) writeFileSync(join(folder, name), '')
  it('says that it fits, whose key that is, and what is not proved', async () => {
    const ran = await run(['certificate', 'verify', 'c.erase.json'], owner(), { cwd: folder })
    expect(ran.code).toBe(0)
    expect(ran.out).toContain('The signature fits.')
    expect(ran.out).toContain('not known here')
    expect(ran.out).toContain('Not proved: Export of 2026-09-03, /media/key')
    expect(ran.out).not.toContain('\u202e')
  })

  it('ends with 4 where a byte was changed', async () => {
    const altered = { 'certificates:verify': () => fail({ code: 'certificate/altered', path: 'a.json' }) }
    const ran = await run(['certificate', 'verify', 'c.erase.json'], owner(altered), { cwd: folder })
    expect([ran.code, ran.error]).toEqual([4, expect.stringContaining('The signature does not fit')])
  })
})
