/** A leak: reported, contained, re-encrypted, reported on, and the leaked key destroyed; proved with age. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { artifactsScreen } from '../pages/artifacts.ts'
import { readAuditLog } from '../pages/audit.ts'
import { lookThroughAxe } from '../pages/axe.ts'
import { encrypt } from '../pages/encrypt-sheet.ts'
import { expect, someBytes, test } from '../pages/journey.ts'
import { exportIdentity, openKey } from '../pages/keys.ts'
import { chooseTarget } from '../pages/path-picker.ts'
import { ageDecrypt, namesInHeader, openedByAge, sha256 } from '../pages/proof.ts'
import { goTo } from '../pages/window.ts'

test('a leaked key is revoked, what it wrapped re-encrypted, and the key destroyed', async ({
  page,
  app,
  files,
  keyring,
}) => {
  const look = await lookThroughAxe(page)
  const model = await files.write('model.bin', someBytes(200_000))
  await encrypt(page, [model])
  const stored = join(app.storeFolder, 'model.bin.age')
  const before = await namesInHeader(stored)
  await openKey(page, 'model.bin')
  await exportIdentity(page, files.path('leaked.key.txt'))
  await ageDecrypt(stored, files.path('leaked.key.txt'), files.path('read-by-thief.bin'))

  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Report compromise…' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Report 1 leaked key' })).toBeVisible()
  const mark = page.getByRole('button', { name: 'Mark 1 key compromised' })
  await expect(mark).toBeDisabled()
  await page.getByRole('textbox', { name: 'What happened' }).fill('Laptop stolen')
  await look.at('report of a compromise')
  await mark.click()

  const contained = page.getByRole('heading', { name: '1 key is compromised and encrypts no more' })
  await expect(contained).toBeVisible()
  await look.at('incident, contain')
  await page.getByText('leaked.key.txt', { exact: false }).first().click()
  await expect(page.getByText('Said to be revoked', { exact: false })).toBeVisible()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('heading', { name: '1 payload to re-encrypt' })).toBeVisible()
  await look.at('incident, re-encrypt')
  await page.getByRole('button', { name: 'Re-encrypt 1 artifact' }).click()
  await expect(page.getByRole('heading', { name: 'No payload is left to re-encrypt' })).toBeVisible()
  const after = await namesInHeader(stored)
  expect(after.keyId).not.toBe(before.keyId)
  expect(await openedByAge(keyring, stored)).toBe(await sha256(model))
  await expect(
    ageDecrypt(stored, files.path('leaked.key.txt'), files.path('read-again.bin')),
  ).rejects.toThrow()

  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('heading', { name: 'No old version is left to decide' })).toBeVisible()
  await look.at('incident, old versions')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing is open in this incident' })).toBeVisible()
  await look.at('incident, report')
  await page.getByRole('button', { name: 'Save report…' }).click()
  await chooseTarget(page, files.path('incident.txt'))
  await expect(page.getByText('Report saved', { exact: true })).toBeVisible()
  expect(await readFile(files.path('incident.txt'), 'utf8')).toContain('model.bin, version 1: re-encrypted')

  await page.getByRole('button', { name: 'Destroy model.bin · key 1…' }).click()
  await page.getByRole('button', { name: 'Check its copies' }).click()
  await page.getByRole('button', { name: 'Confirm 1 key' }).click()
  await page.getByRole('textbox').fill('model.bin')
  await page.getByRole('button', { name: 'Destroy 1 key' }).click()
  await expect(page.getByRole('heading', { name: 'Destroyed here, 1 copy elsewhere' })).toBeVisible()
  expect(await keyring.secretToolLookup('Weightlock', before.keyId)).toBeNull()
  await page.getByRole('button', { name: 'Done' }).click()
  await goTo(page, 'Artifacts')
  await artifactsScreen(page).decryptTo('model.bin', files.path('back.bin'))
  expect(await sha256(files.path('back.bin'))).toBe(await sha256(model))
  await expect(artifactsScreen(page).row('model.bin')).not.toContainText('tainted')

  const events = (await readAuditLog(page, files.path('log.jsonl'))).map(({ event }) => event)
  expect(events).toEqual(
    expect.arrayContaining([
      'key-compromised',
      'incident-reported',
      'incident-copy-revoked',
      'artifact-re-encrypted',
      'key-destroyed',
    ]),
  )
  expect(look.found).toEqual([])
})
