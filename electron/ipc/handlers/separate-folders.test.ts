import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { failureOf } from '../../../shared/failure.ts'
import { requireSeparate } from './separate-folders.ts'

let root: string
const at = (...parts: string[]) => join(root, ...parts)
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'weightlock-separate-'))
  for (const name of ['models/inner', 'models-2', 'other']) mkdirSync(at(name), { recursive: true })
  symlinkSync(at('models'), at('link'))
})
afterAll(() => rmSync(root, { recursive: true }))

const refusal = async (path: string, taken = at('models')) =>
  requireSeparate('path', path, [{ path: taken, whose: 'the store “Local”' }]).then(
    () => null,
    (error: unknown) => failureOf(error),
  )
const because = (relation: string) => ({
  code: 'store/settings-invalid',
  field: 'path',
  reason: `${relation} the folder of the store “Local”`,
})

describe('the folder of a new store', () => {
  it.each([
    ['the same', 'models', 'it is'],
    ['the same by a link', 'link', 'it is'],
    ['inside', 'models/inner', 'it lies in'],
    ['inside by a link', 'link/inner', 'it lies in'],
    ['inside, not there yet', 'link/later', 'it lies in'],
    ['around', '.', 'it contains'],
  ])('is refused when it is %s', async (_, path, relation) => {
    expect(await refusal(at(path))).toEqual(because(relation))
  })

  it('is refused around a folder that is not there yet', async () => {
    expect(await refusal(at('other'), at('other/store'))).toEqual(because('it contains'))
  })

  it.each(['models-2', 'other'])('is taken beside it: %s', async (path) => {
    expect(await refusal(at(path))).toBeNull()
  })
})
