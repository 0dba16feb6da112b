/** Identities stay in the keychain: no answer, no log and no file of the program holds one, but for an export. */
import { readdir, readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Channel, Request } from '../../shared/contract/contract.ts'
import type { ArtifactRow } from '../../shared/domain/artifact.ts'
import type { PathToken } from '../../shared/ids.ts'
import { expect, test } from '../fixtures/app.ts'
import { call, invoke, sourceIn, targetIn } from '../pages/calls.ts'
import { settled } from '../pages/window.ts'

/** What only tells, with a request that fits; ids are of the encrypted sample. */
const telling = (ids: Ids): { [C in Channel]?: Request<C> } => ({
  'program:status': {},
  'program:diagnose': {},
  'keychain:test': {},
  'files:browse': { at: null, files: true, purpose: 'read' },
  'stores:kinds': {},
  'stores:list': {},
  'stores:test': { storeId: ids.storeId },
  'stores:scan': { storeId: ids.storeId },
  'encrypt:inspect': { sources: [ids.exported], storeId: null, folder: '', groupShards: true },
  'age-file:show': { source: { storeId: ids.storeId, objectName: ids.objectName } },
  'artifacts:list': {
    storeId: null,
    folder: '',
    deep: true,
    query: '',
    sort: { by: 'name', descending: false },
    offset: 0,
    limit: 200,
    foreign: true,
  },
  'artifacts:find': { query: ids.name },
  'artifacts:show': { artifactId: ids.artifactId },
  'artifacts:inside': { artifactId: ids.artifactId, version: null },
  'artifacts:copy-as': { artifactId: ids.artifactId, version: null },
  'keys:list': {
    query: '',
    filter: 'all',
    sort: { by: 'name', descending: false },
    offset: 0,
    limit: 200,
  },
  'keys:picture': {},
  'keys:show': { keyId: ids.keyId },
  'keys:import': { source: ids.exported, passphrase: null, reverseDestroyed: null },
  'audit:list': { query: '', category: 'all', since: null, offset: 0, limit: 200 },
  'audit:verify': {},
  'audit:export': { target: ids.auditTarget },
  'jobs:snapshot': {},
  'jobs:history': { offset: 0, limit: 200 },
})
type Ids = Pick<ArtifactRow, 'storeId' | 'objectName' | 'artifactId' | 'keyId' | 'name'> & {
  exported: { token: PathToken }
  auditTarget: { token: PathToken }
}

test('what the window is told, the log and the data folder hold no identity', async ({ page, app }) => {
  const home = homedir()
  await call(page, 'encrypt:sample', {})
  await settled(page)
  const sample = await call(page, 'artifacts:find', { query: 'digits-mlp.safetensors' })
  const exported = await targetIn(page, 'exported-key.txt')
  const auditTarget = await targetIn(page, 'exported-audit.jsonl')
  try {
    const answers: unknown[] = [
      await call(page, 'keys:export', { keyId: sample.keyId, target: exported, understood: true }),
    ]
    // The identity is really out of the keychain, and looks like what is searched for below.
    expect(await readFile(join(home, 'exported-key.txt'), 'utf8')).toContain('AGE-SECRET-KEY-')
    const source = await sourceIn(page, 'exported-key.txt')
    const requests = Object.entries(telling({ ...sample, exported: source, auditTarget }))
    for (const [channel, request] of requests) answers.push(await call(page, channel as Channel, request))
    answers.push(
      await invoke(page, 'keys:export', { keyId: sample.keyId, target: exported, understood: true }),
    )
    expect(JSON.stringify(answers)).toContain(sample.keyId)
    expect(JSON.stringify(answers)).not.toContain('AGE-SECRET-KEY')
    expect(await readFile(join(home, 'exported-audit.jsonl'), 'utf8')).not.toContain('AGE-SECRET-KEY')
  } finally {
    await rm(join(home, 'exported-key.txt'), { force: true })
    await rm(join(home, 'exported-audit.jsonl'), { force: true })
  }
  await app.close()
  const files = await readdir(app.dataFolder, { recursive: true, withFileTypes: true })
  const paths = files.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  expect(paths).toContain(join(app.dataFolder, 'weightlock.log'))
  expect(paths.length).toBeGreaterThan(2)
  for (const path of paths)
    expect([path, (await readFile(path)).includes('AGE-SECRET-KEY')]).toEqual([path, false])
})
