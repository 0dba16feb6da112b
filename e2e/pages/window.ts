/** The window as a whole: its screens, its jobs, its quitting. */
import { type Locator, type Page, expect } from '@playwright/test'

export type Screen = 'Artifacts' | 'Keys' | 'Transfers' | 'Audit log' | 'Settings'

export const goTo = (page: Page, screen: Screen): Promise<void> =>
  page
    .getByRole('navigation', { name: 'Screens' })
    .getByRole('link', { name: new RegExp(`^${screen}`) })
    .click()

/** Settles when no job runs or waits; told by the program, not guessed. Follows a call that has started one. */
export const settled = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const bridge = window.weightlock
    if (bridge === undefined) throw new Error('there is no bridge')
    await new Promise<void>((settle) => {
      const look = async () => {
        const answer = await bridge.invoke('jobs:snapshot', {})
        if (!answer.ok || answer.value.jobs.some(({ state }) => state === 'queued' || state === 'running'))
          return
        stop()
        settle()
      }
      const stop = bridge.on('jobs:changed', () => void look())
      void look()
    })
  })

/** Notices at the window's corner lie over what is beneath them; some go by themselves meanwhile. */
export async function closeNotices(page: Page): Promise<void> {
  const buttons = page.getByRole('button', { name: 'Close this notice' })
  await buttons.evaluateAll((all) => {
    for (const each of all) (each as HTMLElement).click()
  })
  await expect(buttons).toHaveCount(0)
}

/** What is done, said at the window's corner. */
export const notice = (page: Page, title: string | RegExp): Locator =>
  page.getByRole('group', { name: title })

export const dialog = (page: Page, title: string | RegExp): Locator =>
  page.getByRole('dialog', { name: title })

/** Escape closes this dialog. */
export async function escape(page: Page, title: string | RegExp): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(dialog(page, title)).toBeHidden()
}
