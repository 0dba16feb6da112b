import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import { announce } from '../lib/announce.ts'
import { failureFrom, useInvoke } from '../lib/use-call.ts'
import { Button } from './button.tsx'
import { showFailure } from './notice.tsx'

const shownMs = 1500

type CopyTextButtonProps = {
  kind?: 'secondary' | 'ghost' | 'link'
  text: string
  /** For screen readers: `Copied policy`. */
  what: string
  children: ReactNode
}

/** A button with words that copies a text through the host, and says so. */
export function CopyTextButton({ kind = 'secondary', text, what, children }: CopyTextButtonProps) {
  const invoke = useInvoke()
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), shownMs)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async (): Promise<void> => {
    await invoke('program:copy-text', { text })
    setCopied(true)
    announce(`Copied ${what}`)
  }
  return (
    <Button
      kind={kind}
      onClick={() => void copy().catch((error: unknown) => showFailure(failureFrom(error)))}
    >
      {copied ? 'Copied' : children}
    </Button>
  )
}
