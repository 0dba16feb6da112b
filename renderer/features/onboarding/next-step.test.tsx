import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { windowRequests } from '../../lib/window-requests.ts'
import { artifactEntry, artifactId, programStatus } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { NextStep } from './next-step.tsx'

const open = (checklist: { encrypted: boolean; opened: boolean; backedUp: boolean; dismissed: boolean }) =>
  renderPart(
    <>
      <h1>Artifacts</h1>
      <NextStep />
    </>,
    {
      bridge: makeFakeBridge({
        'program:status': () => programStatus({ checklist }),
        'artifacts:list': () => ({
          total: 1,
          rows: [artifactEntry({ n: 1 })],
          artifacts: 1,
          ciphertextBytes: 1,
          otherObjects: 0,
        }),
      }),
    },
  )

describe('the second of the first steps', () => {
  it('is reached once something is encrypted, and can be hidden', async () => {
    const { bridge, user } = open({ encrypted: true, opened: false, backedUp: false, dismissed: false })
    await user.click(await screen.findByRole('button', { name: 'Decrypt it…' }))
    expect(windowRequests.get()).toEqual({ ask: 'decrypt', artifactIds: [artifactId(1)], version: null })
    await user.click(screen.getByRole('button', { name: 'Hide' }))
    await waitFor(() => expect(bridge.requestsTo('program:set')).toEqual([{ checklistDismissed: true }]))
  })

  it('leads to a recovery kit once that was opened again', async () => {
    const { user } = open({ encrypted: true, opened: true, backedUp: false, dismissed: false })
    await user.click(await screen.findByRole('button', { name: 'Recovery kit…' }))
    expect(window.location.hash).toBe('#/settings/recovery-kit')
  })

  it.each([
    { encrypted: false, opened: false, backedUp: false, dismissed: false },
    { encrypted: true, opened: true, backedUp: true, dismissed: false },
    { encrypted: true, opened: false, backedUp: false, dismissed: true },
  ])('is not there where %j', async (checklist) => {
    const { bridge } = open(checklist)
    await screen.findByRole('heading', { name: 'Artifacts' })
    expect(screen.queryByRole('region', { name: 'First steps' })).toBeNull()
    expect(bridge.requestsTo('artifacts:list')).toEqual([])
  })
})
