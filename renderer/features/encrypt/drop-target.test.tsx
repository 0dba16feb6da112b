import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { windowRequests } from '../../lib/window-requests.ts'
import { pathToken, storeId } from '../../testing/builders.ts'
import { renderPart } from '../../testing/render-app.tsx'
import { DropTarget } from './drop-target.tsx'

const files = [new File(['a'], 'a.pkl'), new File(['b'], 'folder')]
const dataTransfer = {
  types: ['Files'],
  items: files.map(() => ({ kind: 'file' })),
  files,
  dropEffect: 'none',
}
const text = { types: ['text/plain'], items: [{ kind: 'string' }], files: [], dropEffect: 'none' }

/** @returns the page once it listens */
const open = async () => {
  const rendered = renderPart(
    <>
      <DropTarget />
      <p>here</p>
    </>,
    { at: `/artifacts/in/${storeId(1)}/fraud` },
  )
  await screen.findByText('here')
  await waitFor(() => expect(rendered.bridge.requestsTo('program:status')).toHaveLength(1))
  return rendered
}

describe('dropping on the window', () => {
  it('says how many and where to while they hover, and no names', async () => {
    await open()
    fireEvent.dragEnter(window, { dataTransfer })
    expect(await screen.findByText('2 items')).toBeTruthy()
    expect(await screen.findByText('models-prod/fraud')).toBeTruthy()
    expect(screen.queryByText('a.pkl')).toBeNull()
    fireEvent.dragLeave(window, { dataTransfer, relatedTarget: null })
    expect(screen.queryByText('2 items')).toBeNull()
  })

  it('asks for the sheet with a token for each file and folder', async () => {
    await open()
    fireEvent.drop(window, { dataTransfer })
    await waitFor(() =>
      expect(windowRequests.get()).toEqual({
        ask: 'encrypt',
        sources: [
          { token: pathToken(1), name: 'a.pkl' },
          { token: pathToken(2), name: 'folder' },
        ],
      }),
    )
  })

  it('takes pasted files', async () => {
    await open()
    fireEvent.paste(window, { clipboardData: { files: files.slice(0, 1) } })
    await waitFor(() => expect(windowRequests.get()).toMatchObject({ sources: [{ name: 'a.pkl' }] }))
  })

  it('leaves dragged text alone', async () => {
    await open()
    act(() => void fireEvent.dragEnter(window, { dataTransfer: text }))
    expect(screen.queryByText('Esc cancels')).toBeNull()
  })

  it('asks nothing and says so when the host does not know a file', async () => {
    const { bridge } = await open()
    bridge.pathForFile = () => Promise.reject(new Error('not a real file'))
    fireEvent.drop(window, { dataTransfer })
    await act(async () => {
      await Promise.resolve()
    })
    expect(windowRequests.get()).toBeNull()
  })
})
