/** Point 8: every event of keys and artifacts, chained, verifiable and exported; a change in it is found. */
import { createHash, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { artifactsScreen } from '../pages/artifacts.ts'
import { exportAuditLog, readAuditLog } from '../pages/audit.ts'
import { encrypt } from '../pages/encrypt-sheet.ts'
import { expect, someBytes, test } from '../pages/journey.ts'
import { exportIdentity, openKey } from '../pages/keys.ts'
import { namesInHeader } from '../pages/proof.ts'
import { goTo } from '../pages/window.ts'

const sha256OfText = (text: string) => createHash('sha256').update(text).digest('hex')

test('what was done is in the log, in order, chained, signed, and exported as JSON lines', async ({
  page,
  app,
  files,
}) => {
  await encrypt(page, [await files.write('model.bin', someBytes(1000))])
  await artifactsScreen(page).decryptTo('model.bin', files.path('back.bin'))
  await openKey(page, 'model.bin')
  await exportIdentity(page, files.path('identity.txt'))
  const { keyId } = await namesInHeader(join(app.storeFolder, 'model.bin.age'))

  const lines = await readAuditLog(page, files.path('log.jsonl'))
  expect(lines.filter(({ keyId: of }) => of === keyId).map(({ event }) => event)).toEqual([
    'key-created',
    'key-activated',
    'version-encrypted',
    'artifact-decrypted',
    'key-exported',
  ])
  for (const { at } of lines) expect(new Date(at).toISOString()).toBe(at)

  // Checked by hand, as the export's documentation says that anybody can.
  const text = (await readFile(files.path('log.jsonl'), 'utf8')).trimEnd().split('\n')
  let previous = '0'.repeat(64)
  for (const [n, line] of lines.entries()) {
    expect([line.sequence, line.previousHash]).toEqual([n + 1, previous])
    expect(sha256OfText(text[n]?.replace(`,"hash":"${line.hash}"`, '') ?? '')).toBe(line.hash)
    previous = line.hash
  }
  const { head } = JSON.parse(text.at(-1) ?? '') as {
    head: { entries: number; hash: string; signed: string; signature: string; publicKey: string }
  }
  expect([head.entries, head.hash]).toEqual([lines.length, previous])
  expect(head.signed).toContain(head.hash)
  expect(verify(null, Buffer.from(head.signed), head.publicKey, Buffer.from(head.signature, 'base64'))).toBe(
    true,
  )
  expect(text.join('\n')).not.toContain('AGE-SECRET-KEY')

  const entries = page.getByRole('treegrid', { name: 'Entries' })
  await page.getByRole('button', { name: 'Copies' }).click()
  await expect(entries.getByRole('row')).toHaveCount(2)
  await entries.getByText('Key exported to a file').click()
  await expect(entries.getByText(files.path('identity.txt')).first()).toBeVisible()
})

test('an entry that is changed behind its back is found, and named', async ({ page, app, files }) => {
  await encrypt(page, [await files.write('model.bin', someBytes(1000))])
  await goTo(page, 'Audit log')
  await expect(page.getByText(/^Chain intact · \d+ entries/)).toBeVisible()
  await app.close()
  const catalog = new DatabaseSync(join(app.dataFolder, 'catalog.sqlite'))
  const name = 'audit_is_never_changed'
  const trigger = catalog.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(name)
  catalog.exec(`DROP TRIGGER ${name}; UPDATE audit SET who = 'somebody else' WHERE sequence = 3`)
  catalog.exec(String(trigger?.['sql']))
  catalog.close()
  const again = await app.reopen()
  await goTo(again, 'Audit log')
  await expect(again.getByText('Chain broken at entry 3')).toBeVisible()
  await exportAuditLog(again, files.path('broken.jsonl'))
})
