import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../shared/domain/audit.ts'
import { ArtifactId, JobId, KeyId, newId } from '../../../shared/ids.ts'
import { chainFacts, eventFacts, labelOfFact } from './entry-facts.ts'

const entry = (facts: AuditEntry['facts']): AuditEntry => ({
  sequence: 2,
  at: 1_700_000_000_000,
  event: 'Key destroyed',
  category: 'keys',
  on: 'model.pkl · key 1',
  artifactId: newId(ArtifactId),
  keyId: newId(KeyId),
  jobId: newId(JobId),
  who: 'dana.k',
  via: 'window on ws-041',
  facts,
  previousHash: 'a'.repeat(64),
  hash: 'b'.repeat(64),
})

describe('eventFacts', () => {
  it('shows a change of state once, first, as states', () => {
    const facts = eventFacts(entry({ reason: 'asked for', from: 'active', to: 'destroyed' }))
    expect(facts).toEqual([
      { label: 'Change', kind: 'change', from: 'active', to: 'destroyed' },
      { label: 'Reason', kind: 'text', text: 'asked for' },
    ])
  })

  it('keeps from and to as words where they are no key states', () => {
    expect(eventFacts(entry({ from: 'fraud/a.pkl', to: 'nlp/a.pkl' })).map(({ label }) => label)).toEqual([
      'From',
      'To',
    ])
  })

  it('writes digests as ids, numbers with separators, and leaves out what is not there', () => {
    const digest = 'c'.repeat(64)
    expect(
      eventFacts(entry({ fingerprint: digest, ciphertextBytes: 12_345, note: null, whole: true })),
    ).toEqual([
      { label: 'Fingerprint', kind: 'id', text: digest },
      { label: 'Ciphertext bytes', kind: 'text', text: '12,345' },
      { label: 'Whole', kind: 'text', text: 'yes' },
    ])
  })
})

describe('chainFacts', () => {
  it('leaves out what an entry does not name', () => {
    const facts = chainFacts({ ...entry({}), keyId: null, jobId: null }, null)
    expect(facts.map(({ label }) => label)).toEqual(['Artifact', 'This entry', 'One before', 'Made in'])
  })
})

describe('what the signed head vouches for', () => {
  it('is said of entries up to it, and of no later one', () => {
    const labels = (signed: number) => chainFacts(entry({}), signed).map(({ label }) => label)
    expect(labels(2)).toContain('Signed head')
    expect(labels(1)).not.toContain('Signed head')
  })
})

describe('labelOfFact', () => {
  it('reads the program’s names as words', () => {
    expect(labelOfFact('readBack')).toBe('Read back')
    expect(labelOfFact('object-name')).toBe('Object name')
    expect(labelOfFact('workFactor')).toBe('Work factor')
  })
})
