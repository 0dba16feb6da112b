/** Point 8: a kit from the old machine and its bucket are all that a new one gets. */
import { test } from '../fixtures/elsewhere.ts'
import { artifactsScreen } from '../pages/artifacts.ts'
import { lookThroughAxe } from '../pages/axe.ts'
import { expect, someBytes } from '../pages/journey.ts'
import { openKey, walkToPlan } from '../pages/keys.ts'
import { choose } from '../pages/path-picker.ts'
import { ageDecrypt, sha256 } from '../pages/proof.ts'
import { addDefaultBucket } from '../pages/stores.ts'
import { dialog, goTo, settled } from '../pages/window.ts'

test('a kit and the bucket are enough: adopted, rotated, and the old machine reads no more', async ({
  page,
  files,
  server,
  aws,
  elsewhere,
}) => {
  const { there, addStore } = elsewhere
  const axe = await lookThroughAxe(page)
  const bucket = await server.makeBucket()
  await addStore(server, bucket)
  const models = [
    await files.write('first.bin', someBytes(900_000, 1)),
    await files.write('second.bin', someBytes(70_000, 2)),
  ]
  await there(['encrypt', ...models, '--store', 'team'])
  const kit = files.path('kit.age')
  const passphrase = 'lantern gravel mango orbit velvet'
  await there(['kit', 'create', kit, '--passphrase-fd', '3'], { descriptor: passphrase })

  const { endpoint, region, root } = server
  await addDefaultBucket(page, { name: 'team', bucket, endpoint, region, ...root })
  await page.getByRole('link', { name: 'Recovery kit' }).click()
  await page.getByRole('button', { name: 'Restore from a kit…' }).click()
  const restoring = dialog(page, 'Restore from a recovery kit')
  await restoring.getByRole('button', { name: 'Choose…' }).click()
  await choose(page, 'age-file', [kit])
  await restoring.getByLabel('Passphrase of the kit').fill(passphrase)
  await restoring.getByRole('button', { name: 'Restore its keys' }).click()
  const restored = dialog(page, 'The keys are back')
  await expect(restored).toContainText('2 keys restored')
  await restored.getByRole('button', { name: 'Scan the stores and adopt' }).click()
  await expect(restored.getByText('2 artifacts adopted')).toBeVisible()
  await axe.at('adopted')
  await restored.getByRole('button', { name: 'Done' }).click()

  await goTo(page, 'Artifacts')
  const { row, decryptTo } = artifactsScreen(page)
  for (const [n, name] of ['first.bin', 'second.bin'].entries()) {
    await expect(row(name)).toBeVisible()
    await expect(row(name).getByText('read only')).toBeHidden()
    await decryptTo(name, files.path(`opened-${n}.bin`))
    expect(await sha256(files.path(`opened-${n}.bin`))).toBe(await sha256(models[n] ?? ''))
  }

  await openKey(page, 'first.bin')
  await page.getByRole('button', { name: 'Rotate…' }).click()
  await walkToPlan(page, 1)
  await page.getByRole('button', { name: 'Rotate 1 key' }).click()
  await expect(page.getByRole('heading', { name: '1 key is rotated' })).toBeVisible()
  await settled(page)
  await aws.copy(`s3://${bucket}/first.bin.age`, files.path('rotated.age'))
  await there(['keys', 'export', 'first.bin', '--to', files.path('old.txt')])
  await expect(
    ageDecrypt(files.path('rotated.age'), files.path('old.txt'), files.path('by-old.bin')),
  ).rejects.toThrow(/no identity matched/)

  // What the old machine meets: a new owner, and a header that none of its keys opens.
  await elsewhere.run(['verify', '--store', 'team', '--level', 'quick'])
  for (const name of ['first.bin', 'second.bin'])
    expect(await there(['show', name])).toContain('owned by another installation')
  const closed = await elsewhere.run(['decrypt', 'first.bin', '--to', files.path('closed.bin')])
  expect(closed.code).not.toBe(0)
  const second = await elsewhere.run(['keys', 'rotate', 'second.bin', '--reason', 'policy'])
  expect(second.code).not.toBe(0)
  expect(axe.found).toEqual([])
})
