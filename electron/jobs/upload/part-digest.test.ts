import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { chunkCiphertextBytes, ciphertextSizeBytes } from '../../age/payload-size.ts'
import { createPartDigester, edgesAgree, sameFacts, type PartFacts } from './part-digest.ts'
import {
  chunksOfPart,
  leavesOfParts,
  partNumbers,
  payloadOfPart,
  planUpload,
  rangeOfPart,
} from './upload-plan.ts'

const startBytes = 261
const plan = planUpload(startBytes, 100 * 65_536 + 5, chunkCiphertextBytes * 10 + 7)
const payload = randomBytes(ciphertextSizeBytes(plan.plaintextBytes))
const factsOf = (part: number): PartFacts => {
  const digester = createPartDigester(plan, part)
  digester.update(payload, 0)
  return digester.finish()
}

describe('an upload plan', () => {
  it('covers the object and the payload once', () => {
    let [objectAt, payloadAt] = [0, 0]
    for (const part of partNumbers(plan)) {
      expect(rangeOfPart(plan, part).offset).toBe(objectAt)
      expect(payloadOfPart(plan, part).offset).toBe(payloadAt)
      objectAt += rangeOfPart(plan, part).lengthBytes
      payloadAt += payloadOfPart(plan, part).lengthBytes
    }
    expect(objectAt).toBe(plan.objectBytes)
    expect(payloadAt).toBe(payload.length)
    expect(leavesOfParts(plan, partNumbers(plan))).toEqual([0])
  })

  it('refuses parts that cannot hold the start of the file', () => {
    expect(() => planUpload(startBytes, 1, startBytes)).toThrow(RangeError)
  })
})

describe('a part digest', () => {
  it('is SHA-256 over the tags of every chunk that has a byte in the part', () => {
    for (const part of partNumbers(plan)) {
      const { offset, lengthBytes } = payloadOfPart(plan, part)
      const hash = createHash('sha256')
      const tags: string[] = []
      for (let at = 0; at < payload.length; at += chunkCiphertextBytes) {
        const end = Math.min(at + chunkCiphertextBytes, payload.length)
        if (end <= offset || at >= offset + lengthBytes) continue
        const tag = payload.subarray(end - 16, end)
        hash.update(tag)
        tags.push(tag.toString('base64'))
      }
      expect(factsOf(part)).toEqual({
        part,
        digest: hash.digest('base64'),
        firstTag: tags[0],
        lastTag: tags.at(-1),
      })
    }
  })

  it('must agree with its neighbours where they share a chunk', () => {
    expect(chunksOfPart(plan, 1).last).toBe(chunksOfPart(plan, 2).first)
    const other = randomBytes(16).toString('base64')
    const known = (part: number, change: Partial<PartFacts>) =>
      new Map([[part, { ...factsOf(part), ...change }]])
    expect(edgesAgree(plan, factsOf(2), known(1, {}))).toBe(true)
    expect(edgesAgree(plan, factsOf(2), known(1, { lastTag: other }))).toBe(false)
    expect(edgesAgree(plan, factsOf(2), known(1, { firstTag: other }))).toBe(true)
    expect(edgesAgree(plan, factsOf(1), known(2, { firstTag: other }))).toBe(false)
    expect(edgesAgree(plan, factsOf(1), known(3, { firstTag: other }))).toBe(true)
    expect(sameFacts(factsOf(1), { ...factsOf(1), lastTag: other })).toBe(false)
  })

  it('asks no agreement where parts end with their chunks', () => {
    const whole = planUpload(startBytes, 40 * 65_536, chunkCiphertextBytes * 10 + startBytes)
    expect(chunksOfPart(whole, 1)).toEqual({ first: 0, last: 9 })
    expect(chunksOfPart(whole, 2).first).toBe(10)
    const facts = { part: 2, digest: '', firstTag: 'b', lastTag: 'c' }
    expect(edgesAgree(whole, facts, new Map([[1, { ...facts, part: 1, lastTag: 'a' }]]))).toBe(true)
  })
})
