import { act, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { jobId, jobView, keyRow, pathToken, programStatus } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import { kitRow } from '../../testing/kit-builders.ts'
import { keyId, kitId } from '../../testing/numbered-ids.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { ChosenKit } from './chosen-kit.tsx'
import { KitSheetPage } from './kit-sheet-page.tsx'
import { RecoveryKitPage } from './recovery-kit-page.tsx'

type Bridge = ReturnType<typeof makeFakeBridge>

const open = (bridge: Bridge = makeFakeBridge(), part = <RecoveryKitPage />) => {
  bridge.answer('program:status', () => programStatus({ nativeDialogs: true }))
  bridge.answer('files:choose-target', () => ({
    chosen: { token: pathToken(7), path: '/media/ada/safe/kit.age' },
  }))
  bridge.answer('files:choose', () => ({ chosen: [{ token: pathToken(8), name: 'kit.age' }] }))
  return renderPart(part, { bridge })
}
const jobs = (bridge: Bridge, ...views: Parameters<typeof jobView>[0][]) =>
  act(() => bridge.emit('jobs:changed', { jobs: views.map((view) => jobView(view)), removed: [] }))

describe('the list of kits', () => {
  it('says what is backed up, and what a kit lacks', async () => {
    const bridge = makeFakeBridge({
      'kits:list': () => ({
        kits: [kitRow({ lacks: 2 }), kitRow({ n: 2, drilledAt: null })],
        coverage: { keys: 16, inKits: 14 },
      }),
      'kits:lacks': () => ({ total: 2, rows: [keyRow({ alias: 'later.pkl · key 1' })] }),
    })
    const { user } = open(bridge)
    expect(await screen.findByText(/14 of 16 keys in a kit whose drill passed/)).toBeDefined()
    expect(screen.getByText('Never tried: does not count yet')).toBeDefined()
    await user.click(screen.getByRole('button', { name: 'lacks 2 keys' }))
    const lacking = await screen.findByRole('list', { name: 'Keys that the kit lacks' })
    expect(within(lacking).getByText('later.pkl · key 1')).toBeDefined()
    expect(within(lacking).getByText('and 1 more')).toBeDefined()
  })

  it('teaches one action where there is none', async () => {
    open(makeFakeBridge({ 'kits:list': () => ({ kits: [], coverage: { keys: 3, inKits: 0 } }) }))
    expect(await screen.findByRole('heading', { name: 'Nothing is backed up' })).toBeDefined()
    expect(screen.getAllByRole('button', { name: 'Make a recovery kit…' })).toHaveLength(1)
  })

  it('forgets a kit only after a question', async () => {
    const { bridge, user } = open()
    await user.click(await screen.findByRole('button', { name: 'Forget…' }))
    await user.click(await screen.findByRole('button', { name: 'Forget 1 kit' }))
    await waitFor(() => expect(bridge.requestsTo('kits:forget')).toEqual([{ kitId: kitId(1) }]))
  })
})

describe('a new kit', () => {
  it('shows a generated passphrase once it is written, and goes on to the drill', async () => {
    const { bridge, user } = open()
    await user.click(await screen.findByRole('button', { name: 'Make a recovery kit…' }))
    await user.click(await screen.findByRole('button', { name: 'Choose…' }))
    await user.click(await screen.findByRole('button', { name: 'Put 14 keys into a kit' }))
    expect(bridge.requestsTo('kits:create')).toEqual([
      { keyIds: null, passphrase: { generate: true }, target: { token: pathToken(7) } },
    ])
    expect(screen.queryByText(/lantern-/)).toBeNull()
    jobs(bridge, { jobId: jobId(60), kind: 'make-kit', state: 'done', outcome: '14 keys in it' })
    expect((await screen.findByLabelText('Generated passphrase')).textContent).toBe(
      'lantern-gravel-orbit-velvet-pebble-cricket-harvest-tulip-saddle-walnut',
    )
    await user.click(screen.getByRole('button', { name: 'I wrote it down: drill it now' }))
    await user.type(await screen.findByLabelText('Passphrase of the kit'), 'lantern')
    await user.click(screen.getByRole('button', { name: 'Try the kit' }))
    expect(bridge.requestsTo('kits:drill')).toEqual([{ source: { kitId: kitId(1) }, passphrase: 'lantern' }])
    expect(await screen.findByRole('dialog', { name: 'The drill passed' })).toBeDefined()
    expect(screen.getByText('fraud/model-1.pkl, version 1')).toBeDefined()
  })

  it('takes a passphrase of one’s own that is worth it, typed twice', async () => {
    const { bridge, user } = open()
    await user.click(await screen.findByRole('button', { name: 'Make a recovery kit…' }))
    await user.click(await screen.findByRole('button', { name: 'Choose…' }))
    await user.click(screen.getByRole('radio', { name: /My own/ }))
    const make = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Put 14 keys into a kit' })
    await user.type(screen.getByLabelText('Passphrase'), 'secret')
    await user.type(screen.getByLabelText('The same again'), 'secret')
    expect(screen.getByText(/Too weak for a kit/)).toBeDefined()
    expect(make().disabled).toBe(true)
    await user.clear(screen.getByLabelText('Passphrase'))
    await user.type(screen.getByLabelText('Passphrase'), 'lantern gravel mango orbit velvet')
    expect(screen.getByText(/Strong: about 60 bits, counted as 5 words/)).toBeDefined()
    expect(screen.getByText('Differs from the first')).toBeDefined()
    await user.clear(screen.getByLabelText('The same again'))
    await user.type(screen.getByLabelText('The same again'), 'lantern gravel mango orbit velvet')
    await user.click(make())
    expect(bridge.requestsTo('kits:create')[0]).toMatchObject({
      passphrase: { typed: 'lantern gravel mango orbit velvet' },
    })
  })

  it('of chosen keys holds those alone', async () => {
    const { bridge, user } = open(
      makeFakeBridge(),
      <ChosenKit keyIds={[keyId(3), keyId(5)]} onClose={() => undefined} />,
    )
    await user.click(await screen.findByRole('button', { name: 'Choose…' }))
    await user.click(await screen.findByRole('button', { name: 'Put 2 keys into a kit' }))
    expect(bridge.requestsTo('kits:create')[0]?.keyIds).toEqual([keyId(3), keyId(5)])
  })

  it('that failed shows why, and no passphrase', async () => {
    const { bridge, user } = open()
    await user.click(await screen.findByRole('button', { name: 'Make a recovery kit…' }))
    await user.click(await screen.findByRole('button', { name: 'Choose…' }))
    await user.click(await screen.findByRole('button', { name: 'Put 14 keys into a kit' }))
    await screen.findByRole('dialog', { name: 'Making the recovery kit' })
    jobs(bridge, {
      jobId: jobId(60),
      kind: 'make-kit',
      state: 'failed',
      failure: { code: 'keychain/locked' },
    })
    expect(await screen.findByRole('alert', { name: 'The keychain is locked' })).toBeDefined()
    expect(screen.queryByLabelText('Generated passphrase')).toBeNull()
  })
})

describe('a drill', () => {
  it('that fails says what is wrong and can be tried again', async () => {
    const bridge = makeFakeBridge()
    bridge.fail('kits:drill', { code: 'kit/opens-nothing', identities: 14, tried: 3 })
    const { user } = open(bridge)
    await user.click(await screen.findByRole('button', { name: 'Drill again…' }))
    await user.type(await screen.findByLabelText('Passphrase of the kit'), 'wrong')
    await user.click(screen.getByRole('button', { name: 'Try the kit' }))
    expect(await screen.findByRole('alert', { name: 'The kit opens nothing that was tried' })).toBeDefined()
    expect(screen.getByRole('button', { name: 'Try the kit' })).toBeDefined()
  })
})

describe('a restore', () => {
  it('leads a new machine on to its stores: scanned, then adopted', async () => {
    const { bridge, user } = open()
    await user.click(await screen.findByRole('button', { name: 'Restore from a kit…' }))
    await user.click(await screen.findByRole('button', { name: 'Choose…' }))
    await user.type(screen.getByLabelText('Passphrase of the kit'), 'the passphrase')
    await user.click(screen.getByRole('button', { name: 'Restore its keys' }))
    expect(bridge.requestsTo('kits:restore')).toEqual([
      { source: { token: pathToken(8) }, passphrase: 'the passphrase', reverseDestroyed: [] },
    ])
    await screen.findByRole('dialog', { name: 'Restoring keys' })
    jobs(bridge, { jobId: jobId(61), kind: 'restore', state: 'done', outcome: '14 keys restored' })
    await user.click(await screen.findByRole('button', { name: 'Scan the stores and adopt' }))
    await waitFor(() => expect(bridge.requestsTo('catalog:rebuild')).toEqual([{ becomeOwner: false }]))
    expect(bridge.requestsTo('artifacts:adopt')).toEqual([])
    jobs(bridge, { jobId: jobId(70), kind: 'rebuild', state: 'done', outcome: '14 restored, 0 not' })
    await waitFor(() =>
      expect(bridge.requestsTo('artifacts:adopt')).toEqual([{ artifactIds: [], all: true }]),
    )
  })
})

describe('the sheet', () => {
  it('says how age opens the kit, and leaves lines for the words of the passphrase', async () => {
    renderPart(<KitSheetPage id={kitId(1)} />)
    const sheet = await screen.findByRole('region', { name: 'Sheet' })
    expect(sheet.textContent).toContain('age -d weightlock-kit-1.age > ids.txt')
    expect(sheet.textContent).toContain('14 keys')
    expect(within(sheet).getByRole('heading', { name: /Passphrase, written by hand/ })).toBeDefined()
    expect(within(within(sheet).getByRole('list')).getAllByRole('listitem')).toHaveLength(10)
  })

  it('of a kit that is not known says so', async () => {
    renderPart(<KitSheetPage id={kitId(9)} />)
    expect(await screen.findByRole('alert', { name: 'No such recovery kit' })).toBeDefined()
  })
})
