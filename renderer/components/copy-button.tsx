import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { announce } from '../lib/announce.ts'
import { useInvoke } from '../lib/use-call.ts'
import { IconButton } from './icon-button.tsx'

const shownMs = 1500

/** Copies a text to the clipboard through the host, and says so.
 * @param what its name in the label: `Copy fingerprint` */
export function CopyButton({ text, what }: { text: string; what: string }) {
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
    <IconButton
      small
      icon={copied ? IconCheck : IconCopy}
      label={copied ? 'Copied' : `Copy ${what}`}
      onClick={() => void copy()}
    />
  )
}
