/** The program in a process of its own: uploads a file that is larger than any disk here, and stops after some parts. */
import { peakMemoryBytes } from '../../bench/peak-memory.ts'
import { openHouse, startEncrypt } from '../faults/house.ts'

/** What it is asked, as its one argument. */
export type LargeUpload = { endpoint: string; sourcePath: string; stopAfterParts: number }
/** What it prints at its end. */
export type LargeUploadSeen = { parts: number; peakBytes: number }

const { endpoint, sourcePath, stopAfterParts } = JSON.parse(process.argv[2] ?? '') as LargeUpload

const house = await openHouse()
try {
  const { storeId } = await house.call('stores:add', {
    name: 'bucket',
    kind: 's3',
    // AWS takes objects of 48.8 TiB.
    settings: {
      preset: 'aws',
      bucket: 'models',
      region: 'us-east-1',
      endpoint,
      pathStyle: true,
      accessKeyId: 'nobody',
    },
    paths: {},
    secrets: { secretAccessKey: 'looks at it' },
  })
  let parts = 0
  const { promise: reached, resolve, reject } = Promise.withResolvers<void>()
  house.onStep = (step, when) => {
    if (step === 'part-done' && when === 'after' && ++parts === stopAfterParts) resolve()
  }
  const started = await startEncrypt(house, sourcePath, { storeId })
  if (!('jobId' in started)) throw new Error(started.failure.code)
  const { jobId } = started
  house
    .call('jobs:wait', { jobIds: [jobId] })
    .then(({ jobs }) => reject(new Error(`it ended: ${JSON.stringify(jobs[0]?.failure)}`)), reject)
  await reached
  const seen: LargeUploadSeen = { parts, peakBytes: peakMemoryBytes() }
  await house.call('jobs:cancel', { jobIds: [jobId] })
  console.log(JSON.stringify(seen))
} finally {
  await house.stop()
}
