import { describe, expect, it } from 'vitest'
import { fail } from '../../shared/failure.ts'
import { run } from './testing/run.ts'
import { artifactId, artifactRow, keyId, keyRow } from './testing/builders.ts'
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

describe('a key', () => {
  const own = { artifactId: artifactId(1), artifactName: 'a.pkl' }
  const twin = { artifactName: 'twin', alias: 'twin · key 1' }
  const rows = [
    keyRow(1, { ...own, alias: 'a.pkl · key 1', number: 1, state: 'destroyed' }),
    keyRow(2, { ...own, alias: 'a.pkl · key 2', number: 2, state: 'suspended' }),
    keyRow(3, { artifactId: artifactId(3), ...twin }),
    keyRow(4, { artifactId: artifactId(4), ...twin }),
    keyRow(5, { artifactId: artifactId(5), artifactName: 'b.pkl', alias: 'b one', number: 1 }),
    keyRow(6, { artifactId: artifactId(5), artifactName: 'b.pkl', alias: 'b two', number: 2 }),
  ]
  const counts = { all: 6, 'rotation-due': 0, compromised: 0, scheduled: 0, 'protects-nothing': 0 }
  const resumed = async (query: string) => {
    const ran = await run(['keys', 'resume', query, '--json'], {
      'keys:list': () => ({ total: rows.length, rows, counts }),
      'keys:resume': ({ keyId: asked }) =>
        rows.find((row) => row.keyId === asked) ?? fail({ code: 'key/not-found', keyId: asked }),
    })
    return { ...ran, asked: ran.owner.requestsOf('keys:resume') }
  }

  it.each([
    ['its id', keyId(2)],
    ['its alias', 'a.pkl · key 2'],
    ['the name of its artifact, where one can be meant', 'a.pkl'],
  ])('is found by %s', async (_, query) => {
    expect((await resumed(query)).asked).toMatchObject([{ keyId: keyId(2) }])
  })

  it('is found by the first letters of its id, where no other begins so', async () => {
    const [one, other] = [keyRow(0x10000001), keyRow(0x20000001)]
    const list = () => ({ total: 2, rows: [one, other], counts })
    const handlers: FakeHandlers = { 'keys:list': list, 'keys:resume': () => one }
    const ran = await run(['keys', 'resume', one.keyId.slice(0, 8)], handlers)
    expect(ran.owner.requestsOf('keys:resume')).toMatchObject([{ keyId: one.keyId }])
    expect((await run(['keys', 'resume', one.keyId.slice(0, 7)], handlers)).code).toBe(1)
  })

  it.each([
    ['twin', [3, 4]],
    ['twin · key 1', [3, 4]],
    ['b.pkl', [5, 6]],
  ])('is not guessed where %s means several', async (query, several) => {
    const { code, asked, result } = await resumed(query)
    expect([code, asked]).toEqual([2, []])
    for (const each of several) expect(JSON.stringify(result)).toContain(keyId(each))
  })
})
