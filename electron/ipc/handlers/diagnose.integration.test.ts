/** What Diagnostics says of the program itself. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type House } from '../../../scripts/test/faults/house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.stop())

const memory = async () => {
  const { checks } = await house.call('program:diagnose', {})
  return checks.find(({ name }) => name === 'Memory')
}

describe('memory that may hold an identity', () => {
  it('is kept out of files, or Diagnostics and the log say that it could not be', async () => {
    expect(await memory()).toEqual({
      name: 'Memory',
      state: 'ok',
      detail: 'Kept out of core dumps and reports',
    })
    const undone = 'Core dumps could not be kept free of memory.'
    await house.reopen({ unhardened: [undone] })
    const state = process.platform === 'linux' ? 'warn' : 'ok'
    expect(await memory()).toEqual({ name: 'Memory', state, detail: undone })
    expect(readFileSync(join(house.dataFolder, 'weightlock.log'), 'utf8')).toContain(
      `not hardened: ${undone}`,
    )
  })
})
