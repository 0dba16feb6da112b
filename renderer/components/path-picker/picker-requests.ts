/** Who asked the in-app picker for what. One at a time, as with a dialog of the system. */
import type { PathToken } from '../../../shared/ids.ts'
import type { NamedSource } from '../../lib/window-requests.ts'

export type OpenWhat =
  'files' | 'folder' | 'age-file' | 'identity' | 'store-folder' | 'certificate' | 'target-folder'
export type ChosenTarget = { token: PathToken; path: string }

export type PickerRequest =
  | { to: 'open'; what: OpenWhat; answer: (chosen: NamedSource[]) => void }
  | {
      to: 'save'
      what: 'file' | 'folder'
      suggestedName: string
      answer: (chosen: ChosenTarget | null) => void
    }

let current: PickerRequest | null = null
const listeners = new Set<() => void>()
const set = (next: PickerRequest | null): void => {
  current = next
  for (const listener of listeners) listener()
}

const cancel = (request: PickerRequest | null): void => {
  if (request?.to === 'open') request.answer([])
  if (request?.to === 'save') request.answer(null)
}

export const pickerRequests = {
  get: (): PickerRequest | null => current,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  ask: (request: PickerRequest): void => {
    cancel(current)
    set(request)
  },
  /** Closes it without an answer. */
  cancel: (): void => {
    const request = current
    set(null)
    cancel(request)
  },
  end: (): void => set(null),
}
