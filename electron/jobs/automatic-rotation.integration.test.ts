/** Rotation of what is due by itself, through the whole app. */
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openHouse, stored, type House } from '../../scripts/test/faults/house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.stop())

const rotations = async () => {
  const { jobs } = await house.call('jobs:snapshot', {})
  const jobIds = jobs.filter(({ kind }) => kind === 'rewrap').map(({ jobId }) => jobId)
  const history = await house.call('jobs:history', { offset: 0, limit: 200 })
  await house.call('jobs:wait', { jobIds })
  return new Set([
    ...jobIds,
    ...history.jobs.filter(({ kind }) => kind === 'rewrap').map(({ jobId }) => jobId),
  ]).size
}

it('rewraps keys that are due at the next start, where that is set', async () => {
  const artifact = await stored(house, house.input('model.bin', 'weights'))
  await house.close()
  const db = new DatabaseSync(house.at('data', 'catalog.sqlite'))
  db.exec('UPDATE keys SET activated_at = activated_at - 100 * 86400000')
  db.close()
  await house.reopen()
  expect(await rotations()).toBe(0)
  await house.call('program:set', { automaticRotation: true })
  await house.reopen()
  await expect.poll(rotations, { timeout: 20_000 }).toBeGreaterThan(0)
  const { key } = await house.call('keys:show', { keyId: artifact.keyId })
  expect(key.state).toBe('deactivated')
  const { rows } = await house.call('audit:list', {
    query: 'rewrapped',
    category: 'all',
    since: null,
    offset: 0,
    limit: 10,
  })
  expect(rows[0]).toMatchObject({ event: 'artifact-rewrapped', via: 'automatic' })
})
