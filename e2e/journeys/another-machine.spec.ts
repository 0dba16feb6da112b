/** Two installations and one bucket: another data folder and keyring at a command line, this one in the window. */
import { test } from '../fixtures/elsewhere.ts'
import { artifactsScreen } from '../pages/artifacts.ts'
import { lookThroughAxe } from '../pages/axe.ts'
import { expect, someBytes } from '../pages/journey.ts'
import { importIdentity } from '../pages/keys.ts'
import { ageDecrypt, sha256 } from '../pages/proof.ts'
import { addDefaultBucket } from '../pages/stores.ts'
import { closeNotices, dialog, goTo, settled } from '../pages/window.ts'

test('what another machine stored appears here read only, opens, and is adopted; each sees whose it is', async ({
  page,
  files,
  server,
  aws,
  elsewhere,
}) => {
  const axe = await lookThroughAxe(page)
  const bucket = await server.makeBucket()
  const { endpoint, region, root } = server
  const { there, addStore } = elsewhere
  await addStore(server, bucket)
  const model = await files.write('model.bin', someBytes(2_500_000))
  type Batch = { value: { artifacts: [{ keyId: string }] } }
  const stored = JSON.parse(await there(['encrypt', model, '--store', 'team', '--json'])) as Batch
  const identity = files.path('identity.txt')
  await there(['keys', 'export', stored.value.artifacts[0].keyId, '--to', identity])

  await addDefaultBucket(page, { name: 'prod', bucket, endpoint, region, ...root })
  await importIdentity(page, identity)
  await goTo(page, 'Artifacts')
  const { row, details, decryptTo } = artifactsScreen(page)
  const found = await details('model.bin.age')
  await expect(found.getByText('In this keychain.')).toBeVisible()
  await found.getByRole('button', { name: 'Add to the artifacts' }).click()
  await expect(row('model.bin').getByText('not pinned')).toBeVisible()
  await closeNotices(page)
  const panel = await details('model.bin')
  await expect(panel.getByText('Another installation, read only')).toBeVisible()
  await axe.at('another’s artifact')

  await decryptTo('model.bin', files.path('opened.bin'))
  expect(await sha256(files.path('opened.bin'))).toBe(await sha256(model))
  await aws.copy(`s3://${bucket}/model.bin.age`, files.path('downloaded.age'))
  await ageDecrypt(files.path('downloaded.age'), identity, files.path('by-age.bin'))
  expect(await sha256(files.path('by-age.bin'))).toBe(await sha256(model))
  await expect(row('model.bin').getByText('read only')).toBeVisible()

  await closeNotices(page)
  await panel.getByRole('button', { name: 'Take ownership…' }).click()
  const question = dialog(page, 'Take ownership of this artifact?')
  await axe.at('take ownership')
  await question.getByRole('button', { name: 'Take ownership' }).click()
  await expect(question).toBeHidden()
  await settled(page)
  await expect(row('model.bin').getByText('read only')).toBeHidden()
  await expect(panel.getByText('Another installation, read only')).toBeHidden()
  await there(['verify', '--store', 'team', '--level', 'quick'])
  expect(await there(['show', 'model.bin'])).toContain('owned by another installation')

  // And back again: what is seen here when another machine takes it.
  await there(['adopt', 'model.bin'])
  await closeNotices(page)
  await panel.getByRole('button', { name: 'Verify' }).click()
  await settled(page)
  await expect(row('model.bin').getByText('read only')).toBeVisible()
  await expect(panel.getByText('Another installation, read only')).toBeVisible()
  expect(axe.found).toEqual([])
})
