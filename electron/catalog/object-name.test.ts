import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { artifactNames, nameProblem } from '../../shared/name-rules.ts'
import { nameFromObject, objectNameFor } from './object-name.ts'

/** Time to spare on a machine that is busy with other things. */
vi.setConfig({ testTimeout: 60_000 })

const posix = { windows: false, maxPartBytes: 255 }
const windows = { windows: true, maxPartBytes: 255 }
const nameOf = (
  name: string,
  more: { isFolder?: boolean; version?: number; nameNumber?: number } = {},
  rules = posix,
) => objectNameFor({ name, isFolder: false, version: 1, nameNumber: 1, ...more }, rules)

describe('the name of an object', () => {
  it.each([
    ['model.pkl', {}, 'model.pkl.age'],
    ['model.pkl', { version: 2 }, 'model.v2.pkl.age'],
    ['fraud/v1.5/model.pkl', { version: 12 }, 'fraud/v1.5/model.v12.pkl.age'],
    ['model.tar.gz', { version: 2 }, 'model.v2.tar.gz.age'],
    ['model.h5', { version: 2 }, 'model.v2.h5.age'],
    ['Llama-3.1-8B', { version: 2 }, 'Llama-3.1-8B.v2.age'],
    ['run.12', { version: 2 }, 'run.12.v2.age'],
    ['.env', { version: 2 }, '.env.v2.age'],
    ['bert', { isFolder: true }, 'bert.tar.age'],
    ['bert.base', { isFolder: true, version: 3 }, 'bert.base.v3.tar.age'],
    ['model.pkl', { nameNumber: 2 }, 'model-2.pkl.age'],
    ['model.pkl', { nameNumber: 2, version: 3 }, 'model-2.v3.pkl.age'],
    ['run_12:00:00\n"x"', {}, 'run_12:00:00\n"x".age'],
  ])('of %j with %j is %j', (name, more, expected) => {
    expect(nameOf(name, more)).toBe(expected)
  })

  it.each([
    ['run_12:00:00', 'run_12_00_00.age'],
    ['con.pkl', '_con.pkl.age'],
    ['a\\b.pkl', 'a_b.pkl.age'],
    ['nul/model.pkl', '_nul/model.pkl.age'],
  ])('of %j is one that Windows can hold', (name, expected) => {
    expect(nameOf(name, {}, windows)).toBe(expected)
  })

  it('fits, and differs where only the part that was cut differs', () => {
    const long = '🧠'.repeat(80)
    const names = ['a', 'b'].map((end) => nameOf(`${long}${end}.safetensors`, { version: 3 }))
    for (const name of names) {
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255)
      expect(name).toMatch(/^(🧠)+-[a-z2-7]{8}\.v3\.safetensors\.age$/u)
    }
    expect(names[0]).not.toBe(names[1])
  })

  it('tells artifact, version and kind again', () => {
    const part = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }).filter((text) => {
      const isMarked = /\.v\d+/i.test(text)
      return !isMarked && !/[/.]|\0/.test(text)
    })
    const ext = fc.constantFrom('', '.pkl', '.safetensors', '.tar.gz', '.h5', '.GGUF')
    fc.assert(
      fc.property(
        part,
        ext,
        fc.boolean(),
        fc.integer({ min: 1, max: 999 }),
        (stem, extension, isFolder, version) => {
          const name = `fraud/${stem}${extension}`
          expect(nameFromObject(nameOf(name, { isFolder, version }))).toEqual({ name, version, isFolder })
        },
      ),
    )
  })

  it('always stays below its folder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.boolean(), (name, isWindows) => {
        fc.pre(nameProblem(name, artifactNames) === null)
        const objectName = nameOf(name, {}, isWindows ? windows : posix)
        for (const each of objectName.split('/')) {
          expect(['', '.', '..']).not.toContain(each)
          expect(Buffer.byteLength(each)).toBeLessThanOrEqual(255)
        }
        expect(objectName.endsWith('.age')).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})
