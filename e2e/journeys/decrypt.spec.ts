/** Point 6: the verified plaintext where the user says, or nothing at all. */
import { execFile } from 'node:child_process'
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { failureText } from '../../shared/failure-text.ts'
import { artifactsScreen, startDecrypt } from '../pages/artifacts.ts'
import { encrypt } from '../pages/encrypt-sheet.ts'
import { expect, someBytes, test } from '../pages/journey.ts'
import { openedByAge, sha256 } from '../pages/proof.ts'
import { jobOnScreen } from '../pages/transfers.ts'
import { goTo, settled } from '../pages/window.ts'

const run = promisify(execFile)

test('Decrypt to… gives back every byte of a file, a folder and an older version, for its owner alone', async ({
  page,
  files,
}) => {
  const model = await files.write('model.bin', someBytes(300_000))
  const firstDigest = await sha256(model)
  await files.write('bert/config.json', '{}')
  await files.write('bert/weights/model.bin', someBytes(100_000, 2))
  await encrypt(page, [model, files.path('bert')])
  await files.write('model.bin', someBytes(250_000, 3))
  await encrypt(page, [model])

  const screen = artifactsScreen(page)
  await screen.decryptTo('model.bin', files.path('latest.bin'))
  expect(await sha256(files.path('latest.bin'))).toBe(await sha256(model))
  expect((await stat(files.path('latest.bin'))).mode & 0o777).toBe(0o600)

  await screen.decryptTo('bert', files.path('unpacked'))
  await run('diff', ['-r', files.path('bert'), files.path('unpacked')])

  await (await screen.details('model.bin')).getByRole('button', { name: /^v1,/ }).click()
  await startDecrypt(page, files.path('first.bin'))
  await settled(page)
  expect(await sha256(files.path('first.bin'))).toBe(firstDigest)
})

test('nothing is overwritten', async ({ page, files }) => {
  const model = await files.write('model.bin', someBytes(1000))
  await encrypt(page, [model])
  await files.write('precious.bin', 'precious')
  await artifactsScreen(page).row('model.bin').dblclick()
  await page.getByRole('button', { name: 'Decrypt to…' }).click()
  const picker = page.getByRole('dialog', { name: 'Choose where to write' })
  await picker
    .getByRole('row')
    .filter({ has: page.getByTitle(files.folder.replace(/.*\//, '')) })
    .dblclick()
  await picker.getByRole('textbox', { name: 'Name' }).fill('precious.bin')
  await picker.getByRole('button', { name: 'Write here' }).click()
  await expect(picker.getByText('This name is taken here')).toBeVisible()
  expect(await readFile(files.path('precious.bin'), 'utf8')).toBe('precious')
})

const flipped = async (path: string): Promise<Buffer> => {
  const bytes = await readFile(path)
  const middle = bytes.length - 100_000
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  return bytes
}

test('an altered, shortened, swapped or older file in the store is refused, and nothing is written', async ({
  page,
  app,
  files,
  keyring,
}) => {
  const stored = (name: string) => join(app.storeFolder, name)
  for (const seed of [1, 2]) {
    const names = seed === 1 ? ['model.bin', 'other.bin'] : ['model.bin']
    await encrypt(
      page,
      await Promise.all(names.map((name, n) => files.write(name, someBytes(200_000, seed * 7 + n)))),
    )
  }
  const target = stored('model.v2.bin.age')
  const good = files.path('good.age')
  await copyFile(target, good)
  const kept = await openedByAge(keyring, good)
  const name = 'model.bin'
  const refusals = [
    { bytes: await flipped(target), title: /altered|not the one that was encrypted/ },
    {
      bytes: (await readFile(target)).subarray(0, -70_000),
      title: /ends too early|not the one that was encrypted/,
    },
    {
      bytes: await readFile(stored('other.bin.age')),
      title: new RegExp(failureText({ code: 'verify/swapped', name, foundName: 'other.bin' }).title),
    },
    {
      bytes: await readFile(stored('model.bin.age')),
      title: new RegExp(
        failureText({ code: 'verify/rolled-back', name, foundVersion: 1, expectedVersion: 2 }).title,
      ),
    },
  ]
  const folder = files.path('plaintext')
  await mkdir(folder)
  for (const [n, { bytes, title }] of refusals.entries()) {
    await writeFile(target, bytes)
    await goTo(page, 'Artifacts')
    await artifactsScreen(page).decryptTo(name, join(folder, `never-${n}.bin`))
    await goTo(page, 'Transfers')
    const { failure, row } = jobOnScreen(page, name)
    await expect(failure).toHaveAccessibleName(title)
    for (const part of ['What happened', 'What is safe', 'What to do'])
      await expect(failure.getByRole('heading', { name: part })).toBeVisible()
    expect(await readdir(folder)).toEqual([])
    await row.getByRole('button', { name: `Remove ${name} from the list` }).click()
    await expect(row.getByText('Decryption failed')).toBeHidden()
  }
  await copyFile(good, target)
  await goTo(page, 'Artifacts')
  await artifactsScreen(page).decryptTo(name, join(folder, 'again.bin'))
  expect(await sha256(join(folder, 'again.bin'))).toBe(kept)
})
