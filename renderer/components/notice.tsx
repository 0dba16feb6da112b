/** Short notices at the window's corner. */
import { notifications } from '@mantine/notifications'
import type { Failure } from '../../shared/failure.ts'
import { failureText } from '../../shared/failure-text.ts'
import { announce } from '../lib/announce.ts'
import { Button } from './button.tsx'

const closeButtonProps = { 'aria-label': 'Close this notice' }

type Notice = { title: string; message?: string; action?: { label: string; run: () => void } }

/** Says that something is done; `action` undoes it or leads to it, for 10 s. */
export function showNotice({ title, message, action }: Notice): void {
  announce([title, message].filter(Boolean).join('. '))
  const id = notifications.show({
    title,
    autoClose: 10_000,
    withBorder: false,
    // The library's notices are alerts; this one has been said already.
    role: 'group',
    'aria-label': title,
    closeButtonProps,
    message: (
      <>
        {message}
        {action ? (
          <div>
            <Button
              kind="link"
              onClick={() => {
                action.run()
                notifications.hide(id)
              }}
            >
              {action.label}
            </Button>
          </div>
        ) : null}
      </>
    ),
  })
}

/** A failure that has no place of its own on the screen: what happened, what is safe, what to do. */
export function showFailure(failure: Failure): void {
  const { title, message, safe, remedy } = failureText(failure)
  notifications.show({
    title,
    autoClose: false,
    withBorder: false,
    closeButtonProps,
    role: 'alert',
    'aria-label': title,
    message: (
      <>
        <div>{message}</div>
        <div>{safe}</div>
        <div>{remedy}</div>
      </>
    ),
  })
}
