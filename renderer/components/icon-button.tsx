import { Tooltip } from '@mantine/core'
import type { ComponentProps, ComponentType } from 'react'
import classes from './icon-button.module.css'

type Icon = ComponentType<{ size?: number | string; stroke?: number | string; 'aria-hidden'?: boolean }>

type IconButtonProps = Omit<ComponentProps<'button'>, 'children'> & {
  icon: Icon
  /** Its name for screen readers, and its tooltip. */
  label: string
  /** 24 instead of 28. */
  small?: boolean
}

/** A button that is only an icon; it always has a name and a tooltip. */
export function IconButton({ icon: Glyph, label, small = false, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label}>
      <button
        {...rest}
        type="button"
        aria-label={label}
        data-small={small || undefined}
        className={[classes.button, className].filter(Boolean).join(' ')}
      >
        <Glyph size={16} stroke={1.5} aria-hidden />
      </button>
    </Tooltip>
  )
}
