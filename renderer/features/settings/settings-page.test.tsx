import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { jobId, jobView, programStatus } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { reportText } from './diagnostics.tsx'
import { SettingsPage } from './settings-page.tsx'

describe('key policy', () => {
  it('saves a period when the field is left, and refuses one that is none', async () => {
    const { bridge, user } = renderPart(<SettingsPage section="key-policy" />)
    const field = await screen.findByLabelText('Crypto-period')
    await user.clear(field)
    await user.type(field, '0')
    await user.tab()
    expect(screen.getByRole('alert').textContent).toContain('from 1 to 3,650')
    expect(bridge.requestsTo('program:set')).toEqual([])
    await user.clear(field)
    await user.type(field, '180')
    await user.tab()
    expect(bridge.requestsTo('program:set')).toEqual([{ cryptoPeriodDays: 180 }])
  })

  it('rotates by itself only once that is chosen, and waits 7 to 30 days', async () => {
    const { bridge, user } = renderPart(<SettingsPage section="key-policy" />)
    await user.click(await screen.findByRole('checkbox', { name: /Rotate by itself/ }))
    const field = screen.getByLabelText('Waiting period before destruction')
    await user.clear(field)
    await user.type(field, '31')
    await user.tab()
    expect(screen.getByRole('alert').textContent).toContain('from 7 to 30')
    await user.clear(field)
    await user.type(field, '14{Enter}')
    expect(bridge.requestsTo('program:set')).toEqual([{ automaticRotation: true }, { waitingPeriodDays: 14 }])
  })

  it('changes the algorithm of new keys', async () => {
    const { bridge, user } = renderPart(<SettingsPage section="key-policy" />)
    await user.click(await screen.findByRole('radio', { name: /Post-quantum/ }))
    expect(bridge.requestsTo('program:set')).toEqual([{ defaultAlgorithm: 'mlkem768x25519' }])
  })
})

describe('appearance', () => {
  it('saves theme and density at once', async () => {
    const { bridge, user } = renderPart(<SettingsPage section="appearance" />)
    await user.click(await screen.findByRole('radio', { name: 'Dark' }))
    await user.click(screen.getByRole('radio', { name: 'Compact' }))
    expect(bridge.requestsTo('program:set')).toEqual([{ appearance: 'dark' }, { density: 'compact' }])
  })
})

describe('diagnostics', () => {
  it('lists every check and copies a report without paths or names', async () => {
    const checks = [{ name: 'Catalog', state: 'ok', detail: 'intact' }] as const
    const bridge = makeFakeBridge({ 'program:diagnose': () => ({ checks: [...checks] }) })
    const { user } = renderPart(<SettingsPage section="diagnostics" />, { bridge })
    const list = await screen.findByRole('list', { name: 'Checks' })
    expect(await within(list).findByText('Catalog')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'Copy report' }))
    expect(bridge.requestsTo('program:copy-text')).toEqual([
      { text: reportText(programStatus(), [...checks]) },
    ])
    expect(reportText(programStatus(), [...checks])).not.toContain(programStatus().dataFolder)
  })

  it('rebuilds as a reader unless told otherwise, and shows the job’s report', async () => {
    const { bridge, user } = renderPart(<SettingsPage section="diagnostics" />)
    await user.click(await screen.findByRole('button', { name: 'Rebuild…' }))
    await user.click(await screen.findByRole('button', { name: 'Rebuild the catalog' }))
    await waitFor(() => expect(bridge.requestsTo('catalog:rebuild')).toEqual([{ becomeOwner: false }]))
    const done = jobView({
      jobId: jobId(70),
      kind: 'rebuild',
      state: 'done',
      report: ['3 artifacts restored'],
    })
    act(() => bridge.emit('jobs:changed', { jobs: [done], removed: [] }))
    expect(await screen.findByText('3 artifacts restored')).toBeDefined()
  })
})
