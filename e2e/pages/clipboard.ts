import type { Page } from '@playwright/test'

/** What the clipboard holds. */
export async function clipboard(page: Page): Promise<string> {
  const { origin } = new URL(page.url())
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin })
  return page.evaluate(() => navigator.clipboard.readText())
}
