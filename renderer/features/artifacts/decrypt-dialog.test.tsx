import { screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { ArtifactId } from '../../../shared/ids.ts'
import { artifactDetails, artifactId, artifactRow, pathToken, programStatus } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import type { Answers } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { DecryptDialog } from './decrypt-dialog.tsx'

const native: Partial<Answers> = {
  'program:status': () => programStatus({ nativeDialogs: true }),
  'files:choose-target': () => ({ chosen: { token: pathToken(50), path: '/home/ada/out' } }),
  'files:choose': () => ({ chosen: [{ token: pathToken(60), name: 'out' }] }),
}
const named =
  (row: Partial<Parameters<typeof artifactRow>[0]> = {}): Answers['artifacts:show'] =>
  (request) => {
    const id = ArtifactId.parse(request.artifactId)
    return artifactDetails({
      artifact: artifactRow({ name: `fraud/${id.slice(-4)}.pkl`, ...row, artifactId: id }),
    })
  }
const open = (ids: ArtifactId[], answers: Partial<Answers> = {}, version: number | null = null) => {
  const onClose = vi.fn<() => void>()
  const bridge = makeFakeBridge({ ...native, 'artifacts:show': named(), ...answers })
  return {
    ...renderPart(<DecryptDialog artifactIds={ids} version={version} onClose={onClose} />, { bridge }),
    onClose,
  }
}

describe('decrypting to a place', () => {
  it('asks where, suggests the name, and starts', async () => {
    const { user, bridge, onClose } = open([artifactId(1)], {
      'artifacts:show': named({ name: 'fraud/a.pkl' }),
    })
    await screen.findByText('fraud/a.pkl')
    await user.click(screen.getByRole('button', { name: 'Decrypt to…' }))
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(bridge.requestsTo('files:choose-target')).toEqual([{ suggestedName: 'a.pkl', what: 'file' }])
    expect(bridge.requestsTo('decrypt:start')).toEqual([
      { artifactId: artifactId(1), version: null, target: { token: pathToken(50) }, unpack: false },
    ])
  })

  it('unpacks a folder, or writes it as a tar when asked', async () => {
    const folder = { 'artifacts:show': named({ name: 'notes', isFolder: true }) }
    const { user, bridge } = open([artifactId(1)], folder)
    await screen.findByText('notes')
    await user.click(screen.getByRole('checkbox', { name: /Unpack the folder/ }))
    await user.click(screen.getByRole('button', { name: 'Decrypt to…' }))
    await waitFor(() => expect(bridge.requestsTo('decrypt:start')[0]?.unpack).toBe(false))
    expect(bridge.requestsTo('files:choose-target')[0]).toEqual({ suggestedName: 'notes.tar', what: 'file' })
  })

  it('starts nothing when the picker is cancelled', async () => {
    const { user, bridge, onClose } = open([artifactId(1)], {
      'files:choose-target': () => ({ chosen: null }),
    })
    await user.click(await screen.findByRole('button', { name: 'Decrypt to…' }))
    await waitFor(() => expect(bridge.requestsTo('files:choose-target')).toHaveLength(1))
    expect(bridge.requestsTo('decrypt:start')).toEqual([])
    expect(onClose).not.toHaveBeenCalled()
  })

  it('writes many into one folder, each under its own name', async () => {
    const { user, bridge } = open([artifactId(1), artifactId(2)], {
      'files:name-in': ({ name }) => ({
        token: pathToken(70 + name.length),
        path: `/x/${name}`,
        exists: false,
      }),
    })
    await user.click(await screen.findByRole('button', { name: 'Decrypt into…' }))
    await waitFor(() => expect(bridge.requestsTo('decrypt:start')).toHaveLength(2))
    expect(bridge.requestsTo('files:choose')).toEqual([{ what: 'target-folder' }])
    expect(bridge.requestsTo('files:name-in').every(({ folder }) => folder === pathToken(60))).toBe(true)
  })

  it('overwrites nothing: a taken name is a failure with a way out', async () => {
    const { user, bridge } = open([artifactId(1), artifactId(2)], {
      'files:name-in': ({ name }) => ({ token: pathToken(71), path: `/x/${name}`, exists: true }),
    })
    await user.click(await screen.findByRole('button', { name: 'Decrypt into…' }))
    expect(await screen.findByText('What is safe')).toBeTruthy()
    expect(bridge.requestsTo('decrypt:start')).toEqual([])
  })
})
