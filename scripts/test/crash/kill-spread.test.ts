import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { isWideEnough, readSpreads, recordSpread, spreadLine } from './kill-spread.ts'

it('adds up what several rounds recorded', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weightlock-spread-'))
  const path = join(folder, 'kills.jsonl')
  try {
    expect(readSpreads(path)).toEqual([])
    recordSpread(path, { what: 'encrypt', kills: { begin: 2, key: 0 } })
    recordSpread(path, { what: 'destroy', kills: { begin: 1 } })
    recordSpread(path, { what: 'encrypt', kills: { begin: 1, key: 4 } })
    expect(readSpreads(path)).toEqual([
      { what: 'encrypt', kills: { begin: 3, key: 4 } },
      { what: 'destroy', kills: { begin: 1 } },
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('is wide enough with 60 kills of each kind, 5 in each phase', () => {
  const encrypt = { what: 'encrypt', kills: { begin: 55, key: 5 } }
  expect(isWideEnough([encrypt], ['encrypt'])).toBe(true)
  expect(isWideEnough([encrypt], ['encrypt', 'decrypt'])).toBe(false)
  expect(isWideEnough([{ ...encrypt, kills: { begin: 54, key: 5 } }], ['encrypt'])).toBe(false)
  expect(isWideEnough([{ ...encrypt, kills: { begin: 60, key: 4 } }], ['encrypt'])).toBe(false)
  expect(spreadLine(encrypt)).toBe('encrypt, 60 kills: begin 55, key 5')
})
