/** An artifact in a bucket: its URI, the commands that open it, and what the bucket keeps of it. */
import type { StoreEntry } from '../../../shared/domain/store.ts'
import { artifactDetails, dayMs, now, storeId, storeInfo } from '../builders.ts'
import type { Answers } from '../fake-bridge.ts'
import type { GalleryState } from '../gallery-state.ts'
import { bucketInfo } from '../store-builders.ts'
import { creditRisk, creditRiskDetails } from './example-artifact.ts'
import { exampleInside } from './example-inside.ts'
import { exampleEntries, listed } from './example-store.ts'

const uriOf = (objectName: string): string => `s3://acme-models-prod/${objectName}`
const inBucket = (entry: StoreEntry): StoreEntry =>
  entry.type === 'artifact' ? { ...entry, location: uriOf(entry.objectName) } : entry
const entries = exampleEntries.map(inBucket)
const objectName = 'fraud/credit-risk-v7.v2.safetensors.age'
const uri = uriOf(objectName)
const details = artifactDetails({
  ...creditRiskDetails,
  artifact: { ...creditRisk, objectName, location: uri },
  versions: creditRiskDetails.versions.map((version) => ({
    ...version,
    objects: version.objects.map((object) =>
      object.storeId === storeId(1) ? { ...object, location: uriOf(object.objectName) } : object,
    ),
  })),
})
const answers: Partial<Answers> = {
  'stores:list': () => ({
    stores: [
      bucketInfo({ n: 1, isDefault: true, location: 's3://acme-models-prod' }),
      storeInfo({ n: 2, name: 'nas-02', location: '/mnt/nas-02/models', isDefault: false }),
    ],
  }),
  'artifacts:list': ({ offset, limit }) => listed(entries, offset, limit),
  'artifacts:show': () => details,
  'artifacts:inside': () => ({ inside: exampleInside, bytesRead: 24_117_248 }),
  'artifacts:copy-as': () => ({
    choices: [
      { id: 'path', label: 'URI', text: uri },
      { id: 'object-name', label: 'Object name', text: objectName },
      {
        id: 'age',
        label: 'age command',
        text: `aws s3 cp --region eu-central-1 --profile ml-prod ${uri} - | age -d -i key.txt -o credit-risk-v7.safetensors`,
      },
      {
        id: 'python',
        label: 'Python',
        text: 'subprocess.run(["weightlock", "decrypt", "fraud/credit-risk-v7.safetensors", "--to", "-"])',
      },
    ],
  }),
  'artifacts:object-versions': () => ({
    objects: [
      {
        storeId: storeId(1),
        store: 'models-prod',
        objectName,
        failure: null,
        versions: [
          { versionId: '3HL4kqtJvjVBH40Nrjfkd', isLatest: true, isDeleteMarker: false, ago: 1 },
          { versionId: 'UIORUnfndfiufdisojhr', isLatest: false, isDeleteMarker: true, ago: 3 },
          { versionId: 'Dp5XZqKXvK2Jt1u0aTq7B', isLatest: false, isDeleteMarker: false, ago: 40 },
        ].map(({ ago, ...version }) => ({
          ...version,
          modifiedAt: now - ago * dayMs,
          sizeBytes: version.isDeleteMarker ? 0 : creditRisk.ciphertextBytes,
        })),
      },
    ],
  }),
}
const opened: GalleryState['steps'] = [
  { click: ['row', 'credit-risk-v7.safetensors'] },
  { waitFor: 'Partly verified' },
]
const at = `/artifacts/in/${storeId(1)}/fraud`

export const bucketStates: GalleryState[] = [
  {
    name: 'artifacts-bucket-copy-as',
    at,
    answers,
    steps: [...opened, { click: ['button', 'Copy as'] }, { waitFor: 'age command' }, { press: 'ArrowDown' }],
  },
  {
    name: 'artifacts-bucket-versions',
    at,
    answers,
    steps: [...opened, { click: ['button', 'List them'] }, { waitFor: 'latest' }],
  },
  {
    name: 'artifacts-bucket-versions-denied',
    at,
    answers: {
      ...answers,
      'artifacts:object-versions': () => ({
        objects: [
          {
            storeId: storeId(1),
            store: 'models-prod',
            objectName,
            versions: [],
            failure: {
              code: 'store/permission-missing',
              store: 'models-prod',
              permission: 's3:ListBucketVersions',
            },
          },
        ],
      }),
    },
    steps: [...opened, { click: ['button', 'List them'] }, { waitFor: 'denies' }],
  },
]
