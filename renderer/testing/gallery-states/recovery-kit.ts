import { artifactDetails, artifactRow, jobId, jobView, keyRow, now, pathToken } from '../builders.ts'
import type { Answers } from '../fake-bridge.ts'
import type { GalleryState } from '../gallery-state.ts'
import { kitDrill, kitRow } from '../kit-builders.ts'
import { kitId } from '../numbered-ids.ts'

const at = '/settings/recovery-kit'
const some: Partial<Answers> = {
  'kits:list': () => ({
    kits: [
      kitRow({
        where: '/media/ada/SAFE/weightlock-kit-2026-11-23.age',
        drilledAt: null,
        holds: 1301,
        lacks: 0,
      }),
      kitRow({
        n: 9,
        holds: 1287,
        lacks: 14,
        drilledAt: now - 40 * 86_400_000,
        madeAt: now - 41 * 86_400_000,
      }),
      kitRow({
        n: 200,
        where: '/home/ada/Documents/kits/old-laptop.age',
        madeHere: false,
        holds: 640,
        lacks: 661,
        needsNewAge: true,
        holdsDestroyed: 3,
        failedDrill: {
          at: now - 7_200_000,
          failure: { code: 'kit/opens-nothing', identities: 643, tried: 20 },
        },
      }),
    ],
    coverage: { keys: 1301, inKits: 1287 },
  }),
  'kits:lacks': () => ({
    total: 14,
    rows: Array.from({ length: 12 }, (_, n) => keyRow({ n, alias: `fraud_detector_${n}.pkl · key 2` })),
  }),
  'files:choose-target': () => ({
    chosen: { token: pathToken(7), path: '/media/ada/SAFE/weightlock-kit-2026-11-23.age' },
  }),
  'files:choose': () => ({ chosen: [{ token: pathToken(8), name: 'weightlock-kit-2026-11-23.age' }] }),
}
const status: GalleryState['status'] = { nativeDialogs: true }
const ended = (n: number, kind: 'make-kit' | 'restore', outcome: string) => ({
  act: (
    bridge: Parameters<Extract<NonNullable<GalleryState['steps']>[number], { act: unknown }>['act']>[0],
  ) =>
    bridge.emit('jobs:changed', {
      jobs: [jobView({ n, jobId: jobId(n), kind, state: 'done', outcome, endedAt: now })],
      removed: [],
    }),
})
const makes: GalleryState['steps'] = [
  { click: ['button', 'Make a recovery kit…'] },
  { click: ['button', 'Choose…'] },
]

const lost = artifactRow({ n: 1, name: 'fraud/fraud_detector.pkl', isKeyMissing: true })

export const recoveryKitStates: GalleryState[] = [
  {
    name: 'artifact-key-lost',
    at: '/artifacts',
    answers: {
      'artifacts:list': () => ({
        total: 1,
        rows: [{ type: 'artifact', ...lost }],
        artifacts: 1,
        ciphertextBytes: lost.ciphertextBytes,
        otherObjects: 0,
      }),
      'artifacts:show': () => {
        const shown = artifactDetails({ artifact: lost })
        return { ...shown, keys: shown.keys.map((key) => ({ ...key, isMissing: true })) }
      },
    },
    status: { counts: { artifacts: 1, keys: 1, rotationDue: 0, openJobs: 0, archived: 3 } },
    steps: [{ click: ['row', 'fraud_detector.pkl'] }],
  },
  { name: 'kits', at, status, answers: some },
  { name: 'kits-lacking', at, status, answers: some, steps: [{ click: ['button', 'lacks 14 keys'] }] },
  {
    name: 'kits-none',
    at,
    status,
    answers: { 'kits:list': () => ({ kits: [], coverage: { keys: 14, inKits: 0 } }) },
  },
  { name: 'kits-create', at, status, answers: some, steps: makes },
  {
    name: 'kits-create-own',
    at,
    status,
    answers: some,
    steps: [...makes, { click: ['radio', 'My own'] }, { press: 'Tab' }, { type: 'lantern gravel mango' }],
  },
  {
    name: 'kits-made',
    at,
    status,
    answers: some,
    steps: [
      ...makes,
      { click: ['button', 'Put 1,301 keys into a kit'] },
      ended(60, 'make-kit', '1,301 keys in it; counts after a drill'),
    ],
  },
  {
    name: 'kits-drill-passed',
    at,
    status,
    answers: { ...some, 'kits:drill': () => kitDrill(kitRow({ holds: 1287, lacks: 14 })) },
    steps: [
      { click: ['button', 'Drill…'] },
      { type: 'lantern-gravel-orbit-velvet-pebble-cricket-harvest-tulip-saddle-walnut' },
      { click: ['button', 'Try the kit'] },
    ],
  },
  {
    name: 'kits-drill-failed',
    at,
    status,
    answers: some,
    failures: [['kits:drill', { code: 'age/passphrase-wrong' }]],
    steps: [{ click: ['button', 'Drill…'] }, { type: 'wrong' }, { click: ['button', 'Try the kit'] }],
  },
  {
    name: 'kits-restored',
    at,
    status,
    answers: some,
    steps: [
      { click: ['button', 'Restore from a kit…'] },
      { click: ['button', 'Choose…'] },
      { press: 'Tab' },
      { type: 'lantern-gravel-orbit-velvet-pebble-cricket-harvest-tulip-saddle-walnut' },
      { click: ['button', 'Restore its keys'] },
      ended(61, 'restore', '14 keys restored'),
    ],
  },
  { name: 'kits-sheet', at: `/kits/${kitId(1)}/sheet`, status },
]
