/** A store in a bucket of a real S3 server: added, tried out, used like any other. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GetObjectCommand } from '@aws-sdk/client-s3'
import { test } from '../fixtures/s3.ts'
import { artifactsScreen } from '../pages/artifacts.ts'
import { call } from '../pages/calls.ts'
import { encrypt } from '../pages/encrypt-sheet.ts'
import { expect, someBytes } from '../pages/journey.ts'
import { openedByAge, sha256 } from '../pages/proof.ts'
import { addBucket, connectionPanel, fillInBucket } from '../pages/stores.ts'
import { goTo } from '../pages/window.ts'

test('added in the settings, a model goes into it and comes back, and stock age opens it', async ({
  page,
  files,
  app,
  keyring,
  server,
}) => {
  const bucket = await server.makeBucket()
  const { endpoint, region, root } = server
  const panel = await addBucket(page, { name: 'prod', bucket, endpoint, region, ...root })
  await expect(panel.getByRole('alert')).toBeHidden()
  await expect(panel.getByText('not encrypted: this machine only')).toBeVisible()
  await expect(panel.getByText('PutObject', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Make default' }).click()
  await expect(page.getByRole('button', { name: 'Make default' })).toBeHidden()

  const model = await files.write('model.bin', someBytes(20_000_000))
  await goTo(page, 'Artifacts')
  await encrypt(page, [model])
  const screen = artifactsScreen(page)
  await expect(screen.row('model.bin')).toBeVisible()
  await expect((await screen.details('model.bin')).getByText(`s3://${bucket}`).first()).toBeVisible()

  const { Body } = await server.client.send(new GetObjectCommand({ Bucket: bucket, Key: 'model.bin.age' }))
  await writeFile(files.path('downloaded.age'), (await Body?.transformToByteArray()) ?? '')
  expect(await openedByAge(keyring, files.path('downloaded.age'))).toBe(await sha256(model))
  await screen.decryptTo('model.bin', files.path('again.bin'))
  expect(await sha256(files.path('again.bin'))).toBe(await sha256(model))

  await app.close()
  for (const name of await readdir(app.dataFolder)) {
    if (!/sqlite|log/.test(name)) continue
    const held = await readFile(join(app.dataFolder, name)).catch(() => Buffer.alloc(0))
    expect(held.includes(root.secretAccessKey), name).toBe(false)
  }
})

test('tried out before it is added, the test names the permission that is missing and grants it to copy', async ({
  page,
  server,
}) => {
  const bucket = await server.makeBucket()
  const user = await server.makeUser(bucket, ['s3:PutObject'])
  const { endpoint, region, root } = server
  await fillInBucket(page, { name: 'denied', bucket, endpoint, region, ...user })
  const panel = connectionPanel(page)
  await panel.getByRole('button', { name: 'Test', exact: true }).click()
  const alert = panel.getByRole('alert')
  await expect(alert).toContainText('1 of 6 needed permissions is missing')
  await expect(alert).toContainText('s3:PutObject')
  await expect(alert).toContainText(`arn:aws:s3:::${bucket}/*`)
  await expect(alert.getByRole('button', { name: 'Copy policy statement' })).toBeVisible()
  expect((await call(page, 'stores:list', {})).stores.map(({ name }) => name)).toEqual(['Local'])

  // The credentials of somebody who may: the same form, tried again, then added and changed.
  await page.getByLabel('Access key', { exact: true }).fill(root.accessKeyId)
  await page.getByLabel('Secret access key', { exact: true }).fill(root.secretAccessKey)
  await expect(panel.getByText(/before what you changed/)).toBeVisible()
  await panel.getByRole('button', { name: 'Test again' }).click()
  await expect(alert).toBeHidden()
  await expect(panel.getByRole('list', { name: 'What the server can do' })).toBeVisible()
  await page.getByRole('button', { name: 'Add store' }).click()
  await expect(page.getByRole('heading', { name: 'denied', level: 2 })).toBeVisible()
  await expect(page.getByRole('textbox', { name: 'Bucket' })).toBeHidden()
  await page.getByLabel('Name', { exact: true }).fill('allowed')
  await page.getByLabel('Secret access key', { exact: true }).fill('wrong')
  await page.getByRole('button', { name: 'Save store' }).click()
  await expect(page.getByRole('heading', { name: 'allowed', level: 2 })).toBeVisible()
  await panel.getByRole('button', { name: 'Test', exact: true }).click()
  await expect(panel.getByRole('alert')).toContainText('The store refuses the credentials')
})
