import type { Locator, Page } from '@playwright/test'
import { choose, chooseTarget } from './path-picker.ts'
import { goTo } from './window.ts'

/** The page of a key, by the name of its artifact. */
export async function openKey(page: Page, artifact: string, number = 1): Promise<void> {
  await goTo(page, 'Keys')
  await page
    .getByRole('grid', { name: 'Keys' })
    .getByRole('row')
    .filter({ hasText: `key ${number}` })
    .getByRole('link', { name: artifact, exact: true })
    .click()
  await page.getByRole('heading', { level: 1, name: `${artifact} · key ${number}` }).waitFor()
}

/** From the first step of the guided rotation to the plan that waits for a yes. @param count keys that are rotated */
export async function walkToPlan(page: Page, count: number): Promise<void> {
  const keys = count === 1 ? '1 key' : `${count} keys`
  await page.getByRole('button', { name: `Continue with ${keys}` }).click()
  await page.getByRole('button', { name: `Review ${keys}` }).click()
  await page.getByRole('button', { name: `Rotate ${keys}` }).waitFor()
}

/** *Export identity…* on a key's page, to its end. @param path below the home folder */
export async function exportIdentity(page: Page, path: string): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Export identity…' }).click()
  await finishExport(page, path)
}

/** From the open dialog of *Export identity…* to its end. */
export async function finishExport(page: Page, path: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Export identity' })
  await dialog.getByRole('button', { name: 'Choose…' }).click()
  await chooseTarget(page, path)
  await dialog.getByText('I understand that this file opens the model').click()
  await dialog.getByRole('button', { name: 'Export 1 identity' }).click()
  await dialog.waitFor({ state: 'hidden' })
}

/** *Destroy this key…* on a key's page, to where the name is typed. */
export async function walkToDestroy(page: Page): Promise<{ name: Locator; destroy: Locator }> {
  await page.getByRole('link', { name: 'Destroy this key…' }).click()
  await page.getByRole('button', { name: 'Check its copies' }).click()
  await page.getByRole('button', { name: 'Confirm 1 key' }).click()
  return {
    name: page.getByRole('textbox'),
    destroy: page.getByRole('button', { name: 'Destroy 1 key' }),
  }
}

/** *Import…* on Keys, to its end. @param path an identity file below the home folder */
export async function importIdentity(page: Page, path: string): Promise<void> {
  await goTo(page, 'Keys')
  await page.getByRole('button', { name: 'Import…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import an identity' })
  await dialog.getByRole('button', { name: 'Choose…' }).click()
  await choose(page, 'identity', [path])
  await dialog.getByRole('button', { name: 'Import' }).click()
  await page.getByRole('dialog', { name: '1 key imported' }).getByRole('button', { name: 'Done' }).click()
}
