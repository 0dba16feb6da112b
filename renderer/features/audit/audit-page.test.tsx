import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { auditEntry, keyId, now, pathToken, programStatus } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { AuditPage } from './audit-page.tsx'
import { sinceOf } from './when.ts'

const entries = [
  auditEntry({
    sequence: 3,
    at: now,
    event: 'key-destroyed',
    on: 'model.pkl · key 1',
    keyId: keyId(1),
    facts: { from: 'active', to: 'destroyed', readBack: 'Item empty, canary readable' },
  }),
  auditEntry({ sequence: 2, at: now - 60_000, event: 'version-encrypted', on: 'model.pkl' }),
  auditEntry({ sequence: 1, at: now - 3 * 86_400_000, event: 'key-created', on: 'model.pkl · key 1' }),
]
const withEntries = () =>
  makeFakeBridge({ 'audit:list': () => ({ total: 3, entries: 48_213, rows: entries }) })
const verdict = {
  intact: true,
  entries: 48_213,
  checkedAt: now,
  headHash: null,
  brokenAt: null,
  reason: null,
  tailVouched: true,
}

describe('the audit log', () => {
  it.each([
    ['normal', '36px'],
    ['compact', '28px'],
  ] as const)('has rows of the density that is set: %s', async (density, height) => {
    const status = programStatus()
    const bridge = makeFakeBridge({
      'audit:list': () => ({ total: 3, entries: 3, rows: entries }),
      'program:status': () => ({ ...status, settings: { ...status.settings, density } }),
    })
    renderPart(<AuditPage />, { bridge })
    await screen.findByText('Key destroyed')
    const list = screen.getByRole('treegrid', { name: 'Entries' })
    expect(list.style.getPropertyValue('--row')).toBe(height)
    const second = screen.getByText('Key made').closest<HTMLElement>('[style*="translateY"]')
    expect(second?.style.transform).toBe(`translateY(${2 * Number.parseInt(height, 10)}px)`)
  })

  it('writes a date once for all entries of its day', async () => {
    renderPart(<AuditPage />, { bridge: withEntries() })
    await screen.findByText('Key destroyed')
    const times = screen.getAllByRole('row').map((row) => row.children[1]?.textContent ?? '')
    expect(times[1]).toMatch(/^23 Nov /)
    expect(times[2]).not.toMatch(/Nov/)
    expect(times[3]).toMatch(/^20 Nov /)
  })

  it('unfolds one entry at a time, with the change of state and whole hashes to copy', async () => {
    const { bridge, user } = renderPart(<AuditPage />, { bridge: withEntries() })
    await user.click(await screen.findByText('Key destroyed'))
    expect(screen.getByText('Item empty, canary readable')).toBeDefined()
    expect(screen.getByText('Active')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Copy this entry' }))
    expect(bridge.requestsTo('program:copy-text')).toEqual([{ text: entries[0]?.hash }])
    await user.click(screen.getByText('Version encrypted'))
    expect(screen.queryByText('Item empty, canary readable')).toBeNull()
  })

  it('is walked and unfolded with the keyboard', async () => {
    const { user } = renderPart(<AuditPage />, { bridge: withEntries() })
    await screen.findByText('Key destroyed')
    screen.getByRole('treegrid').focus()
    await user.keyboard('{ArrowDown}{Enter}')
    expect(screen.getByText('Item empty, canary readable')).toBeDefined()
    expect(screen.getAllByRole('row', { expanded: true })).toHaveLength(1)
    await user.keyboard('{Enter}')
    expect(screen.queryByText('Item empty, canary readable')).toBeNull()
  })

  it('says that the chain is intact, and verifies again', async () => {
    const bridge = withEntries()
    bridge.answer('audit:verify', () => verdict)
    const { user } = renderPart(<AuditPage />, { bridge })
    expect(await screen.findByText('Chain intact · 48,213 entries')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Verify again' }))
    await waitFor(() => expect(bridge.requestsTo('audit:verify')).toHaveLength(2))
  })

  it('says where the chain is broken and why', async () => {
    const bridge = withEntries()
    bridge.answer('audit:verify', () => ({
      ...verdict,
      intact: false,
      brokenAt: 47_530,
      reason: 'its hash differs',
      tailVouched: false,
    }))
    renderPart(<AuditPage />, { bridge })
    expect(await screen.findByText('Chain broken at entry 47,530')).toBeDefined()
    expect(within(screen.getByRole('alert')).getByText(/its hash differs/)).toBeDefined()
  })

  it('marks the entry where the chain is broken, and goes to it', async () => {
    const bridge = withEntries()
    const brokenAt = entries[2]?.sequence ?? 0
    bridge.answer('audit:verify', () => ({ ...verdict, intact: false, brokenAt, reason: 'its hash differs' }))
    const { user } = renderPart(<AuditPage />, { bridge })
    await screen.findByText('Key destroyed')
    const mark = await screen.findByLabelText('Chain broken here:')
    expect(mark.closest('[role=row]')?.textContent).toContain(String(brokenAt))
    await user.click(screen.getByRole('button', { name: /^Show entry/ }))
    expect(document.activeElement).toBe(screen.getByRole('treegrid'))
    expect(screen.getByRole('treegrid').getAttribute('aria-activedescendant')).not.toBeNull()
  })

  it('blames no search that nobody made for an empty list', async () => {
    const bridge = withEntries()
    bridge.answer('audit:list', ({ category }) =>
      category === 'copies' ? { total: 0, entries: 3, rows: [] } : { total: 3, entries: 3, rows: entries },
    )
    const { user } = renderPart(<AuditPage />, { bridge })
    await user.click(await screen.findByRole('button', { name: 'Copies' }))
    expect(await screen.findByText('No entry matches')).toBeDefined()
    expect(screen.queryByText(/The search looks at/)).toBeNull()
  })

  it('does not call a tail vouched for that the keychain did not sign', async () => {
    const bridge = withEntries()
    bridge.answer('audit:verify', () => ({
      ...verdict,
      tailVouched: false,
      reason: 'the keychain is locked',
    }))
    renderPart(<AuditPage />, { bridge })
    expect(await screen.findByText(/its end not vouched for/)).toBeDefined()
    expect(screen.getByText(/the keychain is locked/)).toBeDefined()
  })

  it('asks main for category and words', async () => {
    const { bridge, user } = renderPart(<AuditPage />, { bridge: withEntries() })
    await user.click(await screen.findByRole('button', { name: 'Copies' }))
    await user.type(screen.getByRole('searchbox'), 'model')
    await waitFor(() =>
      expect(bridge.requestsTo('audit:list').at(-1)).toMatchObject({ category: 'copies', query: 'model' }),
    )
    expect(await screen.findByText('3 of 48,213 entries')).toBeDefined()
  })

  it('exports to where the user says', async () => {
    const bridge = withEntries()
    bridge.answer('program:status', () => programStatus({ nativeDialogs: true }))
    bridge.answer('files:choose-target', () => ({ chosen: { token: pathToken(5), path: '/x/audit.jsonl' } }))
    const { user } = renderPart(<AuditPage />, { bridge })
    await user.click(await screen.findByRole('button', { name: 'Export…' }))
    await waitFor(() =>
      expect(bridge.requestsTo('audit:export')).toEqual([{ target: { token: pathToken(5) } }]),
    )
  })
})

describe('sinceOf', () => {
  it('begins today at local midnight', () => {
    expect(sinceOf('any', now)).toBeNull()
    expect(new Date(sinceOf('today', now) ?? 0).getHours()).toBe(0)
    expect(sinceOf('week', now)).toBe(now - 7 * 86_400_000)
  })
})
