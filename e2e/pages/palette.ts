import { type Page, expect } from '@playwright/test'

/** Types into the command palette and chooses what it offers.
 * @param choice the words of a row */
export async function runFromPalette(page: Page, typed: string, choice: RegExp): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k')
  const field = page.getByRole('dialog').getByRole('combobox')
  await field.fill(typed)
  await page.getByRole('option', { name: choice }).click()
  await expect(field).toBeHidden()
}
