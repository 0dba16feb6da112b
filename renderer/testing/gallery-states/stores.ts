/** Settings of stores, in every state. */
import { storeId, storeInfo } from '../builders.ts'
import type { Answers } from '../fake-bridge.ts'
import type { GalleryState } from '../gallery-state.ts'
import { bucketInfo, bucketTest, lacking, storeTest } from '../store-builders.ts'

const local = '/home/ada/Weightlock'
const stores = [
  storeInfo({
    name: 'Local',
    settings: { path: local },
    location: local,
    artifacts: 1058,
    ciphertextBytes: 812.4e9,
  }),
  bucketInfo({ n: 2, artifacts: 214, ciphertextBytes: 1.86e12 }),
  storeInfo({
    n: 3,
    name: 'nas-berlin',
    settings: { path: '/mnt/nas-berlin/models' },
    location: '/mnt/nas-berlin/models',
    isDefault: false,
    artifacts: 0,
    ciphertextBytes: 0,
    freeBytes: null,
    exists: false,
  }),
  bucketInfo({
    n: 4,
    name: 'minio-here',
    artifacts: 0,
    ciphertextBytes: 0,
    location: 's3://models',
    settings: {
      preset: 'minio',
      bucket: 'models',
      endpoint: 'http://127.0.0.1:9000',
      pathStyle: true,
      credentials: 'typed',
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      ca: '/etc/ssl/lab/lab-ca.pem',
    },
  }),
]
const many: Partial<Answers> = {
  'stores:list': () => ({ stores }),
  'stores:test': () => bucketTest(),
}
const tested = (test: Answers['stores:test']): Partial<Answers> => ({ ...many, 'stores:test': test })
const inBucket = `/settings/stores/${storeId(2)}`
const inFolder = `/settings/stores/${storeId(1)}`
const onLoopback = `/settings/stores/${storeId(4)}`
const test: GalleryState['steps'] = [{ click: ['button', 'Test'] }]
const asBucket: GalleryState['steps'] = [{ click: ['combobox', 'Kind'] }, { click: ['option', 'S3 bucket'] }]
const folderCheck = { isOptional: false, group: 'use', permission: null } as const

export const storesStates: GalleryState[] = [
  {
    name: 'settings-stores',
    at: inBucket,
    answers: tested(() => bucketTest(['AbortMultipartUpload'])),
    steps: test,
  },
  { name: 'settings-stores-all-right', at: inBucket, answers: many, steps: test },
  { name: 'settings-stores-testing', at: inBucket, answers: many, hanging: ['stores:test'], steps: test },
  {
    name: 'settings-stores-denied-much',
    at: inBucket,
    answers: tested(() =>
      bucketTest(
        ['PutObject', 'ListBucket', 'AbortMultipartUpload', 'ListBucketVersions'],
        [
          {
            ...lacking('Clean up', '1 upload could not be aborted'),
            isOptional: false,
            group: 'left-behind',
          },
        ],
      ),
    ),
    steps: test,
  },
  {
    name: 'settings-stores-denied-optional',
    at: inBucket,
    answers: tested(() => bucketTest(['ListBucketVersions', 'DeleteObjectVersion'])),
    steps: test,
  },
  {
    name: 'settings-stores-clock-skew',
    at: inBucket,
    answers: tested(() => ({
      ...storeTest({ tookMs: 210, failure: { code: 'store/clock-skew', store: 'models-prod' } }),
      checks: [{ ...lacking('Connect', ''), isOptional: false }],
    })),
    steps: test,
  },
  {
    name: 'settings-stores-server-lacks',
    at: onLoopback,
    answers: tested(() =>
      bucketTest(
        [],
        [
          { ...lacking('Connect', 'not encrypted: this machine only'), group: 'connection', passed: true },
          lacking('Conditional writes', 'ignored: looked up first'),
          lacking('Object versions', 'off'),
          lacking('Checksums', 'none: size alone'),
        ],
      ),
    ),
    steps: test,
  },
  { name: 'settings-stores-loopback', at: onLoopback, answers: many },
  {
    name: 'settings-stores-changed',
    at: inBucket,
    answers: many,
    steps: [
      ...test,
      { waitFor: 'Permissions' },
      { click: ['textbox', 'Region'] },
      { press: 'End' },
      { type: '-2' },
    ],
  },
  {
    name: 'settings-stores-folder',
    at: inFolder,
    answers: tested(() => storeTest()),
    steps: test,
  },
  {
    name: 'settings-stores-failed-test',
    at: inFolder,
    answers: tested(() =>
      storeTest({
        tookMs: 5012,
        checks: [
          { ...folderCheck, name: 'List', passed: true, detail: '1,058 objects' },
          { ...folderCheck, name: 'Write', passed: false, detail: 'The store is read-only' },
        ],
      }),
    ),
    steps: test,
  },
  { name: 'settings-stores-one', at: '/settings' },
  { name: 'settings-stores-missing', at: `/settings/stores/${storeId(3)}`, answers: many },
  { name: 'settings-stores-add', at: '/settings/stores/add', answers: many },
  { name: 'settings-stores-add-bucket', at: '/settings/stores/add', answers: many, steps: asBucket },
  {
    name: 'settings-stores-add-tested',
    at: '/settings/stores/add',
    answers: { ...many, 'stores:try': () => bucketTest() },
    steps: [
      ...asBucket,
      { click: ['textbox', 'Bucket'] },
      { type: 'acme-models-prod' },
      { click: ['button', 'Test'] },
    ],
  },
  {
    name: 'settings-stores-add-plain',
    at: '/settings/stores/add',
    answers: many,
    steps: [
      ...asBucket,
      { click: ['textbox', 'Endpoint'] },
      { type: 'http://minio.lab:9000' },
      { click: ['button', 'Add store'] },
    ],
  },
  {
    name: 'settings-stores-add-typed',
    at: '/settings/stores/add',
    answers: many,
    steps: [...asBucket, { click: ['combobox', 'Credentials'] }, { click: ['option', 'Typed in'] }],
  },
  {
    name: 'settings-stores-add-invalid',
    at: '/settings/stores/add',
    answers: many,
    steps: [{ click: ['button', 'Add store'] }],
  },
  {
    name: 'settings-stores-remove-empty',
    at: onLoopback,
    answers: many,
    steps: [{ click: ['button', 'Remove…'] }],
  },
  {
    name: 'settings-stores-remove',
    at: inBucket,
    answers: many,
    steps: [{ click: ['button', 'Remove…'] }],
  },
  {
    name: 'settings-stores-remove-refused',
    at: `/settings/stores/${storeId(3)}`,
    answers: many,
    failures: [['stores:remove', { code: 'store/in-use', store: 'nas-berlin', artifacts: 214 }]],
    steps: [{ click: ['button', 'Remove…'] }, { click: ['button', 'Remove 1 store'] }],
  },
  { name: 'settings-stores-loading', at: '/settings', hanging: ['stores:list'] },
  {
    name: 'settings-stores-failed',
    at: '/settings',
    failures: [['stores:list', { code: 'catalog/damaged', detail: 'page 7' }]],
  },
]
