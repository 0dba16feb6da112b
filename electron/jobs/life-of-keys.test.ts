/** Random lives of keys against a small model: nothing is listed as readable that no key opens, no destroyed key opens
 * anything, and no tainted payload is called clean (cryptography.md, sections 2, 3 and 5). */
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { KeyState } from '../../shared/domain/key.ts'
import { transition } from '../../shared/key-state.ts'
import { noHash } from '../catalog/audit-hash.ts'
import { isErased, type KeyLife, keyLife, opens, wrapperOf } from './testing/key-life.ts'
import { action, type Action, carryOut } from './testing/key-life-actions.ts'

/** Time to spare on a machine that is busy with other things. */
vi.setConfig({ testTimeout: 120_000 })

async function holds(life: KeyLife): Promise<void> {
  const { catalog } = life
  const here = (keyId: string) => life.keychain.items.get(`Weightlock/${keyId}`)
  for (const key of life.keys.values()) {
    const row = catalog.keyRow(key.keyId)
    expect({ state: row.state, leaked: row.compromisedAt !== null }).toEqual({
      state: key.state,
      leaked: key.leaked,
    })
    if (key.state !== 'destroyed') continue
    // Destroyed: its item is gone, and nothing counts on it.
    expect(here(key.keyId)).toBeUndefined()
    expect(catalog.keyDetails(key.keyId).protects).toEqual([])
  }
  for (const version of life.versions) await versionHolds(life, version, here)
}

async function versionHolds(
  life: KeyLife,
  version: KeyLife['versions'][number],
  here: (keyId: string) => string | undefined,
): Promise<void> {
  const { catalog } = life
  const { artifactId, header, others, payload } = version
  const { artifact, versions } = catalog.artifactDetails(artifactId)
  const shown = versions.find((each) => each.version === version.version)
  const tainted = [...payload.wrappedBy].filter((keyId) => life.keys.get(keyId)?.leaked)
  expect(shown?.taintedBy).toEqual(
    tainted.map((keyId) => catalog.keyRow(keyId).number).toSorted((a, b) => a - b),
  )
  if (tainted.length > 0) expect(artifact.isTainted).toBe(true)
  expect(shown?.status === 'erased').toBe(isErased(life, version))
  const { keyIds } = catalog.versionForOpening(artifactId, version.version)
  for (const keyId of keyIds) expect(life.keys.get(keyId)?.state).not.toBe('destroyed')
  for (const each of shown?.status === 'erased' ? [] : [header, ...others]) {
    const wrapper = wrapperOf(life, each)
    if (wrapper?.state === 'destroyed' && others.length > 0) continue
    // Readable: a key that is offered opens what lies in the store, unless somebody took it from the keychain.
    expect(keyIds).toContain(wrapper?.keyId)
    expect(await opens(wrapper?.secret ?? '', each)).toBe(true)
    expect(here(wrapper?.keyId ?? '') !== undefined || wrapper?.lost === true).toBe(true)
  }
  // Whatever the keychain holds that opens it is a key that is not destroyed.
  for (const key of life.keys.values()) {
    const held = here(key.keyId)
    if (held !== undefined && (await opens(held, header))) expect(key.state).not.toBe('destroyed')
  }
}

/** What the history says was legal, step by step. */
function historyIsLegal({ catalog, keys }: KeyLife): void {
  for (const keyId of keys.keys()) {
    let state: KeyState | null = null
    for (const { event, from, to } of catalog.keyDetails(keyId).events) {
      if (to === null) continue
      if (event !== 'key-destruction-reversed' && from !== null) {
        expect(from).toBe(state)
        expect(transition(from, to).ok).toBe(true)
      }
      state = KeyState.parse(to)
    }
    expect(state).toBe(catalog.keyRow(keyId).state)
  }
}

async function live(actions: readonly Action[]): Promise<void> {
  const life = keyLife()
  try {
    for (const each of actions) {
      await carryOut(life, each)
      await holds(life)
    }
    historyIsLegal(life)
    expect(life.catalog.auditCheck({ sequence: 0, hash: noHash }, 1000).broken).toBeNull()
  } finally {
    life.dispose()
  }
}

it('keeps what it promises through any life of its keys', async () => {
  const lives = fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 30, size: 'max' }), live)
  await expect(fc.assert(lives, { numRuns: 30 })).resolves.toBeUndefined()
})
