import type { InstallationId } from '../../shared/ids.ts'
import type { Settings } from '../../shared/settings.ts'
import type { Actor, Json } from './catalog.ts'

export type Installation = { installationId: InstallationId; machineId: string; createdAt: number }

/** The installation itself and its settings. */
export type ProgramOperations = {
  /** Made when the catalog was first opened. Whether another machine id means moved or copied is the caller's to ask. */
  installation: () => Installation
  /** The data folder lives on another machine now. `moved` keeps ownership; `copied` takes a new installation id and
   * makes every artifact a reader's. Audited. */
  setMachine: (request: { machineId: string; as: 'moved' | 'copied'; by: Actor }) => Installation
  /** What was set over the defaults; values that no longer parse fall back to their default. */
  getSettings: () => Settings
  /** Audited where it changes key policy. @returns all settings after the change */
  setSettings: (request: { settings: Partial<Settings>; by: Actor }) => Settings
  /** A small value of the program's own: window bounds, column widths. Null when it was never set. */
  getValue: (name: string) => Json
  setValue: (name: string, value: Json) => void
  counts: () => { artifacts: number; keys: number; rotationDue: number; openJobs: number; archived: number }
  /** For the checklist of the first run: was anything ever encrypted, opened, backed up by a kit whose drill passed. */
  milestones: () => { encrypted: boolean; opened: boolean; backedUp: boolean }
}
