/** The page itself: its policy, its window, and what it cannot reach. */
import { expect, test } from '../fixtures/app.ts'

test('no screen breaks the content security policy or complains', async ({ page }) => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.evaluate(() => {
    const hold = window as unknown as { violations: string[] }
    hold.violations = []
    document.addEventListener('securitypolicyviolation', (event) =>
      hold.violations.push(`${event.effectiveDirective} ${event.blockedURI}`),
    )
  })
  for (const screen of ['Keys', 'Transfers', 'Audit log', 'Settings', 'Artifacts']) {
    await page.getByRole('link', { name: screen }).first().click()
    await expect(page.getByRole('link', { name: screen }).first()).toHaveAttribute('aria-current', 'page')
    await expect(page.getByRole('main').getByRole('heading').first()).toBeVisible()
  }
  expect(complaints).toEqual([])
  expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([])
})

test('the page has no Node, no Electron, and one frozen bridge', async ({ page }) => {
  const found = await page.evaluate(() => {
    const names = [
      'require',
      'process',
      'module',
      'global',
      'Buffer',
      'electron',
      'ipcRenderer',
      'playwright',
    ]
    return {
      leaked: names.filter((name) => name in window),
      bridge: Object.keys(window.weightlock ?? {}).toSorted(),
      frozen: Object.isFrozen(window.weightlock),
    }
  })
  expect(found).toEqual({ leaked: [], bridge: ['invoke', 'on', 'pathForFile'], frozen: true })
})

test('the page reaches no network, no file and no other origin', async ({ page }) => {
  const reached = await page.evaluate(async () => {
    const answers: string[] = []
    for (const url of [
      'https://example.com/',
      'http://127.0.0.1:9/',
      'file:///etc/passwd',
      'data:text/plain,x',
    ])
      answers.push(
        await fetch(url).then(
          () => `${url} reached`,
          () => 'refused',
        ),
      )
    return answers
  })
  expect(reached).toEqual(['refused', 'refused', 'refused', 'refused'])
})

test('the page cannot leave, and cannot open another window', async ({ page, app }) => {
  const home = page.url()
  await page.evaluate(() => {
    window.open('https://example.com/')
    const link = document.createElement('a')
    link.href = 'https://example.com/'
    document.body.append(link)
    link.click()
  })
  await expect(page.getByRole('main')).toBeVisible()
  expect(new URL(page.url()).host).toBe(new URL(home).host)
  await expect.poll(() => app.page().context().pages().length).toBe(1)
})
