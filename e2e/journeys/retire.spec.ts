/** Point 6: an artifact retired with every key that it had, its certificate verified by openssl; a retirement that was
 * scheduled, cancelled, and one that fell due while the program was closed. */
import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { artifactsScreen } from '../pages/artifacts.ts'
import { lookThroughAxe } from '../pages/axe.ts'
import { encrypt } from '../pages/encrypt-sheet.ts'
import { expect, someBytes, test } from '../pages/journey.ts'
import { exportIdentity, openKey } from '../pages/keys.ts'
import { chooseTarget } from '../pages/path-picker.ts'
import { ageDecrypt, namesInHeader, sha256 } from '../pages/proof.ts'
import { walkToRetire } from '../pages/retirement.ts'
import { goTo } from '../pages/window.ts'

const run = promisify(execFile)

test('retired: the secret is gone, an export is named and still opens it, openssl verifies the certificate', async ({
  page,
  app,
  files,
  keyring,
}) => {
  test.slow()
  const model = await files.write('model.bin', someBytes(200_000))
  await encrypt(page, [model])
  const stored = join(app.storeFolder, 'model.bin.age')
  const { keyId } = await namesInHeader(stored)
  const secret = () => keyring.secretToolLookup('Weightlock', keyId)
  expect(await secret()).not.toBeNull()
  await openKey(page, 'model.bin')
  await exportIdentity(page, files.path('model.key.txt'))
  await goTo(page, 'Artifacts')

  const shown = await lookThroughAxe(page)
  const { name, destroy } = await walkToRetire(
    page,
    'model.bin',
    { keys: '1 key', objects: '1 object' },
    shown.at,
  )
  await expect(page.getByRole('table', { name: 'Copies that cannot be reached' })).toContainText(
    'model.key.txt',
  )
  await name.fill('model.bi')
  await expect(destroy).toBeDisabled()
  expect(await secret()).not.toBeNull()
  await name.fill('model.bin')
  await destroy.click()
  await expect(page.getByRole('heading', { name: 'Destroyed here, 1 copy elsewhere' })).toBeVisible()
  expect(await secret()).toBeNull()
  await shown.at('done')

  await page.getByRole('button', { name: 'Show the certificate' }).click()
  const sheet = page.getByRole('article', { name: 'Certificate of cryptographic erase' })
  await expect(sheet).toContainText('This is a cryptographic erase of this ciphertext')
  await expect(sheet.getByRole('table').nth(1)).toContainText('model.key.txt')
  await shown.at('certificate')
  expect(shown.found).toEqual([])
  await page.getByRole('button', { name: 'Save 3 files…' }).click()
  await chooseTarget(page, files.path('model.erase.json'))
  await expect(page.getByText('Certificate saved', { exact: true })).toBeVisible()
  const { stdout } = await run('openssl', [
    'pkeyutl',
    '-verify',
    '-rawin',
    '-pubin',
    '-inkey',
    files.path('model.erase.pub.pem'),
    '-in',
    files.path('model.erase.json'),
    '-sigfile',
    files.path('model.erase.sig'),
  ])
  expect(stdout).toContain('Signature Verified Successfully')
  const statement = JSON.parse(await readFile(files.path('model.erase.json'), 'utf8'))
  expect(statement.notProved.map(({ detail }: { detail: string }) => detail)).toContain(
    files.path('model.key.txt'),
  )
  await page.getByRole('button', { name: 'Save as PDF…' }).click()
  await chooseTarget(page, files.path('model.pdf'))
  await expect(page.getByText('Page saved', { exact: true })).toBeVisible()
  const pdf = await readFile(files.path('model.pdf'), 'latin1')
  expect(pdf.slice(0, 5)).toBe('%PDF-')
  // The sheet alone, on one page of A4: nothing of the window is printed.
  expect(pdf).toMatch(/\/Count 1\b/)
  expect(pdf).toMatch(/\/MediaBox \[0 0 59[45]\.\d+ 841\.\d+\]/)

  // What the certificate says of the export is so: stock age opens the ciphertext with it, which stayed.
  expect((await stat(stored)).size).toBeGreaterThan(200_000)
  await ageDecrypt(stored, files.path('model.key.txt'), files.path('by-age.bin'))
  expect(await sha256(files.path('by-age.bin'))).toBe(await sha256(model))

  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await artifactsScreen(page).row('model.bin').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Show its certificate' }).click()
  await expect(sheet).toBeVisible()
})

test('scheduled: suspended until then, cancelled, and a yes is asked for where it fell due unseen', async ({
  page,
  app,
  files,
  keyring,
}) => {
  test.slow()
  await encrypt(page, [await files.write('model.bin', someBytes(10_000))])
  const { keyId } = await namesInHeader(join(app.storeFolder, 'model.bin.age'))
  const secret = () => keyring.secretToolLookup('Weightlock', keyId)
  const schedule = async () => {
    const { name } = await walkToRetire(page, 'model.bin', { keys: '1 key', objects: '1 object' })
    await page.getByRole('radio', { name: 'Schedule' }).check({ force: true })
    await name.fill('model.bin')
    await page.getByRole('button', { name: 'Schedule 1 key' }).click()
    await expect(page.getByRole('heading', { name: 'model.bin is retired in 10 days' })).toBeVisible()
    await page.getByRole('button', { name: 'Done' }).click()
  }
  await schedule()
  await expect(artifactsScreen(page).row('model.bin')).toContainText('Destroys')
  await artifactsScreen(page).row('model.bin').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Retire…' }).click()
  await page.getByRole('button', { name: 'Cancel 1 scheduled retirement' }).click()
  await expect(page.getByRole('heading', { name: '1 retirement scheduled' })).toBeHidden()
  await page.getByRole('button', { name: 'Close', exact: true }).click()
  await expect(artifactsScreen(page).row('model.bin')).toContainText('Active')

  await schedule()
  await app.close()
  const db = new DatabaseSync(join(app.dataFolder, 'catalog.sqlite'))
  db.exec(`UPDATE retirements SET destroy_at = ${Date.now() - 1000}`)
  db.close()
  const again = await app.reopen()
  await expect(again.getByText('The retirement of model.bin waits for a yes.')).toBeVisible()
  expect(await secret()).not.toBeNull()
  await again.getByRole('button', { name: 'Show what would be destroyed' }).click()
  await expect(again.getByText(/it fell due while Weightlock was closed/)).toBeVisible()
  for (const name of [
    'Show what 1 artifact takes along',
    'Check copies of 1 key',
    'Choose for 1 object',
    'Confirm 1 key',
  ])
    await again.getByRole('button', { name }).click()
  await again.getByRole('textbox').fill('model.bin')
  await again.getByRole('button', { name: 'Destroy 1 key' }).click()
  await expect(again.getByRole('heading', { name: 'model.bin is retired' })).toBeVisible()
  expect(await secret()).toBeNull()
})
