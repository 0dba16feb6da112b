import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { contract } from '../../shared/contract/contract.ts'
import { Millis } from '../../shared/domain/quantities.ts'
import { printed } from './testing/run.ts'

/** Every field of a shape that holds a number, however deep: its name, and whether that is a time. */
function fieldsOf(
  shape: z.core.$ZodType,
  seen = new Set<z.core.$ZodType>(),
): { name: string; isTime: boolean }[] {
  if (seen.has(shape)) return []
  seen.add(shape)
  const def = shape._zod.def as unknown as Record<string, unknown>
  const fields = Object.entries((def['shape'] ?? {}) as Record<string, z.core.$ZodType>)
  const parts = [def['innerType'], def['element'], def['valueType'], def['in'], def['out']]
  const inside = [...parts, ...((def['options'] ?? []) as unknown[]), ...((def['items'] ?? []) as unknown[])]
  return [
    ...fields
      .map(([name, field]) => ({ name, held: bare(field) }))
      .filter(({ held }) => held._zod.def.type === 'number')
      .map(({ name, held }) => ({ name, isTime: held === Millis })),
    ...[...inside, ...fields.map(([, field]) => field)]
      .filter((each): each is z.core.$ZodType => typeof each === 'object' && each !== null && '_zod' in each)
      .flatMap((each) => fieldsOf(each, seen)),
  ]
}

/** Without `nullable` and `optional` around it. */
function bare(shape: z.core.$ZodType): z.core.$ZodType {
  const { innerType } = (shape._zod as { def: { innerType?: z.core.$ZodType } }).def
  return innerType === undefined ? shape : bare(innerType)
}

describe('what --json prints', () => {
  it('has times as ISO 8601 in UTC, however deep, and sizes as numbers', () => {
    const at = Date.UTC(2026, 10, 22, 16, 42)
    const iso = '2026-11-22T16:42:00.000Z'
    expect(
      printed({
        ok: false,
        failure: { code: 'retirement/not-due', name: 'a', destroyAt: at },
        value: { rows: [{ at, endedAt: null, sizeBytes: 5 }], since: at, brokenAt: 7, issuedAt: iso },
      }),
    ).toEqual({
      ok: false,
      failure: { code: 'retirement/not-due', name: 'a', destroyAt: iso },
      value: { rows: [{ at: iso, endedAt: null, sizeBytes: 5 }], since: iso, brokenAt: 7, issuedAt: iso },
    })
  })

  it('leaves a time alone that no date can say', () => {
    expect(printed({ at: 1e16 })).toEqual({ at: 1e16 })
  })

  it('knows every time of the contract by its name, and takes nothing else for one', () => {
    const fields = Object.values(contract).flatMap(({ response }) => fieldsOf(response))
    const times = fields.filter(({ isTime }) => isTime)
    expect(times.length).toBeGreaterThan(20)
    for (const { name, isTime } of fields)
      expect(printed({ [name]: 1 })).toEqual({ [name]: isTime ? '1970-01-01T00:00:00.001Z' : 1 })
  })
})
