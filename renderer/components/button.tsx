import type { ComponentProps, ReactNode } from 'react'
import classes from './button.module.css'

type ButtonProps = ComponentProps<'button'> & {
  /** `primary` is ink and stands once on a screen; `danger` only on the last step of something final. */
  kind?: 'primary' | 'secondary' | 'ghost' | 'danger' | 'link'
  /** Works: stays focusable, takes no second click, says so to screen readers. */
  busy?: boolean
  leftIcon?: ReactNode
  rightIcon?: ReactNode
}

/** A button, 28 high. */
export function Button({
  kind = 'secondary',
  busy = false,
  leftIcon,
  rightIcon,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      // oxlint-disable-next-line react/button-has-type -- one of the three, button unless asked otherwise
      type={type}
      aria-busy={busy || undefined}
      data-kind={kind}
      className={[classes.button, className].filter(Boolean).join(' ')}
      onClick={busy ? undefined : onClick}
    >
      {leftIcon}
      {children}
      {rightIcon}
    </button>
  )
}
