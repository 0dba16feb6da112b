import { describe, expect, it } from 'vitest'
import { storeId } from '../../testing/builders.ts'
import { plannedArtifact, rotationInStore, rotationPlan } from '../../testing/rotation-builders.ts'
import { keptCost, planColumns, planRows, withoutPrice } from './plan-rows.ts'

const bucket = rotationInStore({
  kind: 's3',
  store: 'models-prod',
  objects: 3,
  objectBytes: 9e9,
  downloadedBytes: 16e6,
  uploadedBytes: 16e6,
  copiedBytes: 8.9e9,
  headerBytes: 0,
  keptObjectVersions: null,
  keptBytes: null,
})
const folder = rotationInStore({ storeId: storeId(2), store: 'here', objects: 2, headerBytes: 490 })
const row = (label: string, method: 'rewrap' | 're-encrypt' = 'rewrap') =>
  planRows(
    rotationPlan({
      artifacts: [plannedArtifact({ n: 1 }), plannedArtifact({ n: 2 })],
      rewrap: [folder, bucket],
      reEncrypt: [
        { ...folder, headerBytes: 0 },
        { ...bucket, keptObjectVersions: 0, keptBytes: 0 },
      ],
    }),
    method,
  ).rows.find((each) => each.label === label)?.values

describe('the plan as a table', () => {
  it('adds the stores up, the one with most first', () => {
    expect(row('Objects rewritten')).toEqual([3, 2, 5])
    expect(row('Downloaded')).toEqual([16e6, 0, 16e6])
    expect(row('Headers rewritten in place')).toEqual([0, 490, 490])
  })

  it('counts an artifact that lies in two stores once', () => {
    expect(row('Artifacts')).toEqual([1, 1, 2])
  })

  it('says not known where a store has not said, and makes no sum of it', () => {
    expect(row('Old object versions kept')).toEqual([null, 0, null])
  })

  it('leaves out what is nothing everywhere, and says what a folder rewrites', () => {
    expect(row('Old object versions kept', 're-encrypt')).toBeUndefined()
    expect(row('Headers rewritten in place', 're-encrypt')).toBeUndefined()
    expect(row('Rewritten on this machine', 're-encrypt')).toEqual([0, 148_251_120, 148_251_120])
    expect(row('Rewritten on this machine')).toBeUndefined()
  })

  it('says what is kept costs, where every store that keeps something has a price in one currency', () => {
    const kept = { keptObjectVersions: 2, keptBytes: 100e9 }
    const priced = { ...bucket, ...kept, price: { amount: 0.023, currency: 'USD' } }
    const other = { ...folder, ...kept }
    expect(keptCost([priced, folder])).toEqual({ amount: expect.closeTo(2.3), currency: 'USD' })
    expect(keptCost([priced, other])).toBeNull()
    expect(keptCost([priced, bucket])).toBeNull()
    const plan = rotationPlan({ artifacts: [plannedArtifact({ n: 1 })], rewrap: [priced, other] })
    expect(withoutPrice(plan, 'rewrap').map(({ store }) => store)).toEqual(['here'])
    expect(planRows(plan, 'rewrap').rows.at(-1)).toMatchObject({
      label: 'Kept versions, a month',
      values: [expect.closeTo(2.3), null, null],
      currencies: ['USD', null, null],
    })
    const alone = rotationPlan({ artifacts: [plannedArtifact({ n: 1 })], rewrap: [other] })
    expect(planRows(alone, 'rewrap').rows.at(-1)?.label).toBe('Old object versions kept')
  })

  it('folds many stores into one column', () => {
    const many = [1, 2, 3, 4, 5].map((n) =>
      rotationInStore({ storeId: storeId(n), store: `nas-${n}`, objectBytes: n }),
    )
    expect(planColumns(many).map(({ name, stores }) => [name, stores.length])).toEqual([
      ['nas-5', 1],
      ['nas-4', 1],
      ['3 other stores', 3],
    ])
  })
})
