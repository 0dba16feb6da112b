import { describeStorageBackend } from '../testing/conformance.ts'
import { memoryStore } from './memory.ts'

describeStorageBackend('memory', async () => {
  const backend = memoryStore()
  return { backend, reopen: () => backend }
})

describeStorageBackend('memory with object versions', async () => {
  const backend = memoryStore('versioned', { objectVersions: true, checksums: 'none', attestsParts: false })
  return { backend, reopen: () => backend }
})
