import { screen, waitFor } from '@testing-library/react'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { renderPart } from '../testing/render-app.tsx'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

function Page({ onSubmit }: { onSubmit?: () => void }) {
  const [shown, setShown] = useState<'none' | 'first' | 'second'>('none')
  const close = (): void => setShown('none')
  return (
    <>
      <Button onClick={() => setShown('first')}>Open</Button>
      {shown === 'first' ? (
        <Dialog
          title="First"
          onClose={close}
          {...(onSubmit ? { onSubmit } : {})}
          actions={
            <Button data-autofocus onClick={() => setShown('second')}>
              Next
            </Button>
          }
        >
          <input aria-label="Name" />
        </Dialog>
      ) : null}
      {shown === 'second' ? (
        <Dialog title="Second" onClose={close}>
          body
        </Dialog>
      ) : null}
    </>
  )
}

describe('a dialog', () => {
  it('is named by its title, takes the focus where it should, and gives it back', async () => {
    const { user } = renderPart(<Page />)
    const opener = await screen.findByRole('button', { name: 'Open' })
    await user.click(opener)
    await screen.findByRole('dialog', { name: 'First' })
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Next'))
    await user.keyboard('{Escape}')
    await waitFor(() => expect(document.activeElement).toBe(opener))
    expect(screen.queryByRole('dialog')).toBeNull()
  })

  it('gives the focus back past a dialog that is gone', async () => {
    const { user } = renderPart(<Page />)
    const opener = await screen.findByRole('button', { name: 'Open' })
    await user.click(opener)
    await user.click(await screen.findByRole('button', { name: 'Next' }))
    await screen.findByRole('dialog', { name: 'Second' })
    await user.click(screen.getByRole('button', { name: 'Close' }))
    await waitFor(() => expect(document.activeElement).toBe(opener))
  })

  it('submits with Enter in a field', async () => {
    const onSubmit = vi.fn<() => void>()
    const { user } = renderPart(<Page onSubmit={onSubmit} />)
    await user.click(await screen.findByRole('button', { name: 'Open' }))
    await user.type(await screen.findByLabelText('Name'), 'x{Enter}')
    expect(onSubmit).toHaveBeenCalledOnce()
  })
})
