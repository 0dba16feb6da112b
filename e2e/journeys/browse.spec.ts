/** Point 5: what is stored can be found and looked into, ours or not, and opened without Weightlock. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Encrypter } from 'age-encryption'
import { smallGguf, smallSafetensors } from '../../scripts/test/small-models.ts'
import { artifactsScreen } from '../pages/artifacts.ts'
import { clipboard } from '../pages/clipboard.ts'
import { encrypt, encryptSheet } from '../pages/encrypt-sheet.ts'
import { dropFiles, expect, someBytes, test } from '../pages/journey.ts'
import { choose, chooseTarget } from '../pages/path-picker.ts'
import { identityOf, namesInHeader, sha256 } from '../pages/proof.ts'
import { jobOnScreen } from '../pages/transfers.ts'
import { dialog, goTo, settled } from '../pages/window.ts'

const run = promisify(execFile)

test('search, sort and folders', async ({ page, files }) => {
  await encrypt(page, [
    await files.write('alpha.bin', someBytes(30_000)),
    await files.write('beta.bin', someBytes(10_000)),
    await files.write('gamma.bin', someBytes(20_000)),
  ])
  await dropFiles(page, [await files.write('churn.pkl', 'K\x01.'), await files.write('fraud.onnx', 'x')])
  await encryptSheet(page).folder.fill('risk/2026')
  await encryptSheet(page).start()
  await settled(page)

  const { names, row, search, table } = artifactsScreen(page)
  const sortBy = (column: string) => table.getByRole('button', { name: column }).click()
  await sortBy('Name')
  await expect.poll(names).toEqual(['risk', 'alpha.bin', 'beta.bin', 'gamma.bin'])
  await sortBy('Name')
  await expect.poll(names).toEqual(['risk', 'gamma.bin', 'beta.bin', 'alpha.bin'])
  await sortBy('Size')
  await expect.poll(names).toEqual(['risk', 'beta.bin', 'gamma.bin', 'alpha.bin'])

  await search.fill('hur')
  await expect.poll(names).toEqual([expect.stringContaining('churn.pkl')])
  await search.fill('no such thing')
  await expect(page.getByText('Nothing matches “no such thing”')).toBeVisible()
  await search.fill('')
  await row('risk').dblclick()
  await row('2026').dblclick()
  await expect.poll(async () => (await names()).toSorted()).toEqual(['churn.pkl', 'fraud.onnx'])
  await page.getByRole('navigation', { name: 'Place' }).getByRole('button', { name: 'risk' }).click()
  await expect.poll(names).toEqual(['2026'])
})

test('details: fingerprint, key, versions, and what is inside', async ({ page, app, files, keyring }) => {
  const mark = files.path('executed')
  await encrypt(page, [
    await files.write('hostile.pkl', `cos\nsystem\n(S'touch ${mark}'\ntR.`),
    await files.write('small.safetensors', smallSafetensors()),
    await files.write('small.gguf', smallGguf()),
  ])
  await encrypt(page, [files.path('small.gguf')])
  const screen = artifactsScreen(page)

  const safetensors = await screen.details('small.safetensors')
  const stored = await readFile(join(app.storeFolder, 'small.safetensors.age'))
  const headerEnd = stored.indexOf('\n', stored.indexOf('\n--- ') + 1) + 1
  const fingerprint = createHash('sha256')
    .update(stored.subarray(0, headerEnd + 16))
    .digest('hex')
  await safetensors.getByRole('button', { name: 'Copy the fingerprint' }).click()
  await expect.poll(() => clipboard(page)).toBe(fingerprint)
  const { keyId } = await namesInHeader(join(app.storeFolder, 'small.safetensors.age'))
  await expect(safetensors.getByRole('link', { name: 'Key 1' })).toHaveAttribute('href', `#/keys/${keyId}`)
  await expect(safetensors.getByText('2 tensors · 40 parameters')).toBeVisible()
  await expect(safetensors.getByRole('table', { name: 'Tensors' })).toContainText('4 × 8')

  const gguf = await screen.details('small.gguf')
  await expect(gguf.getByRole('region', { name: 'Versions' }).getByRole('listitem')).toHaveCount(2)
  await expect(gguf.getByRole('table', { name: 'Tensors' })).toContainText('token_embd.weight')
  await expect(gguf.getByText('llama')).toBeVisible()

  const pickle = await screen.details('hostile.pkl')
  await expect(pickle.getByText('Loading this pickle runs a shell command')).toBeVisible()
  await expect(pickle.getByText('os.system', { exact: true })).toBeVisible()
  expect(await readFile(mark).catch(() => 'not executed')).toBe('not executed')
  expect(await identityOf(keyring, join(app.storeFolder, 'hostile.pkl.age'))).toMatch(/^AGE-SECRET-KEY-1/)
})

test('the age command that is copied opens it in a shell', async ({ page, app, files, keyring }) => {
  const model = await files.write('it’s a “model”; $(reboot).bin', someBytes(100_000))
  await encrypt(page, [model])
  const name = 'it’s a “model”; $(reboot).bin'
  const details = await artifactsScreen(page).details(name)
  await details.getByRole('button', { name: 'Copy as' }).click()
  await page.getByRole('menuitem', { name: /^age command age/ }).click()
  await expect.poll(() => clipboard(page)).toMatch(/^age -d /)
  const command = await clipboard(page)
  const folder = files.path('elsewhere')
  await mkdir(folder)
  const identity = await identityOf(keyring, join(app.storeFolder, `${name}.age`))
  await writeFile(join(folder, 'key.txt'), `${identity}\n`, { mode: 0o600 })
  await run('sh', ['-c', command], { cwd: folder })
  expect(await sha256(join(folder, name))).toBe(await sha256(model))
})

test('files of others are shown as such, and any age file opens with an identity or a passphrase', async ({
  page,
  app,
  files,
}) => {
  const plain = someBytes(70_000, 9)
  await files.write('plain.bin', plain)
  await encrypt(page, [await files.write('ours.bin', 'ours')])
  await run('age-keygen', ['-o', files.path('friend.txt')])
  const { stdout: recipient } = await run('age-keygen', ['-y', files.path('friend.txt')])
  const store = (name: string) => join(app.storeFolder, name)
  await run('age', ['-r', recipient.trim(), '-o', store('friend.bin.age'), files.path('plain.bin')])
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(10)
  encrypter.setPassphrase('correct horse battery')
  await writeFile(store('shared.age'), await encrypter.encrypt(plain))
  await writeFile(store('notes.txt'), 'not encrypted')

  await goTo(page, 'Settings')
  await page.getByRole('button', { name: /^Look again/ }).click()
  await goTo(page, 'Artifacts')
  const { row, details } = artifactsScreen(page)
  await expect((await details('notes.txt')).getByText(/Not written by Weightlock/)).toBeVisible()
  await expect(
    (await details('friend.bin.age')).getByText('An age file that Weightlock did not write'),
  ).toBeVisible()

  await row('friend.bin.age').dblclick()
  const opening = dialog(page, /^Open friend/)
  await opening.getByRole('button', { name: 'Choose…' }).click()
  await choose(page, 'identity', [files.path('friend.txt')])
  await opening.getByRole('button', { name: 'Decrypt to…' }).click()
  await chooseTarget(page, files.path('from-friend.bin'))
  await expect(opening).toBeHidden()
  await settled(page)
  expect(await sha256(files.path('from-friend.bin'))).toBe(await sha256(files.path('plain.bin')))

  for (const [passphrase, to] of [
    ['wrong', 'never.bin'],
    ['correct horse battery', 'from-passphrase.bin'],
  ] as const) {
    await page.getByRole('button', { name: 'Encrypt…' }).click()
    await page.getByRole('menuitem', { name: 'Open an age file…' }).click()
    await writeFile(files.path('shared.age'), await readFile(store('shared.age')))
    await choose(page, 'age-file', [files.path('shared.age')])
    const shared = dialog(page, /^Open shared/)
    await shared.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase)
    await shared.getByRole('button', { name: 'Decrypt to…' }).click()
    await chooseTarget(page, files.path(to))
    await expect(shared).toBeHidden()
    await settled(page)
    if (to !== 'never.bin') continue
    await goTo(page, 'Transfers')
    await expect(jobOnScreen(page, 'shared').failure).toHaveAccessibleName(/The passphrase does not fit/)
    await goTo(page, 'Artifacts')
  }
  expect(await sha256(files.path('from-passphrase.bin'))).toBe(await sha256(files.path('plain.bin')))
  expect(await readFile(files.path('never.bin')).catch(() => 'not written')).toBe('not written')
})
