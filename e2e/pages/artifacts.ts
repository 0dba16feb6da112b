import type { Locator, Page } from '@playwright/test'
import { chooseTarget } from './path-picker.ts'
import { settled } from './window.ts'

export type ArtifactsScreen = {
  table: Locator
  row: (name: string) => Locator
  /** Names in the order in which they are shown. */
  names: () => Promise<string[]>
  search: Locator
  /** Selects a row; its details open beside the table. */
  details: (name: string) => Promise<Locator>
  /** *Decrypt to…* from a double click to its end. @param path absolute, below the home folder */
  decryptTo: (name: string, path: string) => Promise<void>
}

export function artifactsScreen(page: Page): ArtifactsScreen {
  const table = page.getByRole('grid', { name: /^Artifacts in / })
  const row = (name: string) => table.getByRole('row').filter({ has: page.getByTitle(name, { exact: true }) })
  return {
    table,
    row,
    names: () =>
      table
        .getByRole('row')
        .filter({ hasNot: page.getByRole('columnheader') })
        .evaluateAll((rows) =>
          rows.map((each) => each.querySelector('[title]')?.getAttribute('title') ?? ''),
        ),
    search: page.getByRole('searchbox'),
    details: async (name) => {
      await row(name).click()
      return page.getByRole('complementary', { name: new RegExp(`^Details of `) })
    },
    decryptTo: async (name, path) => {
      await row(name).dblclick()
      await startDecrypt(page, path)
      await settled(page)
    },
  }
}

/** From the open dialog of *Decrypt to…* until its job has begun. */
export async function startDecrypt(page: Page, path: string): Promise<void> {
  await page
    .getByRole('dialog', { name: /^Open / })
    .getByRole('button', { name: 'Decrypt to…' })
    .click()
  await chooseTarget(page, path)
  await page.getByRole('dialog', { name: /^Open / }).waitFor({ state: 'hidden' })
}
