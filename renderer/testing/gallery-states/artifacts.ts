import type { GalleryState } from '../gallery-state.ts'
import { storeId } from '../builders.ts'
import { exampleEntries, exampleJob, listed } from './example-store.ts'

const fraud = `/artifacts/in/${storeId(1)}/fraud`

const filled = {
  at: fraud,
  jobs: [exampleJob],
  answers: {
    'artifacts:list': ({ offset, limit }) => listed(exampleEntries, offset, limit),
  },
} satisfies Partial<GalleryState>

export const artifactsStates: GalleryState[] = [{ ...filled, name: 'artifacts-filled' }]
