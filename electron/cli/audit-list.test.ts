import { expect, it } from 'vitest'
import type { AuditEntry } from '../../shared/domain/audit.ts'
import type { FakeHandlers } from './testing/fake-owner.ts'
import { run } from './testing/run.ts'

const entry = (sequence: number): AuditEntry => ({
  sequence,
  at: Date.UTC(2026, 10, 22, 16, 42),
  event: 'key-created',
  category: 'keys',
  on: 'model.pkl · key 1',
  artifactId: null,
  keyId: null,
  jobId: null,
  who: 'dana.k',
  via: 'window',
  facts: {},
  previousHash: '0'.repeat(64),
  hash: '1'.repeat(64),
})
const logOf = (total: number): FakeHandlers => ({
  'audit:list': ({ offset, limit }) => ({
    total,
    entries: total,
    rows: Array.from({ length: Math.min(limit, total - offset) }, (_, n) => entry(total - offset - n)),
  }),
})

it('lists the newest first, every page of them', async () => {
  const { result, owner } = await run(['audit', 'list', '--json'], logOf(250))
  const { entries } = (result as { value: { entries: AuditEntry[] } }).value
  expect([entries.length, entries[0]?.sequence, entries.at(-1)?.sequence]).toEqual([250, 250, 1])
  expect(owner.requestsOf('audit:list')).toHaveLength(2)
})

it('says what happened in words', async () => {
  const { out } = await run(['audit', 'list'], logOf(1))
  for (const part of ['Key made', 'model.pkl · key 1', 'dana.k, window', '1 entry'])
    expect(out).toContain(part)
  expect((await run(['audit', 'list'], logOf(0))).out).toBe('Nothing is found.\n')
})

it('passes on what is looked for', async () => {
  const line = ['audit', 'list', 'fraud', '--category', 'keys', '--since', '2026-11-22']
  const { owner } = await run(line, logOf(0))
  expect(owner.requestsOf('audit:list')).toMatchObject([
    { query: 'fraud', category: 'keys', since: Date.UTC(2026, 10, 22) },
  ])
})

it.each(['yesterday', '22.11.2026', '2026-13-01'])('refuses the date %s', async (date) => {
  const { code, error } = await run(['audit', 'list', '--since', date], logOf(0))
  expect(code).toBe(2)
  expect(error).toContain('--since is a date')
})
