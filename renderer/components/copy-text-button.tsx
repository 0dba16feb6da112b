import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { useCopyText } from './use-copy-text.ts'

type CopyTextButtonProps = {
  kind?: 'secondary' | 'ghost' | 'link'
  /** Null: there is nothing to copy yet. */
  text: string | null
  /** For screen readers: `Copied policy`. */
  what: string
  children: ReactNode
}

/** A button with words that copies a text through the host, and says so. */
export function CopyTextButton({ kind = 'secondary', text, what, children }: CopyTextButtonProps) {
  const { isCopied, copy } = useCopyText(what)
  return (
    <Button kind={kind} disabled={text === null} onClick={() => text !== null && copy(text)}>
      {isCopied ? 'Copied' : children}
    </Button>
  )
}
