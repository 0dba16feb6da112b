import { type Locator, type Page, expect } from '@playwright/test'

export type JobOnScreen = {
  row: Locator
  button: (verb: 'Pause' | 'Resume' | 'Cancel' | 'Reveal') => Locator
  /** Percent done, as a screen reader is told it. */
  percent: () => Promise<number>
  /** Settles once it has got further than this. */
  passes: (percent: number) => Promise<void>
  /** Clicks *Pause* and waits until it stands still. */
  pause: () => Promise<void>
  /** That it is paused, and since when. */
  paused: Locator
  /** What happened, what is safe, what to do: the three parts of a failure. */
  failure: Locator
}

/** A job of the list on Transfers, by its title. */
export function jobOnScreen(page: Page, title: string): JobOnScreen {
  const row = page.getByRole('list', { name: 'Jobs' }).getByRole('listitem', { name: title, exact: true })
  const button = (verb: string) => row.getByRole('button', { name: `${verb} ${title}`, exact: true })
  const percent = async () => Number(await row.getByRole('progressbar').getAttribute('aria-valuenow'))
  const paused = row.getByText(/^Paused, .*\d/)
  return {
    row,
    button,
    paused,
    percent,
    passes: (least) => expect.poll(percent, { timeout: 30_000 }).toBeGreaterThan(least),
    pause: async () => {
      await button('Pause').click()
      await expect(paused).toBeVisible()
    },
    failure: row.getByRole('region', { name: new RegExp(`^${title}: `) }),
  }
}

/** Opens the report of a check of a store: the latest of its level. */
export async function checkReport(page: Page, level: 'quick' | 'full'): Promise<Locator> {
  await page
    .getByRole('listitem', { name: 'All artifacts', exact: true })
    .filter({ hasText: level === 'quick' ? 'sizes and headers' : 'every byte' })
    .getByRole('button', { name: 'Report' })
    .click()
  return page.getByRole('dialog', { name: /^Check: / })
}
