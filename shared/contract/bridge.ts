import type { PathToken } from '../ids.ts'
import type { EventName, EventPayload } from './events.ts'
import type { Invoke } from './contract.ts'

/** All that a page can reach of the main process. */
export type Bridge = {
  invoke: Invoke
  /** @returns a function that stops listening */
  on: <E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void) => () => void
  /** A token for a dropped, pasted or chosen file or folder.
   * @throws Error for a `File` that the page made itself */
  pathForFile: (file: File) => Promise<PathToken>
}
