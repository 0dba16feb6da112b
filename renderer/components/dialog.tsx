import { Modal } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useId } from 'react'
import type { FormEvent, ReactNode } from 'react'
import { IconButton } from './icon-button.tsx'
import classes from './dialog.module.css'

type DialogProps = {
  title: string
  onClose: () => void
  children: ReactNode
  /** Buttons, the primary one last. */
  actions: ReactNode
  /** One line at the left of the actions. */
  note?: ReactNode
  widthPx?: number
  /** Enter in a field, or the button of type `submit`. */
  onSubmit?: () => void
}

/** A dialog over the window: a title, a body that scrolls, a line of actions. The focus returns where it was. */
export function Dialog({ title, onClose, children, actions, note, widthPx = 480, onSubmit }: DialogProps) {
  const titleId = useId()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSubmit?.()
  }
  return (
    <Modal opened onClose={onClose} size={widthPx} returnFocus aria-labelledby={titleId}>
      <div className={classes.head}>
        <h2 id={titleId}>{title}</h2>
        <IconButton icon={IconX} label="Close" onClick={onClose} />
      </div>
      <form onSubmit={submit} noValidate>
        <div className={classes.body}>{children}</div>
        <div className={classes.foot}>
          {note === undefined ? null : <span className={classes.note}>{note}</span>}
          {actions}
        </div>
      </form>
    </Modal>
  )
}
