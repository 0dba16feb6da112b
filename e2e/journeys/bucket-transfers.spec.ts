/** Uploads into a bucket that stand still and go on: paused and quit, or paused by what the server says. */
import { test as journey } from '../fixtures/s3.ts'
import { artifactsScreen } from '../pages/artifacts.ts'
import { lookThroughAxe } from '../pages/axe.ts'
import { encryptSheet } from '../pages/encrypt-sheet.ts'
import { dropFiles, expect, someBytes } from '../pages/journey.ts'
import { openedByAge, sha256 } from '../pages/proof.ts'
import { holdUpload, partsSent } from '../pages/held-upload.ts'
import { addDefaultBucket } from '../pages/stores.ts'
import { jobOnScreen } from '../pages/transfers.ts'
import { goTo, settled } from '../pages/window.ts'
import { s3Error, startS3Proxy, type S3Proxy } from '../../scripts/test/s3-proxy.ts'

const test = journey.extend<{ between: S3Proxy }>({
  between: async ({ server }, use) => {
    const proxy = await startS3Proxy(server)
    await use(proxy)
    await proxy.stop()
  },
})

/** Four parts of 16 MiB. */
const sizeBytes = 52_500_000

test('an upload is paused, the program quit, and only what is missing is sent after the restart', async ({
  page,
  app,
  files,
  keyring,
  server,
  between: proxy,
  aws,
}) => {
  const bucket = await server.makeBucket()
  const { region, root } = server
  const { endpoint } = proxy
  await addDefaultBucket(page, { name: 'prod', bucket, endpoint, region, ...root })
  const model = await files.write('model.bin', someBytes(sizeBytes))
  const held = holdUpload(proxy, 'model.bin')
  await dropFiles(page, [model])
  await encryptSheet(page).start()
  await goTo(page, 'Transfers')
  const job = jobOnScreen(page, 'model.bin')
  await expect(job.row.getByText('2 of 4 parts')).toBeVisible()
  await job.button('Pause').click()
  held.release('cut')
  await expect(job.paused).toBeVisible()
  await expect(job.row.getByText('2 of 4 parts')).toBeVisible()

  await app.close()
  const [upload, ...others] = await aws.uploads(bucket)
  if (upload === undefined) throw new Error('no upload stayed')
  expect(others).toEqual([])
  expect(upload.key).toBe('model.bin.age')
  const stayed = await aws.parts(bucket, upload)
  expect(stayed).toHaveLength(2)

  proxy.meet(null)
  proxy.requests.length = 0
  const again = await app.reopen()
  await goTo(again, 'Transfers')
  const resumed = jobOnScreen(again, 'model.bin')
  await expect(resumed.paused).toBeVisible()
  await resumed.button('Resume').click()
  await expect(resumed.row.getByText('Stored and verified')).toBeVisible()
  const sent = partsSent(proxy, 'model.bin')
  expect(sent.map(({ query }) => query.get('uploadId'))).toEqual([upload.uploadId, upload.uploadId])
  const numbers = sent.map(({ query }) => Number(query.get('partNumber')))
  expect([...stayed, ...numbers].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4])
  expect(await aws.uploads(bucket)).toEqual([])
  await aws.copy(`s3://${bucket}/model.bin.age`, files.path('downloaded.age'))
  expect(await openedByAge(keyring, files.path('downloaded.age'))).toBe(await sha256(model))
  await goTo(again, 'Artifacts')
  await artifactsScreen(again).decryptTo('model.bin', files.path('opened.bin'))
  expect(await sha256(files.path('opened.bin'))).toBe(await sha256(model))
})

test('credentials expire in the middle of an upload: it is paused with the reason, and goes on when resumed', async ({
  page,
  files,
  keyring,
  server,
  between: proxy,
  aws,
}) => {
  const axe = await lookThroughAxe(page)
  const bucket = await server.makeBucket()
  const { region, root } = server
  const { endpoint } = proxy
  await addDefaultBucket(page, { name: 'prod', bucket, endpoint, region, ...root })
  const model = await files.write('model.bin', someBytes(sizeBytes))
  const held = holdUpload(proxy, 'model.bin')
  await dropFiles(page, [model])
  await encryptSheet(page).start()
  await goTo(page, 'Transfers')
  const job = jobOnScreen(page, 'model.bin')
  await expect(job.row.getByText('2 of 4 parts')).toBeVisible()
  held.release(s3Error(400, 'ExpiredToken'))
  await expect(job.paused).toBeVisible()
  await expect(job.failure).toHaveAccessibleName('model.bin: The credentials have expired')
  await expect(job.failure).toContainText('Those of “prod” were valid for a time that is over')
  await expect(job.failure).toContainText('Sign in again, then resume')
  await axe.at('paused by expired credentials')
  expect((await aws.uploads(bucket)).map(({ key }) => key)).toEqual(['model.bin.age'])

  // Nobody has signed in again yet.
  const asked = proxy.requests.length
  await job.failure.getByRole('button', { name: 'Resume' }).click()
  await expect.poll(() => proxy.requests.length).toBeGreaterThan(asked)
  await settled(page)
  await expect(job.failure).toHaveAccessibleName('model.bin: The credentials have expired')
  proxy.meet(null)
  proxy.requests.length = 0
  await job.failure.getByRole('button', { name: 'Resume' }).click()
  await expect(job.row.getByText('Stored and verified')).toBeVisible()
  await expect(job.failure).toBeHidden()
  expect(partsSent(proxy, 'model.bin')).toHaveLength(2)
  expect(await aws.uploads(bucket)).toEqual([])
  await aws.copy(`s3://${bucket}/model.bin.age`, files.path('downloaded.age'))
  expect(await openedByAge(keyring, files.path('downloaded.age'))).toBe(await sha256(model))
  expect(axe.found).toEqual([])
})
