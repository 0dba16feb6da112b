import { useMemo } from 'react'
import type { NamedSource } from '../../lib/window-requests.ts'
import { useInvoke } from '../../lib/use-call.ts'
import { useStatus } from '../../lib/use-status.ts'
import { pickerRequests } from './picker-requests.ts'
import type { ChosenTarget, OpenWhat } from './picker-requests.ts'

export type PathPicker = {
  /** Files or folders to read. @returns what was chosen, nothing when cancelled */
  choose: (what: OpenWhat) => Promise<NamedSource[]>
  /** A place to write to, which need not exist yet. @returns null when cancelled */
  chooseTarget: (suggestedName: string, what: 'file' | 'folder') => Promise<ChosenTarget | null>
}

/** The system's dialogs where the host has them, our own picker where it has none. */
export function usePathPicker(): PathPicker {
  const invoke = useInvoke()
  const { nativeDialogs } = useStatus()
  return useMemo(
    () =>
      nativeDialogs
        ? {
            choose: async (what) => (await invoke('files:choose', { what })).chosen,
            chooseTarget: async (suggestedName, what) =>
              (await invoke('files:choose-target', { suggestedName, what })).chosen,
          }
        : {
            choose: (what) => new Promise((answer) => pickerRequests.ask({ to: 'open', what, answer })),
            chooseTarget: (suggestedName, what) =>
              new Promise((answer) => pickerRequests.ask({ to: 'save', what, suggestedName, answer })),
          },
    [invoke, nativeDialogs],
  )
}
