import { screen, waitFor } from '@testing-library/react'
import { useEffect } from 'react'
import { describe, expect, it } from 'vitest'
import { pathToken } from '../../testing/builders.ts'
import { makeFakeBridge } from '../../testing/fake-bridge.ts'
import type { Answers } from '../../testing/fake-bridge.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { PathPickerHost } from './path-picker.tsx'
import { usePathPicker } from './use-path-picker.ts'
import type { PathPicker } from './use-path-picker.ts'

const home: Awaited<ReturnType<Answers['files:browse']>> = {
  token: pathToken(1),
  path: '/home/ada',
  parent: pathToken(2),
  truncated: false,
  entries: [
    { token: pathToken(3), name: 'models', isFolder: true, sizeBytes: null },
    { token: pathToken(4), name: 'a.pkl', isFolder: false, sizeBytes: 1000 },
    { token: pathToken(5), name: 'b.pkl', isFolder: false, sizeBytes: 2000 },
  ],
}

/** Hands the picker out to the test. */
function Asker({ onPicker }: { onPicker: (picker: PathPicker) => void }) {
  const picker = usePathPicker()
  useEffect(() => onPicker(picker), [picker, onPicker])
  return <p>ready</p>
}
const asked = { picker: null as PathPicker | null }
const keep = (picker: PathPicker): void => {
  asked.picker = picker
}
const picker = (): PathPicker => {
  if (asked.picker === null) throw new Error('no picker yet')
  return asked.picker
}
const open = async (answers: Partial<Answers> = {}) => {
  const bridge = makeFakeBridge({
    'files:browse': ({ at }) =>
      at === null ? home : { ...home, token: pathToken(9), path: '/home/ada/models', entries: [] },
    ...answers,
  })
  const rendered = renderPart(
    <>
      <Asker onPicker={keep} />
      <PathPickerHost />
    </>,
    { bridge },
  )
  await screen.findByText('ready')
  return rendered
}
const row = (name: string) => screen.findByRole('row', { name: new RegExp(name) })

describe('the picker of hosts without dialogs', () => {
  it('looks at a folder again each time it is shown: files come and go', async () => {
    let entries = home.entries.slice(1, 2)
    const { user } = await open({ 'files:browse': () => ({ ...home, entries }) })
    const first = picker().choose('files')
    await row('a.pkl')
    await user.click(screen.getByRole('button', { name: 'Cancel' }))
    expect(await first).toEqual([])
    entries = home.entries.slice(1, 3)
    const second = picker().choose('files')
    await user.click(await row('b.pkl'))
    await user.click(screen.getByRole('button', { name: 'Choose' }))
    expect(await second).toEqual([{ token: pathToken(5), name: 'b.pkl' }])
  })

  it('chooses several files', async () => {
    const { user } = await open()
    const chosen = picker().choose('files')
    await user.click(await row('a.pkl'))
    await user.keyboard('{Shift>}{ArrowDown}{/Shift}')
    await user.click(screen.getByRole('button', { name: 'Choose 2 files' }))
    expect(await chosen).toEqual([
      { token: pathToken(4), name: 'a.pkl' },
      { token: pathToken(5), name: 'b.pkl' },
    ])
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  it('enters a folder and chooses it', async () => {
    const { user, bridge } = await open()
    const chosen = picker().choose('folder')
    await user.dblClick(await row('models'))
    await screen.findByText('/home/ada/models')
    await user.click(screen.getByRole('button', { name: 'Choose this folder' }))
    expect(await chosen).toEqual([{ token: pathToken(9), name: 'models', path: '/home/ada/models' }])
    expect(bridge.requestsTo('files:browse')).toEqual([
      { at: null, files: false, purpose: 'read' },
      { at: pathToken(3), files: false, purpose: 'read' },
    ])
  })

  it('answers nothing when it is closed', async () => {
    const { user } = await open()
    const chosen = picker().choose('files')
    await row('a.pkl')
    await user.keyboard('{Escape}')
    expect(await chosen).toEqual([])
  })

  it('names a new file in a folder, and refuses a name that is taken', async () => {
    const { user, bridge } = await open({
      'files:name-in': ({ name }) => ({
        token: pathToken(7),
        path: `/home/ada/${name}`,
        exists: name === 'out.pkl',
      }),
    })
    const chosen = picker().chooseTarget('out.pkl', 'file')
    await row('a.pkl')
    await user.click(screen.getByRole('button', { name: 'Write here' }))
    expect(await screen.findByText(/This name is taken here/)).toBeTruthy()
    await user.clear(screen.getByLabelText('Name'))
    await user.type(screen.getByLabelText('Name'), 'new.pkl')
    await user.click(screen.getByRole('button', { name: 'Write here' }))
    expect(await chosen).toEqual({ token: pathToken(7), path: '/home/ada/new.pkl' })
    expect(bridge.requestsTo('files:browse')[0]).toMatchObject({ purpose: 'write-into' })
    expect(bridge.requestsTo('files:name-in').at(-1)).toEqual({ folder: pathToken(1), name: 'new.pkl' })
  })

  it('says why a folder cannot be read and leads home', async () => {
    const bridge = makeFakeBridge()
    bridge.fail('files:browse', { code: 'file/permission-denied', path: '/root' })
    renderPart(
      <>
        <Asker onPicker={keep} />
        <PathPickerHost />
      </>,
      { bridge },
    )
    await screen.findByText('ready')
    void picker().choose('files')
    expect(await screen.findByRole('button', { name: 'Go to the home folder' })).toBeTruthy()
  })
})
