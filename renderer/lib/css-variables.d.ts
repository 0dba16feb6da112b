import 'react'

declare module 'react' {
  interface CSSProperties {
    /** Our own variables may be set from a style. */
    [variable: `--${string}`]: string | number | undefined
  }
}
