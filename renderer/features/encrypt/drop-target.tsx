import { useEffect, useRef, useState } from 'react'
import { showFailure } from '../../components/notice.tsx'
import { useProgram } from '../../lib/program-context.ts'
import { failureFrom } from '../../lib/use-call.ts'
import { askWindow } from '../../lib/window-requests.ts'
import type { NamedSource } from '../../lib/window-requests.ts'
import { HoverOverlay } from './drop-overlay.tsx'

/** The whole window takes files and folders, dropped or pasted. While they hover a page is told how many, no more. */
export function DropTarget() {
  const { bridge } = useProgram()
  const [hovering, setHovering] = useState<number | null>(null)
  const depth = useRef(0)
  useEffect(() => {
    const countOf = (event: DragEvent): number =>
      [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file').length
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      event.preventDefault()
      depth.current++
      setHovering(countOf(event))
    }
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
    }
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      depth.current = Math.max(0, depth.current - 1)
      if (depth.current === 0 || event.relatedTarget === null) end()
    }
    const end = (): void => {
      depth.current = 0
      setHovering(null)
    }
    const take = async (files: File[]): Promise<void> => {
      try {
        // The tokens are asked for at once: the browser forgets a drop's files when the event is over.
        const sources: NamedSource[] = await Promise.all(
          files.map(async (file) => ({ token: await bridge.pathForFile(file), name: file.name })),
        )
        if (sources.length > 0) askWindow({ ask: 'encrypt', sources })
      } catch (error) {
        const failure = failureFrom(error)
        showFailure(failure.code === 'internal/bug' ? { code: 'file/token-unknown' } : failure)
      }
    }
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      event.preventDefault()
      end()
      void take([...(event.dataTransfer?.files ?? [])])
    }
    const paste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      void take(files)
    }
    const listeners = [
      ['dragenter', enter],
      ['dragover', over],
      ['dragleave', leave],
      ['drop', drop],
    ] as const
    for (const [name, listener] of listeners) window.addEventListener(name, listener)
    window.addEventListener('paste', paste)
    return () => {
      for (const [name, listener] of listeners) window.removeEventListener(name, listener)
      window.removeEventListener('paste', paste)
    }
  }, [bridge])
  return hovering === null ? null : <HoverOverlay items={hovering} />
}
