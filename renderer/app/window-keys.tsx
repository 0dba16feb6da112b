import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { useProgram } from '../lib/program-context.ts'
import { useShortcuts } from '../lib/shortcuts.ts'
import { askWindow } from '../lib/window-requests.ts'

const afterG: Record<string, string> = {
  a: '/artifacts',
  k: '/keys',
  t: '/transfers',
  l: '/audit',
  s: '/settings',
}
/** Between the two presses, however long the window takes to hear of them. */
const chordMs = 1000

/** Keys of the whole window, and what main asks the window to show. */
export function WindowKeys() {
  const { bridge } = useProgram()
  const [, navigate] = useLocation()
  const waitsSince = useRef(Number.NEGATIVE_INFINITY)
  useShortcuts([
    { keys: 'mod+k', whileTyping: true, run: () => askWindow({ ask: 'palette' }) },
    { keys: '?', run: () => askWindow({ ask: 'keyboard-help' }) },
    {
      keys: 'g',
      run: ({ timeStamp }) => {
        waitsSince.current = timeStamp
      },
    },
    ...Object.entries(afterG).map(([keys, to]) => ({
      keys,
      isWanted: ({ timeStamp }: KeyboardEvent) => timeStamp - waitsSince.current < chordMs,
      run: () => {
        waitsSince.current = Number.NEGATIVE_INFINITY
        navigate(to)
      },
    })),
  ])
  useEffect(
    () =>
      bridge.on('program:navigate', ({ artifactId, files }) => {
        if (artifactId !== null) navigate(`/artifacts/show/${artifactId}`)
        if (files.length > 0) askWindow({ ask: 'encrypt', sources: files })
      }),
    [bridge, navigate],
  )
  return null
}
