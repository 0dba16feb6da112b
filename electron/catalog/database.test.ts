import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openOperations } from './operations.ts'
import { migrations } from './schema.ts'
import { addStore, catalogInThread, destroyKey, encrypt } from './testing/catalog-in-thread.ts'

/** Time to spare on a machine that is busy with other things. */
vi.setConfig({ testTimeout: 60_000 })

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weightlock-database-'))
  path = join(folder, 'catalog.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = () => openOperations(path, 'machine-1')
const make = (artifacts = 3) => {
  const catalog = catalogInThread(folder)
  const storeId = addStore(catalog)
  for (let n = 0; n < artifacts; n++) encrypt(catalog, storeId, `model-${n}.pkl`)
  return { catalog, storeId }
}
/** Looking at a file leaves an empty write-ahead log beside it. */
const hashes = () =>
  readdirSync(folder)
    .filter((name) => !name.endsWith('-shm') && statSync(join(folder, name)).size > 0)
    .toSorted()
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    )

describe('a new catalog', () => {
  it('has an installation, the newest schema, and the rules that keep what was committed', () => {
    const database = open()
    const installation = database.carryOut('installation', []).value
    expect(installation).toMatchObject({ machineId: 'machine-1' })
    database.close()
    const db = new DatabaseSync(path)
    const pragma = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]
    expect(pragma('user_version')).toBe(migrations.length)
    expect(pragma('journal_mode')).toBe('wal')
    expect(pragma('foreign_key_check')).toBeUndefined()
    db.close()
    const again = openOperations(path, 'machine-2')
    expect(again.carryOut('installation', []).value).toEqual(installation)
    again.close()
  })

  it('is made where an interrupted first start left an empty file', () => {
    writeFileSync(path, '')
    const database = open()
    expect(database.carryOut('counts', []).value).toEqual({
      artifacts: 0,
      keys: 0,
      rotationDue: 0,
      openJobs: 0,
      archived: 0,
    })
    database.close()
  })
})

const damages: [string, () => void][] = [
  [
    'is no database',
    () => writeFileSync(path, 'not a database at all, just a text that is long enough to be read'),
  ],
  ['lost its second half', () => truncateSync(path, Math.floor(statSync(path).size / 8192) * 4096)],
  ['has a page of noise', () => overwrite(4096 * 6, 4096)],
  ['has a header of noise', () => overwrite(0, 100)],
  ['lost a table', () => withShell((db) => db.exec('DROP TABLE key_events'))],
  ['lost a trigger', () => withShell((db) => db.exec('DROP TRIGGER audit_is_never_cut'))],
  ['lost its installation', () => withShell((db) => db.exec('DELETE FROM installation'))],
  [
    'is another program’s',
    () => {
      rmSync(path)
      withShell((db) => db.exec('CREATE TABLE other (x)'))
    },
  ],
]

function withShell(edit: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(path)
  edit(db)
  db.close()
}

function overwrite(offset: number, length: number): void {
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(length, 0xa5), 0, length, offset)
  closeSync(file)
}

describe('a catalog that cannot be used', () => {
  it.each(damages)('because it %s is refused as damaged and left as it is, byte for byte', (_, damage) => {
    make(20).catalog.close()
    damage()
    const before = hashes()
    expect(open).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'catalog/damaged' }) as unknown }),
    )
    expect(hashes()).toEqual(before)
  })

  it('because a newer program wrote it is refused and left as it is', () => {
    make().catalog.close()
    withShell((db) => db.exec('PRAGMA user_version = 99; CREATE TABLE of_the_future (x)'))
    const before = hashes()
    expect(open).toThrow(
      expect.objectContaining({
        failure: { code: 'catalog/newer', found: 99, supported: migrations.length },
      }),
    )
    expect(hashes()).toEqual(before)
  })

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'because it may not be read says so',
    () => {
      make().catalog.close()
      const isRoot = process.getuid?.() === 0
      if (isRoot || process.platform === 'win32')
        return expect(isRoot || process.platform === 'win32').toBe(true)
      chmodSync(path, 0)
      expect(open).toThrow(expect.objectContaining({ failure: { code: 'file/permission-denied', path } }))
    },
  )

  it('because its folder is not there says so', () => {
    path = join(folder, 'none', 'catalog.sqlite')
    expect(open).toThrow(expect.objectContaining({ failure: { code: 'file/permission-denied', path } }))
  })
})

describe('what was forgotten', () => {
  const secret = 'inner-name-that-must-be-gone'
  const manifest = { entries: Array.from({ length: 50 }, (_, n) => `${secret}-${n}/weights.bin`) }
  const found = () => readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(secret))

  it('is gone from every file of the catalog when a key is destroyed and nothing else opens it', () => {
    const { catalog, storeId } = make()
    const { artifactId, keyId } = encrypt(catalog, storeId, 'bert', { isFolder: true, facts: { manifest } })
    encrypt(catalog, storeId, 'later.pkl')
    expect(found()).not.toEqual([])
    destroyKey(catalog, keyId)
    expect(found()).toEqual([])
    expect(catalog.versionForOpening(artifactId, null).manifest).toBeNull()
    catalog.close()
    expect(found()).toEqual([])
  })

  it('goes from the journal too', () => {
    const { catalog, storeId } = make()
    const { jobId, keyId } = encrypt(catalog, storeId, 'a.pkl')
    catalog.appendStep(jobId, 'payload', { described: secret.repeat(300) })
    catalog.appendStep(jobId, 'later', null)
    expect(found()).not.toEqual([])
    destroyKey(catalog, keyId)
    expect(found()).toEqual([])
    expect(catalog.steps(jobId).find(({ step }) => step === 'payload')?.facts).toBeNull()
    catalog.close()
  })
})

describe('a crash', () => {
  it('between two operations loses neither, and undoes nothing', () => {
    const { catalog, storeId } = make()
    encrypt(catalog, storeId, 'last.pkl')
    const head = catalog.auditHead()
    const copy = mkdtempSync(join(tmpdir(), 'weightlock-crashed-'))
    for (const name of readdirSync(folder).filter((each) => !each.endsWith('-shm')))
      writeFileSync(join(copy, name), readFileSync(join(folder, name)))
    catalog.close()
    const after = catalogInThread(copy)
    expect(after.auditHead()).toEqual(head)
    expect(after.findArtifact('last.pkl').status).toBe('stored')
    after.dispose()
  })
})
