/** Point 4: watched, paused, resumed and cancelled; the program closed in the middle goes on at the next start. */
import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { artifactsScreen } from '../pages/artifacts.ts'
import { encryptSheet } from '../pages/encrypt-sheet.ts'
import { dropFiles, expect, type Files, someBytes, test } from '../pages/journey.ts'
import { namesInHeader, openedByAge, sha256, storedFiles } from '../pages/proof.ts'
import { jobOnScreen } from '../pages/transfers.ts'
import { dialog, goTo } from '../pages/window.ts'

/** Large enough never to end by itself before it is stopped: a minute at the pace of these tests, and in Electron,
 * which knows no pace, seconds of work. */
async function bigFile(files: Files, hostKind: string, name = 'big.safetensors'): Promise<string> {
  const path = await files.write(name, someBytes(1000))
  await truncate(path, hostKind === 'electron' ? 16e9 : 96e6)
  return path
}

test.describe('at a slow pace', () => {
  test.use({ bytesPerSecond: 1_500_000 })

  test('progress, pause, resume and cancel; nothing is left of what was cancelled', async ({
    page,
    app,
    files,
    keyring,
    hostKind,
  }) => {
    const big = await bigFile(files, hostKind)
    await dropFiles(page, [big])
    await encryptSheet(page).start()
    await goTo(page, 'Transfers')
    const job = jobOnScreen(page, 'big.safetensors')
    await expect(job.row.getByText('Encrypting')).toBeVisible()
    await expect(job.row.getByText(/\d+ [kM]B\/s/)).toBeVisible()
    await job.passes(1)

    await job.pause()
    const atPause = await Promise.all([job.percent(), written(app.storeFolder)])
    await goTo(page, 'Keys')
    await expect(page.getByRole('heading', { name: 'Keys' })).toBeVisible()
    await goTo(page, 'Transfers')
    await expect(job.paused).toBeVisible()
    expect(await Promise.all([job.percent(), written(app.storeFolder)])).toEqual(atPause)

    await job.button('Resume').click()
    await job.passes(atPause[0])
    const unfinished = (await storedFiles(app.storeFolder)).find((name) => name.endsWith('.tmp')) ?? ''
    const { keyId } = await namesInHeader(join(app.storeFolder, unfinished))
    expect(await keyring.secretToolLookup('Weightlock', keyId)).toMatch(/^AGE-SECRET-KEY-1/)

    await job.button('Cancel').click()
    await expect(job.row.getByText('Cancelled')).toBeVisible()
    expect(await storedFiles(app.storeFolder)).toEqual([])
    expect(await keyring.secretToolLookup('Weightlock', keyId)).toBeNull()
    expect((await stat(big)).size).toBeGreaterThan(0)
    await goTo(page, 'Artifacts')
    await expect(page.getByRole('heading', { name: 'Drop a model to encrypt it' })).toBeVisible()
  })

  test('closed in the middle: at the next start it goes on by itself, and what was paused waits', async ({
    page,
    app,
    files,
    keyring,
    hostKind,
  }) => {
    const running = await bigFile(files, hostKind, 'running.bin')
    const paused = await bigFile(files, hostKind, 'second.bin')
    await goTo(page, 'Transfers')
    await dropFiles(page, [paused])
    await encryptSheet(page).start()
    await jobOnScreen(page, 'second.bin').passes(1)
    await jobOnScreen(page, 'second.bin').pause()
    await dropFiles(page, [running])
    await encryptSheet(page).start()
    await jobOnScreen(page, 'running.bin').passes(1)

    const closed = page.waitForEvent('close')
    await page.close({ runBeforeUnload: true })
    const question = dialog(page, 'Quit with 1 job running?')
    await question.getByRole('button', { name: 'Keep working' }).click()
    await jobOnScreen(page, 'running.bin').passes(1)
    await page.close({ runBeforeUnload: true })
    await question.getByRole('button', { name: 'Quit' }).click()
    await closed

    const again = await app.reopen([], { bytesPerSecond: null })
    await goTo(again, 'Transfers')
    await expect(jobOnScreen(again, 'running.bin').row.getByText('Stored and verified')).toBeVisible({
      timeout: 30_000,
    })
    await expect(jobOnScreen(again, 'second.bin').paused).toBeVisible()
    expect((await storedFiles(app.storeFolder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
    await jobOnScreen(again, 'second.bin').button('Resume').click()
    // A job that has not gone on yet is settled as well.
    await expect(jobOnScreen(again, 'second.bin').row.getByText('Stored and verified')).toBeVisible({
      timeout: 30_000,
    })
    expect(await storedFiles(app.storeFolder)).toEqual(['running.bin.age', 'second.bin.age'])
    for (const path of [running, paused])
      expect(
        await openedByAge(keyring, join(app.storeFolder, `${path.slice(dirname(path).length + 1)}.age`)),
      ).toBe(await sha256(path))
  })
})

/** Everything that a store holds and how much of it has been written. */
const written = async (storeFolder: string) =>
  Promise.all(
    (await storedFiles(storeFolder)).map(async (name) => {
      const { size, mtimeMs, blocks } = await stat(join(storeFolder, name))
      return { name, size, mtimeMs, blocks }
    }),
  )

test('a failure says what happened, what is safe and what to do, stays, and can be tried again', async ({
  page,
  app,
  files,
  keyring,
}) => {
  const model = await files.write('model.bin', someBytes(100_000))
  await mkdir(dirname(app.storeFolder), { recursive: true })
  await rm(app.storeFolder, { recursive: true, force: true })
  await writeFile(app.storeFolder, 'in the way of the store')
  await dropFiles(page, [model])
  await encryptSheet(page).start()
  await goTo(page, 'Transfers')
  const { failure, row } = jobOnScreen(page, 'model.bin')
  for (const part of ['What happened', 'What is safe', 'What to do'])
    await expect(failure.getByRole('heading', { name: part })).toBeVisible()
  await expect(row.getByText('Encryption failed')).toBeVisible()
  expect(await readFile(app.storeFolder, 'utf8')).toBe('in the way of the store')

  const reopened = await app.reopen()
  await goTo(reopened, 'Transfers')
  await expect(jobOnScreen(reopened, 'model.bin').failure).toBeVisible()
  await rm(app.storeFolder)
  await jobOnScreen(reopened, 'model.bin').failure.getByRole('button', { name: 'Try again' }).click()
  await expect(jobOnScreen(reopened, 'model.bin').row.getByText('Stored and verified')).toBeVisible()
  expect(await openedByAge(keyring, join(app.storeFolder, 'model.bin.age'))).toBe(await sha256(model))
  await goTo(reopened, 'Artifacts')
  await expect(artifactsScreen(reopened).row('model.bin')).toBeVisible()
})
