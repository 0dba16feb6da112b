/** Ciphertext goes to a bucket and back without its key, and is deleted; its key is not. */
import { writeFile } from 'node:fs/promises'
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { test } from '../fixtures/s3.ts'
import { artifactsScreen } from '../pages/artifacts.ts'
import { lookThroughAxe } from '../pages/axe.ts'
import { encrypt } from '../pages/encrypt-sheet.ts'
import { expect, someBytes } from '../pages/journey.ts'
import { openedByAge, sha256, storedFiles } from '../pages/proof.ts'
import { addBucket } from '../pages/stores.ts'
import { closeNotices, dialog, goTo, settled } from '../pages/window.ts'

test('copied to a bucket, deleted from the folder, moved back, deleted for good: the key stays through all of it', async ({
  page,
  files,
  app,
  keyring,
  server,
}) => {
  const axe = await lookThroughAxe(page)
  const bucket = await server.makeBucket({ versioning: true })
  const { endpoint, region, root } = server
  await addBucket(page, { name: 'prod', bucket, endpoint, region, ...root })
  const model = await files.write('model.bin', someBytes(20_000_000))
  await goTo(page, 'Artifacts')
  await encrypt(page, [model])
  const screen = artifactsScreen(page)
  await expect(screen.row('model.bin')).toBeVisible()
  await closeNotices(page)
  const choose = async (item: string) => {
    await screen.row('model.bin').click({ button: 'right' })
    await page.getByRole('menuitem', { name: item }).click()
  }
  const inBucket = async () =>
    ((await server.client.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map(
      ({ Key }) => Key,
    )

  await choose('Copy to store…')
  await expect(dialog(page, /^Copy model\.bin/).getByRole('radio', { name: /prod/ })).toBeChecked()
  await axe.at('copy to store')
  await page.getByRole('button', { name: 'Copy 1 artifact' }).click()
  await expect(dialog(page, /^Copy model\.bin/)).toBeHidden()
  await settled(page)
  const { Body } = await server.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'model.bin.age' }))
  await writeFile(files.path('copied.age'), (await Body?.transformToByteArray()) ?? '')
  expect(await openedByAge(keyring, files.path('copied.age'))).toBe(await sha256(model))
  await closeNotices(page)
  await expect((await screen.details('model.bin')).getByText('Also in').first()).toBeVisible()

  await choose('Delete ciphertext…')
  const deletion = dialog(page, /^Delete the ciphertext of model\.bin/)
  await expect(deletion.getByText(/Its key is not destroyed.*Copies stay in prod/)).toBeVisible()
  await deletion.getByRole('textbox').fill('model.bin')
  await axe.at('delete ciphertext')
  await deletion.getByRole('button', { name: 'Delete 1 object' }).click()
  await expect(deletion).toBeHidden()
  await settled(page)
  expect(await storedFiles(app.storeFolder)).toEqual([])
  await closeNotices(page)

  await page.getByRole('button', { name: 'Store: Local' }).click()
  await page.getByRole('menuitem', { name: /prod/ }).click()
  await screen.decryptTo('model.bin', files.path('from-bucket.bin'))
  expect(await sha256(files.path('from-bucket.bin'))).toBe(await sha256(model))
  await closeNotices(page)

  await choose('Move to store…')
  await page.getByRole('button', { name: 'Move 1 artifact' }).click()
  await expect(dialog(page, /^Move model\.bin/)).toBeHidden()
  await settled(page)
  expect(await inBucket()).toEqual([])
  expect(await storedFiles(app.storeFolder)).toEqual(['model.bin.age'])
  await closeNotices(page)

  await page.getByRole('button', { name: 'Store: prod' }).click()
  await page.getByRole('menuitem', { name: /Local/ }).click()
  await choose('Delete ciphertext…')
  await expect(deletion.getByText(/No other copy is known here/)).toBeVisible()
  await deletion.getByRole('textbox').fill('model.bin')
  await page.keyboard.press('Enter')
  await expect(deletion).toBeHidden()
  await settled(page)
  await closeNotices(page)
  const details = await screen.details('model.bin')
  await expect(details.getByText(/was deleted from every store/)).toBeVisible()
  await expect(details.getByText('Active').first()).toBeVisible()
  await axe.at('deleted')
  expect(axe.found).toEqual([])
})
