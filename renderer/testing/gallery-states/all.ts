import type { GalleryState } from '../gallery-state.ts'
import { artifactsStates } from './artifacts.ts'
import { encryptStates } from './encrypt.ts'
import { keysStates } from './keys.ts'

/** Every picture. A feature adds a file and one line. */
export const galleryStates: GalleryState[] = [...artifactsStates, ...encryptStates, ...keysStates]
