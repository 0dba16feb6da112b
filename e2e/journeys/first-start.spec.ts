/** Point 2: a plain answer about the keychain, a default store, and a sample model to try on. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { requirePeer } from '../../scripts/test/require-peer.ts'
import { artifactsScreen } from '../pages/artifacts.ts'
import { encrypt } from '../pages/encrypt-sheet.ts'
import { expect, test } from '../pages/journey.ts'
import { accountsInKeyring, identityOf, openedByAge, sha256, storedFiles } from '../pages/proof.ts'
import { settled } from '../pages/window.ts'

const run = promisify(execFile)
const sampleFolder = resolve(import.meta.dirname, '../../assets/sample')

test('the keychain is tried by itself; nothing but the canary stays, nothing is stored unasked', async ({
  page,
  app,
  keyring,
}) => {
  const machine = page.getByRole('complementary', { name: 'This machine' })
  await expect(machine.getByText('Works', { exact: true })).toBeVisible()
  for (const step of ['Write', 'Read back', 'Delete'])
    await expect(machine.getByText(step, { exact: true })).toBeVisible()
  expect(await keyring.secretToolLookup('Weightlock', 'canary')).not.toBeNull()
  expect((await accountsInKeyring()).filter((account) => account.startsWith('test '))).toEqual([])
  await expect(machine.getByTitle(app.storeFolder)).toBeVisible()
  expect(await storedFiles(app.storeFolder)).toEqual([])
})

test('the checklist: the sample is encrypted when asked, and opened again', async ({
  page,
  app,
  files,
  keyring,
}) => {
  await expect(page.getByText('0 of 3')).toBeVisible()
  await page.getByRole('button', { name: 'Encrypt the sample' }).click()
  const { row, decryptTo } = artifactsScreen(page)
  await expect(row('digits-mlp.safetensors')).toBeVisible()
  await settled(page)
  const stored = join(app.storeFolder, 'digits-mlp.safetensors.age')
  const original = await sha256(join(sampleFolder, 'digits-mlp.safetensors'))
  expect(await identityOf(keyring, stored)).toMatch(/^AGE-SECRET-KEY-1/)
  expect(await openedByAge(keyring, stored)).toBe(original)
  await decryptTo('digits-mlp.safetensors', files.path('again.safetensors'))
  expect(await sha256(files.path('again.safetensors'))).toBe(original)
})

const python = await run('python3', ['--version']).then(
  () => true,
  () => false,
)

test('the sample pickle loads in Python, and the safetensors file is valid, after the way through the store', async ({
  page,
  files,
}) => {
  test.skip(!requirePeer('python', python, 'no python3 on the PATH'), 'there is no Python')
  await encrypt(page, [join(sampleFolder, 'digits-mlp.pkl'), join(sampleFolder, 'digits-mlp.safetensors')])
  const { decryptTo } = artifactsScreen(page)
  await decryptTo('digits-mlp.pkl', files.path('back.pkl'))
  await decryptTo('digits-mlp.safetensors', files.path('back.safetensors'))
  const { stdout } = await run('python3', [
    '-c',
    `import json, pickle, struct, sys
model = pickle.load(open(sys.argv[1], 'rb'))
data = open(sys.argv[2], 'rb').read()
(size,) = struct.unpack('<Q', data[:8])
header = json.loads(data[8:8 + size])
tensors = sorted((t for name, t in header.items() if name != '__metadata__'), key=lambda t: t['data_offsets'])
ends = [0] + [t['data_offsets'][1] for t in tensors]
print(json.dumps({
  'layers': [list(layer['shape']) for layer in model['layers']],
  'floats': sum(len(layer['weight']) + len(layer['bias']) for layer in model['layers']),
  'contiguous': all(t['data_offsets'][0] == end for t, end in zip(tensors, ends)) and ends[-1] == len(data) - 8 - size,
  'bytes': ends[-1],
}))`,
    files.path('back.pkl'),
    files.path('back.safetensors'),
  ])
  const found = JSON.parse(stdout) as {
    layers: number[][]
    floats: number
    contiguous: boolean
    bytes: number
  }
  expect(found.layers).toEqual([
    [256, 64],
    [192, 256],
    [10, 192],
  ])
  expect(found.contiguous).toBe(true)
  expect(found.bytes).toBe(found.floats * 4)
  expect(await readFile(files.path('back.pkl'))).toEqual(await readFile(join(sampleFolder, 'digits-mlp.pkl')))
})
