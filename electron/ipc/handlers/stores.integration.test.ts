/** A store's settings, changed: what stays, what goes, and where its secrets are. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openHouse, type House } from '../../../scripts/test/faults/house.ts'
import { failed } from '../../../shared/failure.ts'
import type { StoreId } from '../../../shared/ids.ts'
import { storeSecretName } from '../../jobs/open-stores.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.stop())

const refused = (field: string) => ({ ok: false, failure: { code: 'store/settings-invalid', field } })
const nothing = { settings: {}, paths: {}, secrets: {} }
const settingsOf = async (storeId: StoreId) => {
  const { stores } = await house.call('stores:list', {})
  return stores.find((store) => store.storeId === storeId)
}
/** What lies in the keychain for a field, under whatever name the provider gives it. */
const kept = (storeId: StoreId, field: string): string | null => {
  const name = storeSecretName(storeId, field)
  return [...house.keychain.items].find(([item]) => item.includes(name))?.[1] ?? null
}

describe('the settings of a store', () => {
  it('are changed one by one, and secrets go with the choice that asked for them', async () => {
    const added = await house.call('stores:add', {
      name: 'lab',
      kind: 's3',
      settings: { preset: 'minio', bucket: 'models', endpoint: 'http://127.0.0.1:1', accessKeyId: 'AK' },
      paths: {},
      secrets: { secretAccessKey: 'first' },
    })
    const { storeId } = added
    // Who names an access key has chosen to type it in.
    expect(added.settings).toMatchObject({ credentials: 'typed', accessKeyId: 'AK' })
    expect(kept(storeId, 'secretAccessKey')).toBe('first')

    const secrets = { secretAccessKey: 'second' }
    await house.call('stores:set', {
      ...nothing,
      storeId,
      name: 'lab-2',
      settings: { region: 'eu-1' },
      secrets,
    })
    expect(await settingsOf(storeId)).toMatchObject({
      name: 'lab-2',
      location: 's3://models',
      settings: { region: 'eu-1', endpoint: 'http://127.0.0.1:1', accessKeyId: 'AK' },
    })
    expect(kept(storeId, 'secretAccessKey')).toBe('second')

    await house.call('stores:set', { ...nothing, storeId, settings: { profile: 'ml', region: '' } })
    expect((await settingsOf(storeId))?.settings).toEqual({
      preset: 'minio',
      bucket: 'models',
      endpoint: 'http://127.0.0.1:1',
      credentials: 'profile',
      profile: 'ml',
    })
    expect(kept(storeId, 'secretAccessKey')).toBeNull()
    const { rows } = await house.call('audit:list', {
      query: '',
      category: 'stores',
      since: null,
      offset: 0,
      limit: 10,
    })
    expect(rows.find(({ event }) => event === 'store-changed')?.facts).toMatchObject({
      changed: expect.stringContaining('profile'),
    })
  })

  it('never become those of other objects, or of another store', async () => {
    const { stores } = await house.call('stores:list', {})
    const lab = stores.find(({ name }) => name === 'lab-2')
    const local = stores.find(({ name }) => name === 'Local')
    if (lab === undefined || local === undefined) throw new Error('a store is missing')
    const set = (storeId: StoreId, change: object) =>
      house.invoke('stores:set', { ...nothing, storeId, ...change })
    expect(await set(lab.storeId, { settings: { bucket: 'others' } })).toMatchObject(refused('bucket'))
    expect(await set(lab.storeId, { settings: { endpoint: 'http://s3.lab' } })).toMatchObject(
      refused('endpoint'),
    )
    expect(await set(lab.storeId, { name: 'local' })).toEqual(
      failed({ code: 'store/name-taken', name: 'local' }),
    )
    expect(await set(local.storeId, { paths: { path: { path: house.at('elsewhere') } } })).toMatchObject(
      refused('path'),
    )
    expect((await settingsOf(lab.storeId))?.settings).toEqual(lab.settings)
  })

  it('never lead secrets that are kept to another address', async () => {
    const addressed: string[] = []
    const elsewhere = createServer((request, response) => {
      addressed.push(String(request.headers.authorization), String(request.headers['x-amz-security-token']))
      response.writeHead(403).end()
    })
    elsewhere.listen(0, '127.0.0.1')
    await once(elsewhere, 'listening')
    const endpoint = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
    const { storeId } = await house.call('stores:add', {
      name: 'kept',
      kind: 's3',
      settings: { preset: 'minio', bucket: 'models', endpoint: 'http://127.0.0.1:1', accessKeyId: 'AK' },
      paths: {},
      secrets: { secretAccessKey: 'first', sessionToken: 'of-the-first' },
    })
    const change = { ...nothing, storeId, settings: { endpoint } }
    const asked = { ...change, kind: 's3', name: 'kept' }
    expect(await house.invoke('stores:set', change)).toMatchObject(refused('secretAccessKey'))
    expect(await house.invoke('stores:try', asked)).toMatchObject(refused('secretAccessKey'))
    expect(addressed).toEqual([])
    // A secret of one's own does not bring the token that is kept along.
    const secrets = { secretAccessKey: 'second' }
    await house.call('stores:try', { ...asked, secrets })
    expect(addressed.length).toBeGreaterThan(0)
    expect(addressed.join()).not.toContain('of-the-first')
    await house.call('stores:set', { ...change, secrets })
    expect([kept(storeId, 'secretAccessKey'), kept(storeId, 'sessionToken')]).toEqual(['second', null])
    elsewhere.close()
  })

  it('are tried out without being kept', async () => {
    const request = {
      ...nothing,
      kind: 's3',
      storeId: null,
      name: 'new',
      settings: { preset: 'minio', bucket: 'models', endpoint: 'http://127.0.0.1:1' },
    }
    const test = await house.call('stores:try', request)
    expect(test.failure).not.toBeNull()
    expect((await house.call('stores:list', {})).stores.map(({ name }) => name)).not.toContain('new')
  })
})
