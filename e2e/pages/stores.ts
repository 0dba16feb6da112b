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

/** The panel of the connection test, beside the form. */
export const connectionPanel = (page: Page): Locator =>
  page.getByRole('complementary', { name: 'Connection' })

/** Fills in the form of the settings for a store in a bucket; nothing is added yet. */
export async function fillInBucket(page: Page, bucket: Bucket): Promise<void> {
  await goTo(page, 'Settings')
  await page.getByRole('link', { name: 'Add a store…' }).click()
  await choose(page, 'Kind', 'S3 bucket')
  await choose(page, 'Service', 'Other, S3-compatible')
  const fill = (label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value)
  await fill('Bucket', bucket.bucket)
  await fill('Region', bucket.region)
  await fill('Endpoint', bucket.endpoint)
  await choose(page, 'Credentials', 'Typed in')
  await fill('Access key', bucket.accessKeyId)
  await fill('Secret access key', bucket.secretAccessKey)
  await fill('Name', bucket.name)
}

/** Adds a store in a bucket by the form of the settings.
 * @returns the panel of its connection test, which has begun by itself */
export async function addBucket(page: Page, bucket: Bucket): Promise<Locator> {
  await fillInBucket(page, bucket)
  await page.getByRole('button', { name: 'Add store' }).click()
  await expect(page.getByRole('heading', { name: bucket.name, level: 2 })).toBeVisible()
  const panel = connectionPanel(page)
  await expect(panel.getByRole('list', { name: 'Permissions' })).toBeVisible()
  return panel
}

/** Adds it, and what is encrypted from now on goes into it. */
export async function addDefaultBucket(page: Page, bucket: Bucket): Promise<void> {
  await addBucket(page, bucket)
  await page.getByRole('button', { name: 'Make default' }).click()
  await expect(page.getByRole('button', { name: 'Make default' })).toBeHidden()
}

/** *Unfinished uploads* on a store's page of the settings. */
export const unfinishedUploads = (page: Page): Locator =>
  page.getByRole('region', { name: 'Unfinished uploads' })
