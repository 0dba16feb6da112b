import { describeStorageBackend } from '../testing/conformance.ts'
import { memoryStore } from './memory.ts'

describeStorageBackend('memory', async () => {
  const backend = memoryStore()
  return { backend, reopen: () => backend }
})
