import type { Locator, Page } from '@playwright/test'
import { artifactsScreen } from './artifacts.ts'

/** The guided retirement of one artifact, from the menu of its row to where the name is typed.
 * @param look called on each step, with its name */
export async function walkToRetire(
  page: Page,
  artifact: string,
  counts: { keys: string; objects: string },
  look: (step: string) => Promise<void> = async () => undefined,
): Promise<{ name: Locator; destroy: Locator }> {
  await artifactsScreen(page).row(artifact).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Retire…' }).click()
  await page.getByRole('heading', { name: `Retire ${artifact}` }).waitFor()
  await look('artifact')
  await page.getByRole('button', { name: 'Show what 1 artifact takes along' }).click()
  await look('impact')
  await page.getByRole('button', { name: `Check copies of ${counts.keys}` }).click()
  await look('copies')
  await page.getByRole('button', { name: `Choose for ${counts.objects}` }).click()
  await look('ciphertext')
  await page.getByRole('button', { name: `Confirm ${counts.keys}` }).click()
  await look('confirm')
  return {
    name: page.getByRole('textbox'),
    destroy: page.getByRole('button', { name: `Destroy ${counts.keys}` }),
  }
}
