import { describe, expect, it } from 'vitest'
import { fail } from '../../shared/failure.ts'
import { run } from './testing/run.ts'
import { artifactRow } from './testing/builders.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'

const twins = [artifactRow(1, { name: 'twin' }), artifactRow(2, { name: 'twin', objectName: 'twin-2.age' })]
const handlers: FakeHandlers = {
  'artifacts:find': ({ query }) =>
    query === 'twin'
      ? fail({ code: 'artifact/ambiguous', query, artifactIds: twins.map(({ artifactId }) => artifactId) })
      : (twins.find(({ artifactId }) => artifactId === query) ?? fail({ code: 'artifact/not-found', query })),
  'artifacts:list': () => ({
    total: 1,
    rows: [{ type: 'artifact', ...artifactRow(3, { name: 'model.safetensors' }) }],
    artifacts: 1,
    ciphertextBytes: 0,
    otherObjects: 0,
  }),
}

describe('an artifact by its name', () => {
  it('that means several is refused with what tells them apart', async () => {
    const { code, error } = await run(['decrypt', 'twin', '--to', 'x'], handlers)
    expect(code).toBe(1)
    for (const { artifactId, objectName } of twins)
      expect(error).toMatch(new RegExp(`${artifactId}.*${objectName.replace('.', '\\.')}`))
  })

  it('that means nothing is answered with what was perhaps meant', async () => {
    const { code, error } = await run(['show', 'model'], handlers)
    expect(code).toBe(1)
    expect(error).toContain('Did you mean model.safetensors?')
  })

  it('is refused without more words for a script', async () => {
    for (const name of ['twin', 'model']) {
      const { error } = await run(['show', name, '--json'], handlers)
      expect(error).toBe('')
    }
  })
})
