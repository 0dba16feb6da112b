import { expect, type Locator, type Page } from '@playwright/test'
import { goTo } from './window.ts'

export type Bucket = {
  name: string
  bucket: string
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** Adds a store in a bucket by the form of the settings.
 * @returns the panel of its connection test, which has begun by itself */
export async function addBucket(page: Page, bucket: Bucket): Promise<Locator> {
  await goTo(page, 'Settings')
  await page.getByRole('link', { name: 'Add a store…' }).click()
  await choose(page, 'Kind', 'S3 bucket')
  await choose(page, 'Provider', 'Other, S3-compatible')
  const fill = (label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value)
  await fill('Bucket', bucket.bucket)
  await fill('Region', bucket.region)
  await fill('Endpoint', bucket.endpoint)
  await page.getByRole('checkbox', { name: 'Path style' }).check()
  await fill('Access key', bucket.accessKeyId)
  await fill('Secret access key', bucket.secretAccessKey)
  await fill('Name', bucket.name)
  await page.getByRole('button', { name: 'Add store' }).click()
  await expect(page.getByRole('heading', { name: bucket.name, level: 2 })).toBeVisible()
  const panel = page.getByRole('complementary', { name: 'Connection' })
  await expect(panel.getByRole('list', { name: 'Checks' })).toBeVisible()
  return panel
}
