import { z } from 'zod'
import { ArtifactSort } from './domain/artifact.ts'
import { KeyAlgorithm } from './domain/key.ts'

/** What the user may set. Window bounds and columns live beside it, in the same table, and are not secrets either. */
export const Settings = z.object({
  appearance: z.enum(['system', 'light', 'dark']),
  density: z.enum(['normal', 'compact']),
  cryptoPeriodDays: z.number().int().min(1).max(3650),
  defaultAlgorithm: KeyAlgorithm,
  /** Between a retirement that is scheduled and the destruction of its keys. */
  waitingPeriodDays: z.number().int().min(7).max(30),
  /** Keys that are due are rewrapped while the program runs. */
  automaticRotation: z.boolean(),
  checklistDismissed: z.boolean(),
  lastStore: z.string().nullable(),
  sort: ArtifactSort,
})
export type Settings = z.infer<typeof Settings>

export const defaultSettings: Settings = {
  appearance: 'system',
  density: 'normal',
  cryptoPeriodDays: 90,
  defaultAlgorithm: 'X25519',
  waitingPeriodDays: 10,
  automaticRotation: false,
  checklistDismissed: false,
  lastStore: null,
  sort: { by: 'encrypted', descending: true },
}
