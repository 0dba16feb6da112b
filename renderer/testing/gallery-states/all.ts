import type { GalleryState } from '../gallery-state.ts'
import { artifactsStates } from './artifacts.ts'
import { auditStates } from './audit.ts'
import { bucketStates } from './bucket.ts'
import { compromiseStates } from './compromise.ts'
import { copyDeleteStates } from './copy-delete.ts'
import { encryptStates } from './encrypt.ts'
import { firstRunStates } from './first-run.ts'
import { keysStates } from './keys.ts'
import { paletteStates } from './palette.ts'
import { retirementStates } from './retirement.ts'
import { recoveryKitStates } from './recovery-kit.ts'
import { rotationStates } from './rotation.ts'
import { settingsStates } from './settings.ts'
import { transfersStates } from './transfers.ts'
import { uploadsAndChecksStates } from './uploads-and-checks.ts'

/** Every picture. A feature adds a file and one line. */
export const galleryStates: GalleryState[] = [
  ...artifactsStates,
  ...bucketStates,
  ...copyDeleteStates,
  ...encryptStates,
  ...firstRunStates,
  ...paletteStates,
  ...keysStates,
  ...rotationStates,
  ...retirementStates,
  ...compromiseStates,
  ...transfersStates,
  ...auditStates,
  ...settingsStates,
  ...recoveryKitStates,
  ...uploadsAndChecksStates,
]
