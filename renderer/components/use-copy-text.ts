import { useEffect, useState } from 'react'
import { announce } from '../lib/announce.ts'
import { failureFrom, useInvoke } from '../lib/use-call.ts'
import { showFailure } from './notice.tsx'

const shownMs = 1500

/** Copies a text through the host's clipboard and says so; what failed is shown.
 * @param what for screen readers: `Copied fingerprint`
 * @returns whether it was copied a moment ago, for the button to show */
export function useCopyText(what: string): { isCopied: boolean; copy: (text: string) => void } {
  const invoke = useInvoke()
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return undefined
    const timer = setTimeout(() => setCopied(false), shownMs)
    return () => clearTimeout(timer)
  }, [isCopied])
  const copy = async (text: string): Promise<void> => {
    try {
      await invoke('program:copy-text', { text })
      setCopied(true)
      announce(`Copied ${what}`)
    } catch (error) {
      showFailure(failureFrom(error))
    }
  }
  return { isCopied, copy: (text) => void copy(text) }
}
