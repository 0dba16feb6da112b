/** axe finds nothing serious on jobs in every state, on quitting with some, and on the settings. */
import { rm, truncate, writeFile } from 'node:fs/promises'
import { lookThroughAxe } from '../pages/axe.ts'
import { encrypt, encryptSheet } from '../pages/encrypt-sheet.ts'
import { dropFiles, expect, test } from '../pages/journey.ts'
import { jobOnScreen } from '../pages/transfers.ts'
import { dialog, escape, goTo, settled } from '../pages/window.ts'

test.describe.configure({ timeout: 150_000 })

test.describe('at a slow pace', () => {
  test.use({ bytesPerSecond: 2_000_000 })

  test('jobs that run, stand still and failed; quitting; settings', async ({ page, files, app }) => {
    await writeFile(app.storeFolder, 'in the way of the store')
    await encrypt(page, [await files.write('failed.bin', 'x')])
    await app.close()
    await rm(app.storeFolder)
    const again = await app.reopen()
    const shown = await lookThroughAxe(again)
    await goTo(again, 'Transfers')
    for (const name of ['second.bin', 'running.bin']) {
      const path = await files.write(name, 'x')
      await truncate(path, 600e6)
      await dropFiles(again, [path])
      await encryptSheet(again).start()
      await jobOnScreen(again, name).passes(0)
      if (name === 'second.bin') await jobOnScreen(again, name).pause()
    }
    await expect(jobOnScreen(again, 'failed.bin').failure).toBeVisible()
    await shown.at('transfers')
    // A job that has run for a while is asked about.
    await again.clock.setFixedTime(Date.now() + 60_000)
    await jobOnScreen(again, 'running.bin').button('Cancel').click()
    await expect(dialog(again, /^Cancel running/)).toBeVisible()
    await shown.at('cancel?')
    await escape(again, /^Cancel running/)
    await goTo(again, 'Keys')
    await shown.at('the job at the foot of the rail')
    await again.close({ runBeforeUnload: true })
    await expect(dialog(again, /^Quit with/)).toBeVisible()
    await shown.at('quit?')
    await dialog(again, /^Quit with/)
      .getByRole('button', { name: 'Keep working' })
      .click()
    await goTo(again, 'Transfers')
    await jobOnScreen(again, 'running.bin').button('Cancel').click()
    await dialog(again, /^Cancel running/)
      .getByRole('button', { name: 'Cancel the job' })
      .click()
    await settled(again)
    await shown.at('transfers, one cancelled')

    await goTo(again, 'Settings')
    await again.getByRole('button', { name: 'Test', exact: true }).click()
    await expect(again.getByRole('complementary').getByText(/ms/).first()).toBeVisible()
    await shown.at('store, tested')
    await again.getByRole('button', { name: 'Remove…' }).click()
    await shown.at('remove a store')
    await again.keyboard.press('Escape')
    for (const section of ['Add a store…', 'Key policy', 'Appearance', 'Diagnostics']) {
      await again.getByRole('link', { name: section }).click()
      await expect(again.getByRole('heading', { level: 1 })).toBeVisible()
      await shown.at(section)
    }
    await again.goto(`${new URL(again.url()).origin}/#/keys/not-a-key`)
    await expect(again.getByRole('main').getByRole('alert', { name: 'No such key' })).toBeVisible()
    await shown.at('a key that is not there')
    expect(shown.found).toEqual([])
  })
})
