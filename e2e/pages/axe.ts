/** What axe finds on the window as it stands, in both themes. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'

export type Look = {
  /** Looks at what is shown now, light and dark. @param state its name in what is found */
  at: (state: string) => Promise<void>
  /** Everything serious or critical that was found so far, one line each. */
  found: string[]
}

/** The window may be looked at while nothing on it moves. */
async function still(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
    await Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity)
        .map((animation) => animation.finished),
    )
  })
}

export async function lookThroughAxe(page: Page): Promise<Look> {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const found: string[] = []
  return {
    found,
    at: async (state) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await still(page)
        // The usual mode opens another page, which the host closes.
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
        for (const { id, impact, nodes } of violations)
          if (impact === 'serious' || impact === 'critical')
            for (const { target, html } of nodes)
              found.push(`${state}, ${colorScheme}: ${id} at ${target.join(' ')}: ${html.slice(0, 160)}`)
      }
    },
  }
}
