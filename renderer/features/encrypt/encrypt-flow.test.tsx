import { screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { EncryptProposal } from '../../../shared/contract/encrypt.ts'
import { windowRequests } from '../../lib/window-requests.ts'
import { artifactId, encryptProposal, jobId, pathToken, storeId } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import type { Answers } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { EncryptFlow } from './encrypt-flow.tsx'

const source = (n: number) => ({ token: pathToken(n), name: `dropped-${n}` })
const proposing =
  (proposals: EncryptProposal[]): Answers['encrypt:inspect'] =>
  () => ({ proposals })

const drop = (proposals: EncryptProposal[], answers: Partial<Answers> = {}) => {
  const onClose = vi.fn<() => void>()
  const count = Math.max(...proposals.flatMap((one) => one.sources)) + 1
  const rendered = renderPart(
    <EncryptFlow sources={Array.from({ length: count }, (_, n) => source(n + 1))} onClose={onClose} />,
    {
      bridge: makeFakeBridge({ 'encrypt:inspect': proposing(proposals), ...answers }),
      at: `/artifacts/in/${storeId(1)}/fraud`,
    },
  )
  return { ...rendered, onClose }
}
const sheet = () => screen.findByRole('dialog')

describe('from a drop to the button', () => {
  it('shows names at once, then asks with the button that has the focus', async () => {
    const { user, bridge, onClose } = drop([encryptProposal({ name: 'model.bin' })])
    expect(await screen.findByText('dropped-1')).toBeTruthy()
    const button = await screen.findByRole('button', { name: 'Encrypt 1 artifact' })
    await waitFor(() => expect(document.activeElement).toBe(button))
    await user.keyboard('{Enter}')
    expect(bridge.requestsTo('encrypt:start')).toEqual([
      {
        items: [
          {
            sources: [{ token: pathToken(1) }],
            name: 'fraud/model.bin',
            separate: false,
            leaveOutHidden: false,
          },
        ],
        storeId: storeId(1),
        algorithm: 'X25519',
        original: 'keep',
        opaqueNames: false,
      },
    ])
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
  })

  it('counts a click that comes while main looks again at another folder', async () => {
    const { user, bridge, onClose } = drop([encryptProposal({ name: 'model.bin' })])
    await user.type(within(await sheet()).getByRole('textbox', { name: 'Folder' }), '/2026')
    await user.click(screen.getByRole('button', { name: 'Encrypt 1 artifact' }))
    expect(bridge.requestsTo('encrypt:start')).toEqual([])
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
    expect(bridge.requestsTo('encrypt:start')).toMatchObject([{ items: [{ name: 'fraud/2026/model.bin' }] }])
  })

  it('looks at the place that the address names', async () => {
    const { bridge } = drop([encryptProposal()])
    await sheet()
    expect(bridge.requestsTo('encrypt:inspect')[0]).toEqual({
      sources: [{ token: pathToken(1) }],
      storeId: storeId(1),
      folder: 'fraud',
      groupShards: true,
    })
  })

  it('asks new version or separate where the name exists, and counts the new keys', async () => {
    const { user, bridge } = drop([
      encryptProposal({
        name: 'a.pkl',
        existing: { artifactId: artifactId(1), nextVersion: 3, separateObjectName: 'a-2.pkl.age' },
      }),
      encryptProposal({ name: 'b.pkl', sources: [1] }),
    ])
    await sheet()
    expect(screen.getByText('Algorithm of the new key')).toBeTruthy()
    await user.click(screen.getByRole('radio', { name: 'Separate artifact' }))
    expect(screen.getByText('Algorithm of the 2 new keys')).toBeTruthy()
    await user.click(screen.getByRole('radio', { name: /Post-quantum/ }))
    await user.click(screen.getByRole('radio', { name: /Move to trash/ }))
    await user.click(screen.getByRole('button', { name: 'Encrypt 2 artifacts' }))
    expect(bridge.requestsTo('encrypt:start')[0]).toMatchObject({
      items: [{ separate: true }, { separate: false }],
      algorithm: 'mlkem768x25519',
      original: 'trash',
    })
  })

  it('warns of a pickle that runs code, and says that encrypting it is safe', async () => {
    drop([
      encryptProposal({
        summary: {
          kind: 'pickle',
          label: 'pickle',
          framework: null,
          malformed: null,
          warning: {
            severity: 'runs-code',
            danger: 'shell-command',
            flagged: ['os.system'],
            flaggedCount: 1,
            hidden: 0,
            importCount: 7,
            incomplete: false,
          },
        },
      }),
    ])
    const dialog = await sheet()
    expect(within(dialog).getByText('Loading this pickle runs a shell command')).toBeTruthy()
    expect(within(dialog).getByText(/Encrypting is safe/).textContent).toContain(
      '1 of 7 imports flagged: os.system.',
    )
  })

  it('leaves a refused item out, says why, and encrypts the others', async () => {
    const { user, bridge } = drop([
      encryptProposal({ name: 'gone.bin', refusal: { code: 'file/not-found', path: '/home/ada/gone.bin' } }),
      encryptProposal({ name: 'good.bin', sources: [1] }),
    ])
    const dialog = await sheet()
    expect(within(dialog).getByRole('alert').textContent).toContain('It is left out')
    await user.click(within(dialog).getByRole('button', { name: 'Encrypt 1 artifact' }))
    expect(bridge.requestsTo('encrypt:start')[0]?.items.map(({ name }) => name)).toEqual(['fraud/good.bin'])
  })

  it('keeps only what was refused at the start, with its reason', async () => {
    const { user, onClose } = drop(
      [encryptProposal({ name: 'a.bin' }), encryptProposal({ name: 'b.bin', sources: [1] })],
      {
        'encrypt:start': () => ({
          jobIds: [jobId(1)],
          refused: [{ item: 1, failure: { code: 'file/permission-denied', path: '/home/ada/b.bin' } }],
        }),
      },
    )
    await user.click(await screen.findByRole('button', { name: 'Encrypt 2 artifacts' }))
    const dialog = await sheet()
    expect((await within(dialog).findByRole('alert')).textContent).toContain('left out')
    expect(within(dialog).queryByLabelText('Name of a.bin')).toBeNull()
    expect(onClose).not.toHaveBeenCalled()
  })

  it('offers to open an age file and to import an identity instead', async () => {
    const { user } = drop([encryptProposal({ name: 'x.age', offer: 'open' })])
    await user.click((await screen.findAllByRole('button', { name: 'Open…' })).at(-1) ?? document.body)
    expect(windowRequests.get()).toEqual({
      ask: 'open-age-file',
      source: { token: pathToken(1) },
      name: 'dropped-1',
    })
  })

  it('splits shards into separate artifacts and joins them again', async () => {
    const whole = encryptProposal({ name: 'llm', sources: [0, 1, 2], shards: { present: 2, of: 2 } })
    const { user, bridge } = drop([whole], {
      'encrypt:inspect': ({ sources, groupShards }) => ({
        proposals: groupShards
          ? [whole]
          : sources.map((_, n) => encryptProposal({ name: `shard-${n}`, sources: [n] })),
      }),
    })
    await sheet()
    await user.click(screen.getByRole('radio', { name: '3 separate' }))
    expect(await screen.findByRole('button', { name: 'Encrypt 3 artifacts' })).toBeTruthy()
    expect(bridge.requestsTo('encrypt:inspect').at(-1)?.groupShards).toBe(false)
    await user.click(screen.getByRole('radio', { name: 'One artifact' }))
    expect(await screen.findByRole('button', { name: 'Encrypt 1 artifact' })).toBeTruthy()
  })

  it('looks again when the folder changes, and keeps what was typed', async () => {
    const { user, bridge } = drop([encryptProposal({ name: 'a.bin' })])
    await sheet()
    await user.clear(screen.getByLabelText('Name of a.bin'))
    await user.type(screen.getByLabelText('Name of a.bin'), 'b.bin')
    await user.type(screen.getByLabelText('Folder'), '/2026')
    await waitFor(() => expect(bridge.requestsTo('encrypt:inspect').at(-1)?.folder).toBe('fraud/2026'))
    expect(screen.getByLabelText<HTMLInputElement>('Name of a.bin').value).toBe('b.bin')
    expect(screen.getByText('b.bin.age')).toBeTruthy()
  })

  it('says what is safe when the start fails, and leaves everything to try again', async () => {
    const { user, bridge, onClose } = drop([encryptProposal()])
    bridge.fail('encrypt:start', { code: 'keychain/locked' })
    await user.click(await screen.findByRole('button', { name: 'Encrypt 1 artifact' }))
    expect(await screen.findByText('What is safe')).toBeTruthy()
    expect(onClose).not.toHaveBeenCalled()
  })

  it('is cancelled by Escape before and after the sheet has come', async () => {
    const { user, onClose } = drop([encryptProposal()], { 'encrypt:inspect': () => new Promise(() => {}) })
    await screen.findByText('dropped-1')
    await user.keyboard('{Escape}')
    expect(onClose).toHaveBeenCalledOnce()
  })
})
