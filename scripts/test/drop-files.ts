import type { Page } from 'playwright'

/** Drops real files or folders onto the page, as the desktop would: the page gets `File`s whose paths only the
 * browser knows.
 * @param paths absolute
 * @param at where; the middle of the window if left out */
export async function dropFiles(page: Page, paths: string[], at?: { x: number; y: number }): Promise<void> {
  const middle = () => ({ x: Math.round(window.innerWidth / 2), y: Math.round(window.innerHeight / 2) })
  const { x, y } = at ?? (await page.evaluate(middle))
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: paths, dragOperationsMask: 1 }
  try {
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x, y, data })
  } finally {
    await session.detach()
  }
}
