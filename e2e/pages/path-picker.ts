/** Choosing paths: in the window's own picker, or in place of the system's dialogs where the host has those. */
import { homedir } from 'node:os'
import { basename, dirname, relative, sep } from 'node:path'
import { type Locator, type Page, expect } from '@playwright/test'

const titles = {
  files: 'Choose files',
  folder: 'Choose a folder',
  'age-file': 'Choose an age file',
  identity: 'Choose an identity file',
  target: 'Choose where to write',
} as const

const rowOf = (picker: Locator, name: string): Locator =>
  picker.getByRole('row').filter({ has: picker.page().getByTitle(name, { exact: true }) })

/** Walks from the home folder, where it begins, to the folder of what is chosen. */
async function walkTo(picker: Locator, folder: string): Promise<void> {
  let at = homedir()
  for (const part of relative(at, folder).split(sep).filter(Boolean)) {
    await rowOf(picker, part).dblclick()
    at = `${at}${sep}${part}`
    await expect(picker.getByRole('grid', { name: at })).toBeVisible()
  }
}

/** Answers an open dialog of the picker with files of one folder.
 * @param paths absolute, below the home folder */
export async function choose(
  page: Page,
  what: 'files' | 'folder' | 'age-file' | 'identity',
  paths: string[],
): Promise<void> {
  const picker = page.getByRole('dialog', { name: titles[what] })
  await walkTo(picker, dirname(paths[0] ?? ''))
  for (const [n, path] of paths.entries())
    await rowOf(picker, basename(path)).click(n > 0 ? { modifiers: ['ControlOrMeta'] } : {})
  await picker.getByRole('button', { name: /^Choose/ }).click()
  await expect(picker).toBeHidden()
}

/** Answers *Choose where to write*.
 * @param path absolute, below the home folder; nothing is there yet */
export async function chooseTarget(page: Page, path: string): Promise<void> {
  const picker = page.getByRole('dialog', { name: titles.target })
  await walkTo(picker, dirname(path))
  await picker.getByRole('textbox', { name: 'Name' }).fill(basename(path))
  await picker.getByRole('button', { name: 'Write here' }).click()
  await expect(picker).toBeHidden()
}
