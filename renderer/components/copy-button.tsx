import { IconCheck, IconCopy } from '@tabler/icons-react'
import { IconButton } from './icon-button.tsx'
import { useCopyText } from './use-copy-text.ts'

/** Copies a text to the clipboard through the host, and says so.
 * @param what its name in the label: `Copy fingerprint` */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const { isCopied, copy } = useCopyText(what)
  return (
    <IconButton
      small
      icon={isCopied ? IconCheck : IconCopy}
      label={isCopied ? 'Copied' : `Copy ${what}`}
      onClick={() => copy(text)}
    />
  )
}
