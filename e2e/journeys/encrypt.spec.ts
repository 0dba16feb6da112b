/** Point 3: drop, paste or choose; two clicks, and a standard age file with a key of its own is in the store. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { artifactsScreen } from '../pages/artifacts.ts'
import { encrypt, encryptSheet } from '../pages/encrypt-sheet.ts'
import { dropFiles, expect, someBytes, test } from '../pages/journey.ts'
import { choose } from '../pages/path-picker.ts'
import { ageDecrypt, identityOf, namesInHeader, openedByAge, sha256, storedFiles } from '../pages/proof.ts'
import { settled } from '../pages/window.ts'

const run = promisify(execFile)

test('files and a folder dropped together: one click, an age file each, a key each', async ({
  page,
  app,
  files,
  keyring,
}) => {
  const weights = await files.write('weights.bin', someBytes(300_000))
  const named = await files.write('modèle “v1”.bin', someBytes(70_000, 2))
  const empty = await files.write('empty.bin', '')
  await files.write('bert/config.json', '{"layers":2}')
  await files.write('blobs/f00d', someBytes(200_000, 3))
  await symlink('../blobs/f00d', files.path('bert/model.bin'))
  await files.write('bert/tokenizer/vocab.txt', 'a\nb\n')

  await dropFiles(page, [weights, named, empty, files.path('bert')])
  const sheet = encryptSheet(page)
  await expect(sheet.dialog).toHaveAccessibleName(/^Encrypt 4 artifacts/)
  await sheet.start()
  await settled(page)

  const store = app.storeFolder
  expect(await storedFiles(store)).toEqual([
    'bert.tar.age',
    'empty.bin.age',
    'modèle “v1”.bin.age',
    'weights.bin.age',
  ])
  for (const [plain, name] of [
    [weights, 'weights.bin.age'],
    [named, 'modèle “v1”.bin.age'],
    [empty, 'empty.bin.age'],
  ] as const)
    expect(await openedByAge(keyring, join(store, name))).toBe(await sha256(plain))
  const identities = await Promise.all(
    (await storedFiles(store)).map((name) => identityOf(keyring, join(store, name))),
  )
  for (const identity of identities) expect(identity?.trim()).toMatch(/^AGE-SECRET-KEY-1[A-Z0-9]{58}$/)
  expect(new Set(identities).size).toBe(4)

  await mkdir(files.path('unpacked'))
  await writeFile(files.path('identity'), identities[0] ?? '', { mode: 0o600 })
  await ageDecrypt(join(store, 'bert.tar.age'), files.path('identity'), files.path('bert.tar'))
  await run('tar', ['xf', files.path('bert.tar'), '-C', files.path('unpacked')])
  await run('diff', ['-r', files.path('bert'), files.path('unpacked/bert')])
  for (const name of ['weights.bin', 'modèle “v1”.bin', 'empty.bin', 'bert'])
    await expect(artifactsScreen(page).row(name)).toBeVisible()
})

test('the keyboard alone: the button has the focus, Enter stores it', async ({
  page,
  app,
  files,
  keyring,
}) => {
  const model = await files.write('model.safetensors', someBytes(1000))
  await dropFiles(page, [model])
  await expect(encryptSheet(page).dialog.getByRole('button', { name: /^Encrypt 1/ })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(encryptSheet(page).dialog).toBeHidden()
  await settled(page)
  expect(await openedByAge(keyring, join(app.storeFolder, 'model.safetensors.age'))).toBe(await sha256(model))
})

test('pasted files', async ({ page, app, files, keyring }) => {
  const paths = [
    await files.write('one.bin', someBytes(1000)),
    await files.write('two.bin', someBytes(1000, 2)),
  ]
  // Files with a real path, as the clipboard gives them; no test can put files on a clipboard without a desktop.
  await page.evaluate(() => {
    const input = document.createElement('input')
    Object.assign(input, { type: 'file', multiple: true, id: 'to-paste', hidden: true })
    document.body.append(input)
  })
  await page.locator('#to-paste').setInputFiles(paths)
  await page.evaluate(() => {
    const clipboardData = new DataTransfer()
    const input = document.querySelector<HTMLInputElement>('#to-paste')
    for (const file of input?.files ?? []) clipboardData.items.add(file)
    window.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
  await encryptSheet(page).start()
  await settled(page)
  expect(await storedFiles(app.storeFolder)).toEqual(['one.bin.age', 'two.bin.age'])
  for (const path of paths)
    expect(await openedByAge(keyring, join(app.storeFolder, path.replace(/.*\//, '').concat('.age')))).toBe(
      await sha256(path),
    )
})

test('files, then a folder, chosen in the window', async ({ page, app, files, keyring }) => {
  const one = await files.write('models/one.bin', someBytes(1000))
  const two = await files.write('models/two.bin', someBytes(1000, 2))
  await files.write('snapshot/model.bin', someBytes(1000, 3))
  await page.getByRole('button', { name: 'Choose files…' }).click()
  await choose(page, 'files', [one, two])
  await encryptSheet(page).start()
  await settled(page)
  await page.getByRole('button', { name: 'Encrypt…' }).click()
  await page.getByRole('menuitem', { name: 'A folder…' }).click()
  await choose(page, 'folder', [files.path('snapshot')])
  await encryptSheet(page).start()
  await settled(page)
  expect(await storedFiles(app.storeFolder)).toEqual(['one.bin.age', 'snapshot.tar.age', 'two.bin.age'])
  expect(await openedByAge(keyring, join(app.storeFolder, 'two.bin.age'))).toBe(await sha256(two))
  expect(await identityOf(keyring, join(app.storeFolder, 'snapshot.tar.age'))).toMatch(/^AGE-SECRET-KEY-1/)
})

test('the same name again is a new version under the same key; asked to, a separate artifact', async ({
  page,
  app,
  files,
  keyring,
}) => {
  const path = (name: string) => join(app.storeFolder, name)
  const digests: string[] = []
  const model = files.path('model.bin')
  for (const seed of [1, 2, 3]) {
    await writeFile(model, someBytes(200_000, seed))
    digests.push(await sha256(model))
    await dropFiles(page, [model])
    const sheet = encryptSheet(page)
    if (seed === 2) await expect(sheet.dialog.getByText('New version, v2')).toBeVisible()
    if (seed === 3) await sheet.dialog.getByText('Separate artifact').click()
    await sheet.start()
    await settled(page)
  }
  const stored = await storedFiles(app.storeFolder)
  expect(stored).toHaveLength(3)
  expect(stored).toEqual(expect.arrayContaining(['model.bin.age', 'model.v2.bin.age']))
  const separate = stored.find((name) => !['model.bin.age', 'model.v2.bin.age'].includes(name)) ?? ''

  const opened = []
  for (const name of ['model.bin.age', 'model.v2.bin.age', separate])
    opened.push(await openedByAge(keyring, path(name)))
  expect(opened).toEqual(digests)
  const [first, second, third] = await Promise.all(
    ['model.bin.age', 'model.v2.bin.age', separate].map((name) => namesInHeader(path(name))),
  )
  expect(second).toEqual(first)
  expect(third?.artifactId).not.toBe(first?.artifactId)
  expect(third?.keyId).not.toBe(first?.keyId)
  // A file key and nonce of its own: nothing of the two payloads is alike.
  const [one, two] = await Promise.all([readFile(path('model.bin.age')), readFile(path('model.v2.bin.age'))])
  expect(one.subarray(-100_000, -90_000).equals(two.subarray(-100_000, -90_000))).toBe(false)
})

test('what would run code is said before it is stored, and is never executed', async ({
  page,
  app,
  files,
  keyring,
}) => {
  const mark = files.path('executed')
  const hostile = await files.write('hostile.pkl', `cos\nsystem\n(S'touch ${mark}'\ntR.`)
  await dropFiles(page, [hostile])
  await expect(encryptSheet(page).dialog.getByText('Loading this pickle runs a shell command')).toBeVisible()
  await encryptSheet(page).start()
  await settled(page)
  expect(await openedByAge(keyring, join(app.storeFolder, 'hostile.pkl.age'))).toBe(await sha256(hostile))
  expect(await readFile(mark).catch(() => 'not there')).toBe('not there')
})

test('an encrypted file and an identity are recognised by their content, not stored by mistake', async ({
  page,
  app,
  files,
}) => {
  const model = await files.write('model.bin', 'weights')
  await encrypt(page, [model])
  const disguised = await files.write('disguised.bin', await readFile(join(app.storeFolder, 'model.bin.age')))
  await dropFiles(page, [disguised])
  await expect(page.getByRole('dialog', { name: /age file/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await run('age-keygen', ['-o', files.path('notes.txt')])
  await dropFiles(page, [files.path('notes.txt')])
  await expect(page.getByRole('dialog', { name: /identity/ })).toBeVisible()
  await page.keyboard.press('Escape')
  expect(await storedFiles(app.storeFolder)).toEqual(['model.bin.age'])
})
