import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { chooseTarget } from './path-picker.ts'
import { closeNotices, goTo, notice } from './window.ts'

export type AuditLine = {
  sequence: number
  at: string
  event: string
  on: string
  previousHash: string
  hash: string
  [name: string]: unknown
}

/** Exports the log as a person would. @returns its lines, the signed head left out */
export async function readAuditLog(page: Page, to: string): Promise<AuditLine[]> {
  await exportAuditLog(page, to)
  const lines = (await readFile(to, 'utf8')).trimEnd().split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line) as AuditLine)
}

/** *Export…* of the audit log, to its end. @param to below the home folder */
export async function exportAuditLog(page: Page, to: string): Promise<void> {
  await goTo(page, 'Audit log')
  // What an earlier export said would stand for this one.
  await closeNotices(page)
  await page.getByRole('button', { name: 'Export…' }).click()
  await chooseTarget(page, to)
  await notice(page, /^Exported \d+ entr/).waitFor()
}
