/** Points 1, 2, 3 and 5: a key that rests, one that is rotated, and all that are due; proved with `age`. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { lookThroughAxe } from '../pages/axe.ts'
import { call } from '../pages/calls.ts'
import { encrypt } from '../pages/encrypt-sheet.ts'
import { expect, someBytes, test } from '../pages/journey.ts'
import { exportIdentity, openKey, walkToPlan } from '../pages/keys.ts'
import { chooseTarget } from '../pages/path-picker.ts'
import { ageDecrypt, namesInHeader, openedByAge, sha256 } from '../pages/proof.ts'
import { dialog, goTo, notice } from '../pages/window.ts'

/** All keys, as if they had been in use for so many days. */
function inUseSince(dataFolder: string, days: number): void {
  const catalog = new DatabaseSync(join(dataFolder, 'catalog.sqlite'))
  catalog.prepare('UPDATE keys SET activated_at = ?').run(Date.now() - days * 86_400_000)
  catalog.close()
}

test('one key rests, is resumed and rotated: the new one opens with age, the old one does not', async ({
  page,
  app,
  files,
  keyring,
}) => {
  const model = await files.write('model.bin', someBytes(300_000))
  await encrypt(page, [model])
  const stored = join(app.storeFolder, 'model.bin.age')
  const before = await namesInHeader(stored)
  const payload = (await readFile(stored)).subarray(245)
  await openKey(page, 'model.bin')
  await exportIdentity(page, files.path('old.txt'))

  await page.getByRole('button', { name: 'Suspend…' }).click()
  await dialog(page, /^Suspend/)
    .getByRole('textbox')
    .fill('a laptop is being looked for')
  await dialog(page, /^Suspend/)
    .getByRole('button', { name: 'Suspend 1 key' })
    .click()
  await expect(page.getByRole('button', { name: 'Rotate…' })).toBeHidden()
  await page.getByRole('button', { name: 'Resume…' }).click()
  await dialog(page, /^Resume/)
    .getByRole('textbox')
    .fill('it was found')
  await dialog(page, /^Resume/)
    .getByRole('button', { name: 'Resume 1 key' })
    .click()

  await page.getByRole('button', { name: 'Rotate…' }).click()
  await walkToPlan(page, 1)
  await expect(page.getByRole('radio', { name: 'Rewrap' })).toBeChecked()
  await page.getByRole('button', { name: 'Rotate 1 key' }).click()
  await expect(page.getByRole('heading', { name: '1 key is rotated' })).toBeVisible()
  await page.getByRole('button', { name: 'Save report…' }).click()
  await chooseTarget(page, files.path('report.txt'))
  await expect(notice(page, 'Report saved')).toBeVisible()
  const report = await readFile(files.path('report.txt'), 'utf8')
  expect(report).toContain('rewrap: model.bin')
  expect(report).toContain('Reason: Ahead of time')

  const after = await namesInHeader(stored)
  expect(after.artifactId).toBe(before.artifactId)
  expect(after.keyId).not.toBe(before.keyId)
  expect((await readFile(stored)).subarray(245).equals(payload)).toBe(true)
  await page.getByRole('button', { name: 'Done' }).click()
  await openKey(page, 'model.bin', 2)
  await exportIdentity(page, files.path('new.txt'))
  await ageDecrypt(stored, files.path('new.txt'), files.path('by-new.bin'))
  expect(await sha256(files.path('by-new.bin'))).toBe(await sha256(model))
  await expect(ageDecrypt(stored, files.path('old.txt'), files.path('by-old.bin'))).rejects.toThrow(
    /no identity matched/,
  )

  // Another file key and payload: what is stored now has nothing of it left.
  await page.getByRole('button', { name: 'Rotate…' }).click()
  await walkToPlan(page, 1)
  await page.getByText('A new file key: every byte is rewritten').click()
  await page.getByRole('button', { name: 'Rotate 1 key' }).click()
  await expect(page.getByRole('heading', { name: '1 key is rotated' })).toBeVisible()
  expect((await readFile(stored)).indexOf(payload.subarray(0, 16))).toBe(-1)
  expect(await openedByAge(keyring, stored)).toBe(await sha256(model))
  await expect(ageDecrypt(stored, files.path('new.txt'), files.path('by-second.bin'))).rejects.toThrow(
    /no identity matched/,
  )
})

test('all that are due, from the notice to the report, and axe finds nothing on the way', async ({
  page: first,
  app,
  files,
  keyring,
}) => {
  const names = ['a.bin', 'b.bin', 'c.bin']
  const models = await Promise.all(names.map((name, n) => files.write(name, someBytes(70_000, n + 1))))
  await encrypt(first, models)
  const keyIds = () =>
    Promise.all(names.map(async (name) => (await namesInHeader(join(app.storeFolder, `${name}.age`))).keyId))
  const before = await keyIds()

  await app.close()
  inUseSince(app.dataFolder, 95)
  const page = await app.reopen()
  const look = await lookThroughAxe(page)

  await goTo(page, 'Settings')
  await page.getByRole('link', { name: 'Key policy' }).click()
  await expect(page.getByLabel('Crypto-period')).toHaveValue('90')
  await look.at('policy')
  await goTo(page, 'Keys')
  await expect(page.getByText('3 keys are due for rotation')).toBeVisible()
  await look.at('keys, three are due')
  await page.getByRole('grid', { name: 'Keys' }).focus()
  await page.keyboard.press('ControlOrMeta+a')
  await expect(page.getByRole('region', { name: 'Selection' })).toContainText('3 selected')
  await look.at('keys, chosen')
  await page.getByRole('button', { name: 'Suspend 3 keys…' }).click()
  await look.at('suspend')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Rotate all due…' }).click()
  await expect(page.getByRole('heading', { name: '3 keys are due for rotation' })).toBeVisible()
  await look.at('rotate: keys')
  await page.getByRole('button', { name: 'Continue with 3 keys' }).click()
  await look.at('rotate: reason')
  await page.getByRole('button', { name: 'Review 3 keys' }).click()
  await expect(page.getByRole('table', { name: 'Plan for rewrap' })).toBeVisible()
  await look.at('rotate: plan')
  await page.getByRole('button', { name: 'Rotate 3 keys' }).click()
  await expect(page.getByRole('heading', { name: '3 keys are rotated' })).toBeVisible()
  await look.at('rotate: report')
  await page.getByRole('button', { name: 'Done' }).click()

  const after = await keyIds()
  for (const [n, name] of names.entries()) {
    expect(after[n], name).not.toBe(before[n])
    expect(await openedByAge(keyring, join(app.storeFolder, `${name}.age`))).toBe(
      await sha256(models[n] ?? ''),
    )
  }
  const { rows } = await call(page, 'keys:list', {
    query: '',
    filter: 'all',
    sort: { by: 'name', descending: false },
    offset: 0,
    limit: 200,
  })
  expect(rows.map(({ number, state }) => `${number} ${state}`).toSorted()).toEqual([
    ...names.map(() => '1 deactivated'),
    ...names.map(() => '2 active'),
  ])
  expect(look.found).toEqual([])
})
