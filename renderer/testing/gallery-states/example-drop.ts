/** What the design's pictures drop: a pickle that runs code, a Hugging Face folder of links, a set of shards. */
import type { EncryptProposal } from '../../../shared/contract/encrypt.ts'
import { artifactId, encryptProposal } from '../builders.ts'

export const exampleProposals: EncryptProposal[] = [
  encryptProposal({
    sources: [0],
    name: 'fraud_detector.pkl',
    sizeBytes: 148_214_802,
    objectName: 'fraud/fraud_detector.v3.pkl.age',
    existing: {
      artifactId: artifactId(1),
      nextVersion: 3,
      separateObjectName: 'fraud/fraud_detector-2.pkl.age',
    },
    summary: {
      kind: 'pickle',
      label: 'pickle · scikit-learn 1.7.2',
      framework: 'scikit-learn',
      malformed: null,
      warning: {
        severity: 'runs-code',
        danger: 'shell-command',
        flagged: ['os.system'],
        flaggedCount: 1,
        hidden: 0,
        importCount: 7,
        incomplete: false,
      },
    },
  }),
  encryptProposal({
    sources: [1],
    name: 'xlm-roberta-fraud-notes',
    isFolder: true,
    sizeBytes: 1_122_406_912,
    files: 14,
    objectName: 'fraud/xlm-roberta-fraud-notes.tar.age',
    summary: {
      kind: 'folder',
      label: 'Hugging Face folder · 14 files',
      framework: null,
      malformed: null,
      warning: null,
    },
    links: { count: 9, outside: ['../../blobs/4a1b', '../../blobs/77f0'], leftOut: [] },
    hidden: ['.gitattributes', '.DS_Store'],
  }),
  encryptProposal({
    sources: [2, 3, 4, 5],
    name: 'txn-llm-6b',
    sizeBytes: 12_929_378_304,
    files: 4,
    objectName: 'fraud/txn-llm-6b.tar.age',
    summary: {
      kind: 'shard-set',
      label: 'safetensors · 3 of 3 shards and their index',
      framework: null,
      malformed: null,
      warning: null,
    },
    shards: { present: 3, of: 3 },
  }),
]

export const awkwardProposals: EncryptProposal[] = [
  encryptProposal({
    sources: [0],
    name: 'customer-churn-gradient-boosting-2026-11-20-final-final.joblib',
    sizeBytes: 5_310_944,
    summary: {
      kind: 'pickle',
      label: 'pickle · joblib',
      framework: 'joblib',
      malformed: null,
      warning: {
        severity: 'unknown',
        danger: null,
        flagged: ['churn.model.Model', 'churn.pipe.Pipe', 'churn.pipe.Scale', 'churn.pipe.Drop'],
        flaggedCount: 4,
        hidden: 1,
        importCount: 31,
        incomplete: true,
      },
    },
  }),
  encryptProposal({
    sources: [1],
    name: 'already.bin.age',
    sizeBytes: 4302,
    offer: 'open',
    summary: { kind: 'age', label: 'age file', framework: null, warning: null, malformed: null },
  }),
  encryptProposal({
    sources: [2],
    name: 'key.txt',
    sizeBytes: 189,
    offer: 'import',
    summary: { kind: 'age-identity', label: 'age identity', framework: null, warning: null, malformed: null },
  }),
  encryptProposal({
    sources: [3],
    name: 'sock\u202eetad.pkl',
    sizeBytes: 0,
    refusal: { code: 'file/is-special', path: '/home/ada/sock', kind: 'socket' },
    summary: { kind: 'binary', label: 'socket', framework: null, warning: null, malformed: null },
  }),
  encryptProposal({
    sources: [4],
    name: 'weights.safetensors',
    sizeBytes: 96_814_229,
    summary: {
      kind: 'safetensors',
      label: 'safetensors',
      framework: null,
      warning: null,
      malformed: 'It is called safetensors, but its header is not JSON.',
    },
  }),
]
