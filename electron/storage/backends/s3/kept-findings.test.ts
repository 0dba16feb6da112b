import { describe, expect, it } from 'vitest'
import type { StoreMemory } from '../../storage-kind.ts'
import type { StoreFindings } from '../../store-probe.ts'
import { keptFindings } from './kept-findings.ts'
import { readS3Settings } from './settings.ts'

const findings: StoreFindings = {
  conditionalPut: true,
  conditionalComplete: true,
  conditionalCopy: true,
  conditionalDelete: true,
  objectVersions: false,
  copyParts: true,
  checksums: 'full-crc32',
  listsUploads: 'all',
}
const settings = readS3Settings({ preset: 'aws', bucket: 'models', region: 'eu-central-1' })
const hourMs = 3_600_000

function memoryIn(kept: { text: string | null }): StoreMemory {
  return {
    recall: async () => kept.text,
    remember: async (text) => {
      kept.text = text
    },
    someObjects: async () => [],
  }
}

describe('kept findings', () => {
  it('are those of the same settings, for a day', async () => {
    const kept = { text: null }
    const at = (ms: number, of = settings) => keptFindings(memoryIn(kept), of, () => ms)
    expect(await at(0).recall()).toBe(null)
    await at(hourMs).ended(findings)
    expect(await at(hourMs).recall()).toEqual(findings)
    expect(await at(24 * hourMs).recall()).toEqual(findings)
    expect(await at(25 * hourMs).recall()).toBe(null)
    expect(await at(0).recall()).toBe(null)
    expect(await at(hourMs, { ...settings, region: 'us-east-1' }).recall()).toBe(null)
  })

  it('stay while another probe goes on, and where it finds nothing out', async () => {
    const kept = keptFindings(memoryIn({ text: null }), settings, () => hourMs)
    await kept.begun(['one', 'two'])
    expect([await kept.recall(), await kept.trialNames()]).toEqual([null, ['one', 'two']])
    await kept.ended(findings)
    await kept.begun(['three', 'four'])
    expect([await kept.recall(), await kept.trialNames()]).toEqual([findings, ['three', 'four']])
    await kept.ended(null)
    expect([await kept.recall(), await kept.trialNames()]).toEqual([findings, []])
  })

  it('of an earlier program are none', async () => {
    const kept = { text: '{"findings":{}}' }
    expect(await keptFindings(memoryIn(kept), settings, () => 0).recall()).toBe(null)
  })
})
