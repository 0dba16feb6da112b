/** Points 7 and 9: a kit made, tried and printed; a key lost from the keyring, shown as such, and back from the kit. */
import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { artifactsScreen } from '../pages/artifacts.ts'
import { encrypt } from '../pages/encrypt-sheet.ts'
import { expect, someBytes, test } from '../pages/journey.ts'
import { choose, chooseTarget } from '../pages/path-picker.ts'
import { namesInHeader, sha256 } from '../pages/proof.ts'
import { dialog, goTo, notice } from '../pages/window.ts'

const run = promisify(execFile)

test('a kit is made and tried, and brings back a key that the keyring lost', async ({
  page,
  app,
  files,
  keyring,
}) => {
  const model = await files.write('model.bin', someBytes(200_000))
  await encrypt(page, [model])
  const { keyId } = await namesInHeader(join(app.storeFolder, 'model.bin.age'))
  const identity = await keyring.secretToolLookup('Weightlock', keyId)

  await goTo(page, 'Settings')
  await page.getByRole('link', { name: 'Recovery kit' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing is backed up' })).toBeVisible()
  await page.getByRole('button', { name: 'Make a recovery kit…' }).click()
  const making = dialog(page, 'Make a recovery kit')
  await making.getByRole('button', { name: 'Choose…' }).click()
  await chooseTarget(page, files.path('kit.age'))
  await making.getByRole('button', { name: 'Put 1 key into a kit' }).click()
  const written = dialog(page, 'The kit is written')
  const passphrase = await written.getByLabel('Generated passphrase').innerText()
  expect(passphrase).toMatch(/^([a-z]{3,7}-){9}[a-z]{3,7}$/)
  expect((await stat(files.path('kit.age'))).mode & 0o777).toBe(0o600)
  await written.getByRole('button', { name: 'I wrote it down: drill it now' }).click()

  const drill = dialog(page, 'Drill')
  await drill.getByLabel('Passphrase of the kit').fill('not the passphrase')
  await drill.getByRole('button', { name: 'Try the kit' }).click()
  await expect(drill.getByRole('alert')).toBeVisible()
  await drill.getByLabel('Passphrase of the kit').fill(passphrase)
  await drill.getByRole('button', { name: 'Try the kit' }).click()
  await expect(dialog(page, 'The drill passed')).toContainText('model.bin, version 1')
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByText('The only key is in a kit whose drill passed.')).toBeVisible()
  await page.getByRole('button', { name: 'Sheet to print' }).click()
  await expect(page.getByRole('region', { name: 'Sheet' })).toContainText('age -d kit.age > ids.txt')
  await expect(page.getByRole('region', { name: 'Sheet' })).not.toContainText(passphrase)
  await page.getByRole('button', { name: 'Close', exact: true }).click()

  await run('secret-tool', ['clear', 'service', 'Weightlock', 'account', keyId], {
    env: { ...process.env, ...keyring.env },
  })
  expect(await keyring.secretToolLookup('Weightlock', keyId)).toBeNull()
  await goTo(page, 'Artifacts')
  const artifacts = artifactsScreen(page)
  await artifacts.decryptTo('model.bin', files.path('closed.bin'))
  await expect(artifacts.row('model.bin')).toContainText('Missing')
  const details = await artifacts.details('model.bin')
  await details.getByRole('button', { name: 'Archive the entry' }).click()
  await expect(page.getByRole('button', { name: '1 archived' })).toBeVisible()
  await notice(page, 'model.bin archived').getByRole('button', { name: 'Undo' }).click()
  await expect(artifacts.row('model.bin')).toBeVisible()
  await details.getByRole('button', { name: 'Restore it from a kit' }).click()

  await page.getByRole('button', { name: 'Restore from a kit…' }).click()
  const restoring = dialog(page, 'Restore from a recovery kit')
  await restoring.getByRole('button', { name: 'Choose…' }).click()
  await choose(page, 'age-file', [files.path('kit.age')])
  await restoring.getByLabel('Passphrase of the kit').fill(passphrase)
  await restoring.getByRole('button', { name: 'Restore its keys' }).click()
  await expect(dialog(page, 'The keys are back')).toContainText('1 key restored')
  await page.getByRole('button', { name: 'Done' }).click()
  expect(await keyring.secretToolLookup('Weightlock', keyId)).toBe(identity)
  await goTo(page, 'Artifacts')
  await artifacts.decryptTo('model.bin', files.path('open.bin'))
  expect(await sha256(files.path('open.bin'))).toBe(await sha256(model))
})
