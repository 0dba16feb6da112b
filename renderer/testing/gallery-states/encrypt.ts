import { askWindow } from '../../lib/window-requests.ts'
import { pathToken, storeId } from '../builders.ts'
import type { GalleryState, Step } from '../gallery-state.ts'
import { awkwardProposals, exampleProposals } from './example-drop.ts'
import { exampleEntries, exampleJob, listed } from './example-store.ts'

const filled = {
  at: `/artifacts/in/${storeId(1)}/fraud`,
  jobs: [exampleJob],
  answers: {
    'artifacts:list': ({ offset, limit }) => listed(exampleEntries, offset, limit),
    'encrypt:inspect': () => ({ proposals: exampleProposals }),
  },
} satisfies Partial<GalleryState>

const select: Step = { click: ['row', 'fraud_detector.pkl'] }

const dragOver = (items: number): Step => ({
  act: () => {
    const dataTransfer = new DataTransfer()
    for (let n = 0; n < items; n++) dataTransfer.items.add(new File(['x'], `item-${n}`))
    window.dispatchEvent(new DragEvent('dragenter', { dataTransfer, bubbles: true }))
  },
})
const names = [
  'fraud_detector.pkl',
  'xlm-roberta-fraud-notes',
  'txn-1.safetensors',
  'txn-2.safetensors',
  'txn-3.safetensors',
  'txn.index.json',
]
const dropped: Step = {
  act: () =>
    askWindow({ ask: 'encrypt', sources: names.map((name, n) => ({ token: pathToken(n + 1), name })) }),
}

export const encryptStates: GalleryState[] = [
  { ...filled, name: 'drop-hovering', steps: [select, { press: 'Escape' }, dragOver(3)] },
  {
    ...filled,
    name: 'drop-released',
    answers: {
      ...filled.answers,
      'encrypt:inspect': () => new Promise(() => {}),
    },
    steps: [dropped, { waitFor: 'Looking inside' }],
  },
  { ...filled, name: 'drop-kinds', steps: [dropped, { waitFor: 'Opening the review' }] },
  { ...filled, name: 'encrypt-sheet', steps: [dropped, { waitFor: 'Object names' }] },
  {
    ...filled,
    name: 'encrypt-sheet-awkward',
    answers: { ...filled.answers, 'encrypt:inspect': () => ({ proposals: awkwardProposals }) },
    steps: [dropped, { waitFor: 'Object names' }],
  },
  {
    ...filled,
    name: 'encrypt-sheet-age-file',
    answers: {
      ...filled.answers,
      'encrypt:inspect': () => ({
        proposals: awkwardProposals.slice(1, 2).map((one) => ({ ...one, sources: [0] })),
      }),
    },
    steps: [dropped, { waitFor: 'encrypted already' }],
  },
  {
    ...filled,
    name: 'encrypt-sheet-failed',
    failures: [['encrypt:start', { code: 'keychain/locked' }]],
    steps: [dropped, { waitFor: 'Object names' }, { press: 'Enter' }, { waitFor: 'What is safe' }],
  },
  {
    ...filled,
    name: 'path-picker',
    answers: {
      ...filled.answers,
      'files:browse': () => ({
        token: pathToken(900),
        path: '/home/ada/models',
        parent: pathToken(899),
        truncated: false,
        entries: [
          { token: pathToken(901), name: 'checkpoints', isFolder: true, sizeBytes: null },
          { token: pathToken(902), name: 'digits-mlp.safetensors', isFolder: false, sizeBytes: 318_400 },
          { token: pathToken(903), name: 'fraud_detector.pkl', isFolder: false, sizeBytes: 148_214_802 },
        ],
      }),
    },
    steps: [
      { click: ['button', 'Encrypt…'] },
      { click: ['menuitem', 'Files…'] },
      { waitFor: 'checkpoints' },
      { click: ['row', 'digits-mlp.safetensors'] },
    ],
  },
]
