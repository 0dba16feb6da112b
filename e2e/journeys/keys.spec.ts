/** Point 7: the inventory; an identity exported, a key destroyed, and provably gone; imported back. */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { artifactsScreen } from '../pages/artifacts.ts'
import { readAuditLog } from '../pages/audit.ts'
import { encrypt } from '../pages/encrypt-sheet.ts'
import { expect, someBytes, test } from '../pages/journey.ts'
import { finishExport, openKey, walkToDestroy } from '../pages/keys.ts'
import { choose } from '../pages/path-picker.ts'
import { ageDecrypt, namesInHeader, sha256 } from '../pages/proof.ts'
import { dialog, goTo } from '../pages/window.ts'

test('exported, destroyed here with a copy elsewhere, and imported back', async ({
  page,
  app,
  files,
  keyring,
}) => {
  const model = await files.write('model.bin', someBytes(200_000))
  await encrypt(page, [model])
  const stored = join(app.storeFolder, 'model.bin.age')
  const { keyId } = await namesInHeader(stored)
  const secret = () => keyring.secretToolLookup('Weightlock', keyId)
  const identity = (await secret()) ?? ''

  await artifactsScreen(page).row('model.bin').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Export identity…' }).click()
  await finishExport(page, files.path('model.key.txt'))
  expect((await stat(files.path('model.key.txt'))).mode & 0o777).toBe(0o600)
  expect(await readFile(files.path('model.key.txt'), 'utf8')).toContain(identity.trim())
  await ageDecrypt(stored, files.path('model.key.txt'), files.path('by-age.bin'))
  expect(await sha256(files.path('by-age.bin'))).toBe(await sha256(model))
  await expect(page.getByRole('table', { name: 'Copies' })).toContainText('model.key.txt')

  const { name, destroy } = await walkToDestroy(page)
  await expect(page.getByRole('table', { name: 'Copies that cannot be reached' })).toContainText(
    'model.key.txt',
  )
  await expect(destroy).toBeDisabled()
  await name.fill('model.bi')
  await expect(destroy).toBeDisabled()
  expect(await secret()).toBe(identity)
  await name.fill('model.bin')
  await destroy.click()
  await expect(page.getByRole('heading', { name: 'Destroyed here, 1 copy elsewhere' })).toBeVisible()
  expect(await secret()).toBeNull()
  await page.getByRole('button', { name: 'Done' }).click()
  await goTo(page, 'Artifacts')
  await expect(artifactsScreen(page).row('model.bin')).toContainText('Destroyed here')
  const details = await artifactsScreen(page).details('model.bin')
  await expect(details.getByText('Destroyed here; 1 copy of the key elsewhere')).toBeVisible()

  await goTo(page, 'Keys')
  await page.getByRole('button', { name: 'Import…' }).click()
  const importing = dialog(page, 'Import an identity')
  await importing.getByRole('button', { name: 'Choose…' }).click()
  await choose(page, 'identity', [files.path('model.key.txt')])
  await importing.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(importing.getByText('was destroyed here.')).toBeVisible()
  expect(await secret()).toBeNull()
  await importing.getByRole('textbox').last().fill('model.bin')
  await importing.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByRole('button', { name: 'Done' }).click()
  expect(await secret()).toBe(identity)
  await goTo(page, 'Artifacts')
  await artifactsScreen(page).decryptTo('model.bin', files.path('back.bin'))
  expect(await sha256(files.path('back.bin'))).toBe(await sha256(model))

  const events = (await readAuditLog(page, files.path('log.jsonl'))).map(({ event }) => event)
  expect(
    events.filter((event) => /^key-(created|exported|destroyed|imported|destruction-reversed)$/.test(event)),
  ).toEqual(['key-created', 'key-exported', 'key-destroyed', 'key-destruction-reversed'])
})

test('a destroyed key without copies: the artifact is erased, and nothing opens it', async ({
  page,
  app,
  files,
  keyring,
}) => {
  const kept = await files.write('kept.bin', someBytes(1000, 2))
  await encrypt(page, [await files.write('model.bin', someBytes(100_000)), kept])
  const keyIds = await Promise.all(
    ['model.bin.age', 'kept.bin.age'].map(
      async (name) => (await namesInHeader(join(app.storeFolder, name))).keyId,
    ),
  )
  await goTo(page, 'Keys')
  await expect(page.getByRole('grid', { name: 'Keys' }).getByRole('row')).toHaveCount(3)
  await openKey(page, 'model.bin')
  await expect(page.getByRole('complementary', { name: 'What dies with this key?' })).toBeVisible()
  const { name, destroy } = await walkToDestroy(page)
  await name.fill('model.bin')
  await destroy.click()
  await expect(page.getByText('model.bin, version 1 does not open with what is left')).toBeVisible()
  const secrets = await Promise.all(keyIds.map((keyId) => keyring.secretToolLookup('Weightlock', keyId)))
  expect(secrets).toEqual([null, expect.stringMatching(/^AGE-SECRET-KEY-1/)])
  await page.getByRole('button', { name: 'Done' }).click()

  const again = await app.reopen()
  const { row, details } = artifactsScreen(again)
  await expect(row('model.bin')).toContainText('Destroyed')
  await expect(row('model.bin')).not.toContainText('Destroyed here')
  const panel = await details('model.bin')
  await expect(panel.getByText('Erased: no key that we know of opens it.')).toBeVisible()
  await expect(panel.getByRole('button', { name: 'Open…' })).toBeDisabled()
  await artifactsScreen(again).decryptTo('kept.bin', files.path('kept-back.bin'))
  expect(await sha256(files.path('kept-back.bin'))).toBe(await sha256(kept))
})
