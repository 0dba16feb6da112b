import { Modal } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { FormEvent, ReactNode } from 'react'
import { useFocusReturn } from '../lib/use-focus-return.ts'
import { IconButton } from './icon-button.tsx'
import classes from './dialog.module.css'

type DialogProps = {
  title: ReactNode
  /** Beside the title, in second text. */
  facts?: ReactNode
  onClose: () => void
  /** CSS pixels; 792 for a sheet, 480 for a question. */
  widthPx?: number
  /** One line of reassurance at the footer's left. */
  note?: ReactNode
  /** Buttons, the verb last; give the one that takes the focus `data-autofocus`. */
  actions?: ReactNode
  /** The body without its padding, for bodies that have their own columns. */
  flush?: boolean
  /** Enter in a field, or the button of type `submit`. */
  onSubmit?: () => void
  /** Above the footer: a failure of what was tried. */
  alert?: ReactNode
  children: ReactNode
}

/** A sheet or a question over the window: at most the window less 48 high, only its body scrolls, Esc closes, the
 * focus stays inside and goes back afterwards. */
export function Dialog(props: DialogProps) {
  const {
    title,
    facts,
    onClose,
    widthPx = 480,
    note,
    actions,
    flush = false,
    alert,
    onSubmit,
    children,
  } = props
  useFocusReturn()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSubmit?.()
  }
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={widthPx}
      centered
      radius="lg"
      xOffset={24}
      yOffset={24}
      transitionProps={{ duration: 120, transition: 'fade' }}
      classNames={{ content: classes.content ?? '' }}
    >
      <Modal.Overlay />
      <Modal.Content>
        <header className={classes.head}>
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          {facts ? <span className={classes.facts}>{facts}</span> : null}
          <span className={classes.space} />
          <IconButton icon={IconX} label="Close" onClick={onClose} />
        </header>
        <form className={classes.form} onSubmit={submit} noValidate>
          <div className={classes.body} data-flush={flush || undefined}>
            {children}
          </div>
          {alert ? <div className={classes.alert}>{alert}</div> : null}
          {actions ? (
            <footer className={classes.foot}>
              <span className={classes.note}>{note}</span>
              <span className={classes.space} />
              {actions}
            </footer>
          ) : null}
        </form>
      </Modal.Content>
    </Modal.Root>
  )
}
