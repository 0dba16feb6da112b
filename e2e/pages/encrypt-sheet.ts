import { type Locator, type Page, expect } from '@playwright/test'
import { dropFiles } from '../fixtures/app.ts'
import { settled } from './window.ts'

export type EncryptSheet = {
  dialog: Locator
  /** The editable name of what was dropped under this one. */
  nameOf: (dropped: string) => Locator
  folder: Locator
  /** Starts it and waits until the sheet is gone: every job has begun. */
  start: () => Promise<void>
}

export function encryptSheet(page: Page): EncryptSheet {
  const dialog = page.getByRole('dialog', { name: /^Encrypt \d+ artifact/ })
  return {
    dialog,
    nameOf: (dropped) => dialog.getByRole('textbox', { name: `Name of ${dropped}` }),
    folder: dialog.getByRole('textbox', { name: 'Folder' }),
    start: async () => {
      await dialog.getByRole('button', { name: /^Encrypt \d+ artifact/ }).click()
      await expect(dialog).toBeHidden()
    },
  }
}

/** The shortest way: drop, one click, done. Settles when everything is stored, or has failed. */
export async function encrypt(page: Page, paths: string[]): Promise<void> {
  await dropFiles(page, paths)
  await encryptSheet(page).start()
  await settled(page)
}
