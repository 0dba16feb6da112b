/** What lies in a bucket: browsed, looked into, checked, and what was begun in it and never completed. */
import { readFile, writeFile } from 'node:fs/promises'
import { smallSafetensors } from '../../scripts/test/small-models.ts'
import { test } from '../fixtures/s3.ts'
import { artifactsScreen } from '../pages/artifacts.ts'
import { lookThroughAxe } from '../pages/axe.ts'
import { clipboard } from '../pages/clipboard.ts'
import { encrypt, encryptSheet } from '../pages/encrypt-sheet.ts'
import { dropFiles, expect, someBytes } from '../pages/journey.ts'
import { runFromPalette } from '../pages/palette.ts'
import { chooseTarget } from '../pages/path-picker.ts'
import { openedByAge, sha256 } from '../pages/proof.ts'
import { addBucket, addDefaultBucket, unfinishedUploads } from '../pages/stores.ts'
import { checkReport } from '../pages/transfers.ts'
import { closeNotices, dialog, escape, goTo, notice, settled } from '../pages/window.ts'

test('a bucket is browsed: folders, search, what others put there, object versions, its URI, what is inside', async ({
  page,
  files,
  keyring,
  server,
  aws,
}) => {
  const axe = await lookThroughAxe(page)
  const bucket = await server.makeBucket({ versioning: true })
  const { endpoint, region, root } = server
  await aws.copy(await files.write('notes.txt', 'not encrypted'), `s3://${bucket}/risk/notes.txt`)
  await addDefaultBucket(page, { name: 'prod', bucket, endpoint, region, ...root })
  const model = await files.write('small.safetensors', smallSafetensors())
  await goTo(page, 'Artifacts')
  await dropFiles(page, [model])
  await encryptSheet(page).folder.fill('risk/2026')
  await encryptSheet(page).start()
  await settled(page)
  await encrypt(page, [await files.write('other.bin', someBytes(10_000))])
  await closeNotices(page)
  const uri = `s3://${bucket}/risk/2026/small.safetensors.age`
  await aws.copy(uri, files.path('first.age'))
  await aws.copy(files.path('first.age'), uri)
  await runFromPalette(page, 'look again prod', /Look again at prod/)

  const { names, row, search, details } = artifactsScreen(page)
  await expect.poll(async () => (await names()).toSorted()).toEqual(['other.bin', 'risk'])
  await row('risk').dblclick()
  await expect.poll(async () => (await names()).toSorted()).toEqual(['2026', 'notes.txt'])
  await expect(row('notes.txt').getByText('not by Weightlock')).toBeVisible()
  await expect((await details('notes.txt')).getByText(/Not written by Weightlock/)).toBeVisible()
  await axe.at('an object of others in a bucket')
  await page.getByRole('button', { name: 'Close details' }).click()
  await row('2026').dblclick()
  await expect.poll(names).toEqual(['small.safetensors'])
  await page
    .getByRole('navigation', { name: 'Place' })
    .getByRole('button', { name: /^Store/ })
    .click()
  await page.getByRole('menuitem', { name: /prod/ }).click()
  await search.fill('safet')
  await expect.poll(names).toEqual(['small.safetensors'])

  const panel = await details('small.safetensors')
  await expect(panel.getByText('2 tensors · 40 parameters')).toBeVisible()
  await expect(panel.getByRole('table', { name: 'Tensors' })).toContainText('4 × 8')
  await panel.getByRole('button', { name: 'List them' }).click()
  type Listed = { Versions: { VersionId: string; IsLatest: boolean }[] }
  const { Versions } = await aws.api<Listed>('list-object-versions', { bucket, prefix: 'risk/2026/small' })
  const versions = panel.getByRole('list', { name: /^Object versions of / }).getByRole('listitem')
  await expect(versions).toHaveCount(2)
  for (const { VersionId, IsLatest } of Versions)
    await expect(versions.filter({ has: page.getByTitle(VersionId, { exact: true }) })).toContainText(
      IsLatest ? 'latest' : /\d/,
    )
  await axe.at('object versions')
  await panel.getByRole('button', { name: 'Copy the location' }).click()
  await expect.poll(() => clipboard(page)).toBe(uri)
  await aws.copy(await clipboard(page), files.path('by-its-uri.age'))
  expect(await openedByAge(keyring, files.path('by-its-uri.age'))).toBe(await sha256(model))
  expect(axe.found).toEqual([])
})

test('a store is verified: what was altered in the bucket is named, and the report is saved', async ({
  page,
  files,
  server,
  aws,
}) => {
  const axe = await lookThroughAxe(page)
  const bucket = await server.makeBucket()
  const { endpoint, region, root } = server
  await addDefaultBucket(page, { name: 'prod', bucket, endpoint, region, ...root })
  await goTo(page, 'Artifacts')
  await encrypt(page, [
    await files.write('sound.bin', someBytes(3_000_000)),
    await files.write('altered.bin', someBytes(3_000_000, 7)),
  ])
  await closeNotices(page)

  await runFromPalette(page, 'verify prod quick', /^Verify prod/)
  await settled(page)
  await goTo(page, 'Transfers')
  const quick = await checkReport(page, 'quick')
  await expect(quick.getByText('2 objects looked at: 2 match.')).toBeVisible()
  await escape(page, /^Check: /)

  const uri = `s3://${bucket}/altered.bin.age`
  await aws.copy(uri, files.path('altered.age'))
  const bytes = await readFile(files.path('altered.age'))
  bytes.writeUInt8(bytes.readUInt8(2_000_000) ^ 1, 2_000_000)
  await writeFile(files.path('altered.age'), bytes)
  await aws.copy(files.path('altered.age'), uri)

  await runFromPalette(page, 'verify prod full', /^Verify prod/)
  await settled(page)
  await closeNotices(page)
  const full = await checkReport(page, 'full')
  await expect(full.getByText('2 objects looked at: 1 matches, 1 differs.')).toBeVisible()
  await expect(full.getByRole('row', { name: /altered\.bin/ })).toContainText('Differs')
  await expect(full.getByRole('row', { name: /sound\.bin/ })).toContainText('Matches')
  await axe.at('report of a full check')
  await full.getByRole('button', { name: 'Save…' }).click()
  await chooseTarget(page, files.path('report.txt'))
  await expect(notice(page, 'Report saved')).toBeVisible()
  const saved = (await readFile(files.path('report.txt'), 'utf8')).split('\n')
  expect(saved.filter((line) => line.includes('altered.bin')).join('\n')).toMatch(/differs/i)
  expect(saved.filter((line) => line.includes('sound.bin')).join('\n')).toMatch(/matches/i)
  expect(axe.found).toEqual([])
})

test('an upload of somebody else is listed as such and aborted only when that is asked for', async ({
  page,
  server,
  aws,
  files,
}) => {
  const axe = await lookThroughAxe(page)
  const bucket = await server.makeBucket()
  const { endpoint, region, root } = server
  const key = 'colleague.bin.age'
  const { UploadId } = await aws.api<{ UploadId: string }>('create-multipart-upload', { bucket, key })
  const body = await files.write('part', someBytes(100_000))
  await aws.api('upload-part', { bucket, key, 'upload-id': UploadId, 'part-number': '1', body })

  await addBucket(page, { name: 'prod', bucket, endpoint, region, ...root })
  const uploads = unfinishedUploads(page)
  await uploads.getByRole('button', { name: 'Find' }).click()
  const listed = uploads.getByRole('listitem')
  await expect(listed).toHaveCount(1)
  await expect(listed).toContainText('not begun here')
  await expect(listed).toContainText('1 part')
  await axe.at('unfinished uploads')
  const abort = listed.getByRole('button', { name: `Abort the upload of ${key}` })
  await abort.click()
  const question = dialog(page, 'Abort an upload that was not begun here?')
  await question.getByRole('button', { name: 'Keep it' }).click()
  await expect(question).toBeHidden()
  expect(await aws.uploads(bucket)).toEqual([{ uploadId: UploadId, key }])

  await abort.click()
  await question.getByRole('button', { name: 'Abort 1 upload' }).click()
  await expect(uploads.getByText(/^None: everything/)).toBeVisible()
  expect(await aws.uploads(bucket)).toEqual([])
  expect(axe.found).toEqual([])
})
