/** Short notices at the screen's lower left. */
import { notifications } from '@mantine/notifications'
import type { NotificationData } from '@mantine/notifications'
import type { Failure } from '../../shared/failure.ts'
import { failureText } from '../../shared/failure-text.ts'
import { announce } from '../lib/announce.ts'
import { Button } from './button.tsx'
import { WithCode } from './with-code.tsx'

const closeButtonProps = { 'aria-label': 'Close this notice' }
const shownMs = 10_000
/** Of what only confirms, and of what has ended since. */
const shortlyMs = 4000

type Said = { title: string; message?: string; action?: { label: string; run: () => void } }
type Notice = Said & {
  /** Only confirms what was just done: it goes sooner. */
  isShort?: boolean
  /** Once it has gone, however that came about. */
  onClose?: () => void
}

/** Says that something is done; `action` undoes it or leads to it, for 10 s.
 * @returns how to say something else in its place, as long as it is there, and how to take it away */
export function showNotice({ isShort = false, onClose, ...said }: Notice) {
  announce([said.title, said.message].filter(Boolean).join('. '))
  const close = (): void => void notifications.hide(id)
  const data = (what: Said, autoClose: number): NotificationData => ({
    title: what.title,
    autoClose,
    withBorder: false,
    // The library's notices are alerts; this one has been said already.
    role: 'group',
    'aria-label': what.title,
    closeButtonProps,
    ...(onClose === undefined ? {} : { onClose }),
    message: <Message said={what} close={close} />,
  })
  const id = notifications.show(data(said, isShort ? shortlyMs : shownMs))
  return {
    become: (next: Said): void => {
      announce(next.title)
      notifications.update({ id, ...data(next, shortlyMs) })
    },
    close,
  }
}

function Message({ said: { message, action }, close }: { said: Said; close: () => void }) {
  return (
    <>
      {message}
      {action ? (
        <div>
          <Button
            kind="link"
            onClick={() => {
              action.run()
              close()
            }}
          >
            {action.label}
          </Button>
        </div>
      ) : null}
    </>
  )
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
        <div>
          <WithCode text={message} />
        </div>
        <div>
          <WithCode text={safe} />
        </div>
        <div>
          <WithCode text={remedy} />
        </div>
      </>
    ),
  })
}
