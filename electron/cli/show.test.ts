import { describe, expect, it } from 'vitest'
import { fail } from '../../shared/failure.ts'
import { run } from './testing/run.ts'
import { artifactRow, keyRow } from './testing/builders.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'

const destroyed = (copiesElsewhere: number): FakeHandlers => {
  const artifact = artifactRow(1, { keyState: 'destroyed', copiesElsewhere, kindLabel: '', status: 'erased' })
  return {
    'artifacts:find': () => artifact,
    'artifacts:show': () => ({
      artifact,
      createdAt: 0,
      versions: [],
      keys: [keyRow(1, { state: 'destroyed', copiesElsewhere })],
      keyEvents: [],
      summary: null,
    }),
    'artifacts:inside': () => fail({ code: 'key/destroyed', keyId: artifact.keyId }),
    'artifacts:copy-as': () => ({ choices: [{ id: 'age', label: 'age', text: 'age -d m.age' }] }),
  }
}

describe('weightlock show, of an artifact whose key was destroyed', () => {
  it('offers no command that cannot work, names no keeper and no empty kind', async () => {
    const { out } = await run(['show', 'model-1.pkl'], destroyed(0))
    expect(out).toContain('No key that is known of opens it any more.')
    for (const gone of ['age -d', 'GNOME Keyring', 'Kind']) expect(out).not.toContain(gone)
  })

  it('names the copies that still open it', async () => {
    const { out } = await run(['show', 'model-1.pkl'], destroyed(1))
    expect(out).toContain('with a copy of the identity elsewhere:\n  age -d m.age')
  })
})
