/** What a probe found, kept over the next starts: an upload then begins without asking some twenty questions first. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { StoreMemory } from '../../storage-kind.ts'
import { StoreFindings } from '../../store-probe.ts'
import type { S3Settings } from './settings.ts'

/** A server is replaced, or the bucket's versioning is switched on: so not for ever. */
const keptForMs = 24 * 60 * 60_000

const Kept = z.object({ of: z.string(), atMs: z.number(), findings: StoreFindings })

export type KeptFindings = {
  /** Null where there are none of these settings, or old ones. */
  recall(): Promise<StoreFindings | null>
  remember(findings: StoreFindings): Promise<void>
}

export function keptFindings(memory: StoreMemory, settings: S3Settings, now: () => number): KeptFindings {
  const of = createHash('sha256').update(JSON.stringify(settings)).digest('hex')
  return {
    recall: async () => {
      const text = await memory.recall()
      if (text === null) return null
      const kept = Kept.safeParse(JSON.parse(text)).data
      if (kept?.of !== of) return null
      const ageMs = now() - kept.atMs
      return ageMs >= 0 && ageMs < keptForMs ? kept.findings : null
    },
    remember: (findings) =>
      memory.remember(JSON.stringify({ of, atMs: now(), findings } satisfies z.infer<typeof Kept>)),
  }
}
