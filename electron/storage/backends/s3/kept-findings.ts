/** What a probe found, kept over the next starts: an upload then begins without asking some twenty questions first.
 * Beside it, the names under which a probe tries things out: what a killed one left is taken back by the next. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { StoreMemory } from '../../storage-kind.ts'
import { StoreFindings } from '../../store-probe.ts'
import type { S3Settings } from './settings.ts'

/** A server is replaced, or the bucket's versioning is switched on: so not for ever. */
const keptForMs = 24 * 60 * 60_000

/** Whether what was found then counts still. A clock that was set back makes it old. */
export const isRecent = (atMs: number, nowMs: number): boolean => nowMs >= atMs && nowMs - atMs < keptForMs

const Kept = z.object({
  /** Digest of the settings that it belongs to. */
  of: z.string(),
  atMs: z.number(),
  findings: StoreFindings.nullable(),
  trialNames: z.array(z.string()),
})
type Kept = z.infer<typeof Kept>

export type KeptFindings = {
  /** Null where there are none of these settings, or old ones. */
  recall(): Promise<StoreFindings | null>
  /** Names of a probe that was begun and did not take back all of what it wrote. */
  trialNames(): Promise<string[]>
  /** Before a probe writes anything. */
  begun(trialNames: string[]): Promise<void>
  /** After a probe that left nothing. @param findings null where it could not find out: what was known stays */
  ended(findings: StoreFindings | null): Promise<void>
}

export function keptFindings(memory: StoreMemory, settings: S3Settings, now: () => number): KeptFindings {
  const of = createHash('sha256').update(JSON.stringify(settings)).digest('hex')
  const read = async (): Promise<Kept> => {
    const text = await memory.recall()
    const kept = text === null ? undefined : Kept.safeParse(JSON.parse(text)).data
    return kept?.of === of ? kept : { of, atMs: 0, findings: null, trialNames: [] }
  }
  const write = (kept: Kept) => memory.remember(JSON.stringify(kept))
  return {
    recall: async () => {
      const { atMs, findings } = await read()
      return isRecent(atMs, now()) ? findings : null
    },
    trialNames: async () => (await read()).trialNames,
    begun: async (trialNames) => write({ ...(await read()), trialNames }),
    ended: async (findings) => {
      const before = await read()
      await write(
        findings === null ? { ...before, trialNames: [] } : { of, atMs: now(), findings, trialNames: [] },
      )
    },
  }
}
