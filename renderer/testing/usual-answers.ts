/** What the fake main says to each channel when a test does not say otherwise. */
import { compromisePlan, incident, incidentId, oldObjectVersions } from './compromise-builders.ts'
import { KeyFilter } from '../../shared/contract/keys.ts'
import { KeyState } from '../../shared/domain/key.ts'
import { ArtifactId, KeyId } from '../../shared/ids.ts'
import { defaultSettings } from '../../shared/settings.ts'
import {
  artifactDetails,
  artifactEntry,
  artifactRow,
  digest,
  encryptProposal,
  jobId,
  keychainStatus,
  keyDetails,
  keyRow,
  now,
  pathToken,
  programStatus,
  storeInfo,
} from './builders.ts'
import { kitDrill, kitRow } from './kit-builders.ts'
import { kitId } from './numbered-ids.ts'
import { certificate, retirementImpact } from './retirement-builders.ts'
import { storeKinds, storeTest } from './store-builders.ts'
import { verifyReport } from './verify-builders.ts'
import type { Answers } from './fake-bridge.ts'

const rows = [artifactEntry({ n: 1 })]

export const usualAnswers: Answers = {
  'program:status': () => programStatus(),
  'program:set': (change) => ({ ...defaultSettings, ...change }),
  'keychain:test': () => keychainStatus(),
  'keychain:accept-new': () => keychainStatus(),
  'program:diagnose': () => ({ checks: [{ name: 'Keychain', state: 'ok', detail: 'GNOME Keyring works' }] }),
  'program:claim-data-folder': () => ({}),
  'program:copy-text': () => ({}),
  'program:quit': () => ({ openJobs: 0 }),
  'files:choose': () => ({ chosen: [] }),
  'files:choose-target': () => ({ chosen: null }),
  'files:browse': () => ({
    token: pathToken(900),
    path: '/home/ada',
    parent: null,
    entries: [],
    truncated: false,
  }),
  'files:name-in': ({ name }) => ({ token: pathToken(901), path: `/home/ada/${name}`, exists: false }),
  'stores:kinds': () => storeKinds(),
  'stores:list': () => ({ stores: [storeInfo()] }),
  'stores:add': ({ name }) => storeInfo({ n: 2, name }),
  'stores:remove': () => ({}),
  'stores:make-default': () => ({}),
  'stores:set': ({ name }) => storeInfo(name === undefined ? {} : { name }),
  'stores:test': () => storeTest(),
  'stores:try': () => storeTest(),
  'stores:uploads': () => ({ uploads: [], complete: true }),
  'stores:abort-uploads': () => ({ aborted: [], kept: [] }),
  'stores:scan': () => ({ objects: 14, foreign: 1, missing: 0, at: now }),
  'catalog:rebuild': () => ({ jobId: jobId(70) }),
  'encrypt:inspect': ({ sources }) => ({
    proposals: sources.map((_, n) => encryptProposal({ sources: [n], name: `dropped-${n}.bin` })),
  }),
  'encrypt:start': ({ items }) => ({ jobIds: items.map((_, n) => jobId(100 + n)), refused: [] }),
  'encrypt:sample': () => ({ jobIds: [jobId(100)] }),
  'decrypt:start': () => ({ jobId: jobId(110) }),
  'decrypt:age-file': () => ({ jobId: jobId(111) }),
  'artifacts:list': ({ offset, limit }) => ({
    total: rows.length,
    rows: rows.slice(offset, offset + limit),
    artifacts: rows.length,
    ciphertextBytes: 148_251_120,
    otherObjects: 0,
  }),
  'artifacts:find': () => artifactRow(),
  'artifacts:show': ({ artifactId }) =>
    artifactDetails({ artifact: artifactRow({ artifactId: ArtifactId.parse(artifactId) }) }),
  'artifacts:inside': () => ({ inside: { kind: 'none' }, bytesRead: 0 }),
  'artifacts:object-versions': () => ({ objects: [] }),
  'artifacts:copy-as': () => ({
    choices: [
      { id: 'path', label: 'Path', text: '/srv/models-prod/fraud/fraud_detector.pkl.age' },
      { id: 'object-name', label: 'Object name', text: 'fraud/fraud_detector.pkl.age' },
      {
        id: 'age',
        label: 'age command',
        text: 'age -d -i key.txt -o fraud_detector.pkl fraud_detector.pkl.age',
      },
      {
        id: 'python',
        label: 'Python',
        text: "subprocess.run(['weightlock', 'decrypt', 'fraud/fraud_detector.pkl', '--to', '-'])",
      },
    ],
  }),
  'artifacts:verify': () => ({ jobId: jobId(120) }),
  'artifacts:verify-report': () => verifyReport(),
  'artifacts:save-verify-report': () => ({ location: '/home/ada/verify.txt', results: 3 }),
  'artifacts:adopt': () => ({ jobId: jobId(121) }),
  'artifacts:copy': ({ items }) => ({ jobIds: items.map((_, n) => jobId(140 + n)) }),
  'artifacts:deletion': () => ({
    name: 'fraud/fraud_detector.pkl',
    store: 'models-prod',
    keyState: 'active',
    objects: [
      {
        version: 1,
        objectName: 'fraud/fraud_detector.pkl.age',
        location: '/srv/models-prod/fraud/fraud_detector.pkl.age',
        sizeBytes: 148_251_120,
      },
    ],
    remaining: [],
    keepsObjectVersions: false,
  }),
  'artifacts:delete': ({ items }) => ({ jobIds: items.map((_, n) => jobId(150 + n)) }),
  'artifacts:reveal': () => ({}),
  'age-file:show': () => ({
    name: 'README.md.age',
    sizeBytes: 4302,
    headerBytes: 184,
    plaintextBytes: 4102,
    armored: false,
    stanzaTypes: ['X25519'],
    needsPassphrase: false,
    keyId: null,
    artifactId: null,
    keyHere: false,
  }),
  'keys:list': () => ({
    total: 1,
    rows: [keyRow()],
    counts: Object.fromEntries(
      KeyFilter.options.map((filter) => [filter, filter === 'all' ? 1 : 0]),
    ) as Record<KeyFilter, number>,
  }),
  'keys:picture': () => ({
    lanes: KeyState.options.map((state) => ({
      state,
      count: state === 'active' ? 1 : 0,
      bins: Array.from({ length: 20 }, (_, n) => (state === 'active' && n === 2 ? 1 : 0)),
    })),
  }),
  'keys:show': ({ keyId }) => keyDetails({ key: keyRow({ keyId: KeyId.parse(keyId) }) }),
  'keys:export': () => ({ location: '/home/ada/key.txt' }),
  'keys:import': () => ({ imported: [keyRow()], alreadyKnown: 0 }),
  'keys:destroy': () => ({ jobId: jobId(130) }),
  'retirement:impact': () => retirementImpact(),
  'retirement:start': () => ({ jobIds: [jobId(61)], scheduled: [] }),
  'retirement:scheduled': () => ({ scheduled: [] }),
  'retirement:cancel': () => ({ scheduled: [] }),
  'retirement:confirm-due': () => ({ jobIds: [jobId(61)] }),
  'certificates:list': () => ({ total: 0, rows: [] }),
  'certificates:show': () => certificate(),
  'certificates:save': () => ({ locations: ['/home/ada/embedder-old.onnx.erase.json'] }),
  'certificates:verify': () => {
    const { statement, publicKeySha256 } = certificate()
    return { statement, publicKeySha256, signedBy: 'this-installation' }
  },
  'certificates:pdf': () => ({ location: '/home/ada/embedder-old.onnx.erase.pdf' }),
  'keys:rotation-plan': () => ({
    artifacts: [],
    refused: [],
    rewrap: [],
    reEncrypt: [],
    rewrapSeconds: null,
    reEncryptSeconds: null,
    kits: [],
  }),
  'keys:rotate': () => ({ jobIds: [jobId(131)], refused: [] }),
  'keys:suspend': () => keyRow({ state: 'suspended' }),
  'keys:resume': () => keyRow(),
  'keys:compromise-plan': () => compromisePlan(),
  'keys:revoke': () => ({ incidentId }),
  'incidents:list': () => ({ incidents: [] }),
  'incidents:show': () => incident(),
  'incidents:old-versions': () => oldObjectVersions(),
  'incidents:settle': ({ decisions }) => ({ settled: decisions.length, failures: [] }),
  'incidents:save-report': () => ({ location: '/home/ada/incident.txt' }),
  'artifacts:archive': ({ artifactIds }) => ({ changed: artifactIds.map((id) => ArtifactId.parse(id)) }),
  'kits:list': () => ({ kits: [kitRow()], coverage: { keys: 14, inKits: 14 } }),
  'kits:lacks': () => ({ total: 0, rows: [] }),
  'kits:create': ({ passphrase }) => ({
    jobId: jobId(60),
    kitId: kitId(1),
    generated:
      'generate' in passphrase
        ? 'lantern-gravel-orbit-velvet-pebble-cricket-harvest-tulip-saddle-walnut'
        : null,
  }),
  'kits:drill': () => kitDrill(),
  'kits:restore': () => ({ jobId: jobId(61), identities: 14 }),
  'kits:forget': () => ({}),
  'audit:list': () => ({ total: 0, entries: 0, rows: [] }),
  'audit:verify': () => ({
    intact: true,
    entries: 1,
    checkedAt: now,
    headHash: digest(9),
    brokenAt: null,
    reason: null,
    tailVouched: true,
  }),
  'audit:export': () => ({ location: '/home/ada/audit.jsonl', entries: 1 }),
  'jobs:snapshot': () => ({ jobs: [] }),
  'jobs:history': () => ({ total: 0, jobs: [] }),
  'jobs:pause': () => ({ jobs: [] }),
  'jobs:resume': () => ({ jobs: [] }),
  'jobs:cancel': () => ({ jobs: [] }),
  'jobs:dismiss': () => ({ jobs: [] }),
  'jobs:wait': () => ({ jobs: [], artifacts: [] }),
  'jobs:save-report': () => ({ location: '/home/ada/report.txt' }),
  'jobs:reveal': () => ({}),
  'jobs:gone': () => {
    const { artifactId, name, storeId, store, objectName } = artifactRow()
    return { artifactId, name, objects: [{ version: 1, storeId, store, objectName }] }
  },
  'jobs:give-up': () => ({}),
}
