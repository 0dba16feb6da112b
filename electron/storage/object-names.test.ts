import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArtifactId, newId } from '../../shared/ids.ts'
import {
  checkName,
  jobOfTemporary,
  nameProblem,
  pickObjectName,
  posixNames,
  temporaryName,
  windowsNames,
} from './object-names.ts'

const free = () => false
const pick = (artifactName: string, more: { isFolder?: boolean; version?: number; windows?: boolean } = {}) =>
  pickObjectName(
    {
      artifactName,
      isFolder: more.isFolder ?? false,
      version: more.version ?? 1,
      rules: more.windows === true ? windowsNames : posixNames,
    },
    free,
  )

describe('the name of an object', () => {
  it.each([
    ['model.pkl', {}, 'model.pkl.age'],
    ['model.pkl', { version: 2 }, 'model.v2.pkl.age'],
    ['fraud/model.pkl', { version: 3 }, 'fraud/model.v3.pkl.age'],
    ['run.12', { isFolder: true }, 'run.12.tar.age'],
    ['bert', { isFolder: true, version: 2 }, 'bert.v2.tar.age'],
    ['README', { version: 2 }, 'README.v2.age'],
    ['.env', { version: 2 }, '.env.v2.age'],
    ['run_12:00:00', {}, 'run_12:00:00.age'],
    ['two\nlines "quoted".bin', {}, 'two\nlines "quoted".bin.age'],
    ['run_12:00:00', { windows: true }, 'run_12_00_00.age'],
    ['con.pkl', { windows: true }, '_con.pkl.age'],
    ['nul/x.', { windows: true }, '_nul/x..age'],
  ])('of %j with %j is %j', async (artifactName, more, expected) => {
    expect(await pick(artifactName, more)).toBe(expected)
  })

  it('is the artifact id where names are opaque', async () => {
    const opaqueId = newId(ArtifactId)
    const request = { artifactName: 'a.bin', isFolder: false, version: 2, opaqueId, rules: posixNames }
    expect(await pickObjectName(request, free)).toBe(`${opaqueId}.v2.age`)
    expect(await pickObjectName({ ...request, version: 1 }, free)).toBe(`${opaqueId}.age`)
  })

  it('avoids names that are held, foreign ones too', async () => {
    const held = new Set(['model.v2.pkl.age', 'model-2.v2.pkl.age'])
    const request = { artifactName: 'model.pkl', isFolder: false, version: 2, rules: posixNames }
    expect(await pickObjectName(request, async (name) => held.has(name))).toBe('model-3.v2.pkl.age')
  })

  it('shortens what is too long at a whole character, with a hash that tells two such names apart', async () => {
    const long = '🧠'.repeat(62)
    const one = await pick(`${long}a.pkl`, { version: 2 })
    const two = await pick(`${long}b.pkl`, { version: 2 })
    expect(one).toMatch(/^🧠+~[0-9a-f]{8}\.v2\.pkl\.age$/u)
    expect(Buffer.byteLength(one)).toBeLessThanOrEqual(255)
    expect(one).not.toBe(two)
  })

  it('always fits and never leaves the folder, whatever the artifact is called', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 999 }),
        fc.boolean(),
        async (artifactName, isFolder, version, windows) => {
          fc.pre(nameProblem(artifactName, { windows: false, maxPartBytes: 4096 }) === null)
          const rules = windows ? windowsNames : posixNames
          const name = await pickObjectName({ artifactName, isFolder, version, rules }, free)
          expect(nameProblem(name, rules)).toBeNull()
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('a name that would leave its folder', () => {
  it.each(['', '/etc/passwd', '..', 'a/../b', './a', 'a//b', 'a/', 'a\0b', '\ud800', 'x'.repeat(256)])(
    'is refused: %j',
    (name) => {
      expect(() => checkName(name, posixNames)).toThrowError('artifact/name-invalid')
    },
  )

  it.each(['a\\b', 'c:d', 'com1.txt', 'dot.', 'space ', '..\\up', 'aux'])(
    'is refused on Windows: %j',
    (name) => {
      expect(nameProblem(name, posixNames)).toBeNull()
      expect(nameProblem(name, windowsNames)).toBe('Windows cannot hold it')
    },
  )
})

describe('a temporary', () => {
  it('names its job, and nothing else looks like one', () => {
    const jobId = 'abcdefghijklmnopqrstuvwxya'
    expect(jobOfTemporary(temporaryName(jobId))).toBe(jobId)
    expect(jobOfTemporary('.weightlock-x.tmp')).toBeNull()
    expect(jobOfTemporary(`a${temporaryName(jobId)}`)).toBeNull()
  })
})
