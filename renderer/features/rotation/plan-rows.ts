/** The plan of a rotation as a table: what is done in each store, and together. Pure. */
import { costTogether } from '../../../shared/price.ts'
import type { RotationInStore, RotationMethod, RotationPlan } from '../../../shared/domain/rotation.ts'

/** Stores beside each other before the smaller ones become one column. */
const shownStores = 3

export type PlanColumn = { name: string; stores: RotationInStore[] }

type Quantity = 'count' | 'bytes' | 'exact-bytes' | 'money'
export type PlanRow = {
  label: string
  quantity: Quantity
  /** One for each column, then together; null: not known. */
  values: (number | null)[]
  /** Beside each value: bytes of what was counted. */
  bytes?: (number | null)[]
  /** Of amounts of money: null where it is not known. */
  currencies?: (string | null)[]
}
type Cost = NonNullable<ReturnType<typeof costTogether>>

const nameOf = ({ store, kind }: RotationInStore): string => (kind === 's3' ? `${store}, S3` : store)

/** A column for each store, those with most first; many small ones share the last. */
export function planColumns(inStores: RotationInStore[]): PlanColumn[] {
  const ordered = inStores.toSorted((a, b) => b.objectBytes - a.objectBytes)
  if (ordered.length <= shownStores) return ordered.map((one) => ({ name: nameOf(one), stores: [one] }))
  const shown = ordered.slice(0, shownStores - 1).map((one) => ({ name: nameOf(one), stores: [one] }))
  const rest = ordered.slice(shownStores - 1)
  return [...shown, { name: `${rest.length} other stores`, stores: rest }]
}

const sum = (stores: RotationInStore[], of: (one: RotationInStore) => number | null): number | null => {
  let total = 0
  for (const store of stores) {
    const value = of(store)
    if (value === null) return null
    total += value
  }
  return total
}

/** What a local folder rewrites whole: a re-encryption does, where it neither sends nor fetches. */
const rewrittenHere = (method: RotationMethod, one: RotationInStore): number =>
  method === 're-encrypt' && one.kind === 'local-folder' ? one.objectBytes : 0

/** Rows that are nothing everywhere are left out. */
export function planRows(
  plan: RotationPlan,
  method: RotationMethod,
): { columns: PlanColumn[]; rows: PlanRow[] } {
  const inStores = method === 'rewrap' ? plan.rewrap : plan.reEncrypt
  const columns = planColumns(inStores)
  const valuesOf = (of: (one: RotationInStore) => number | null): (number | null)[] => [
    ...columns.map(({ stores }) => sum(stores, of)),
    sum(inStores, of),
  ]
  // An artifact may lie in several stores: together they are not the sum.
  const artifacts = [...valuesOf((one) => one.artifacts).slice(0, -1), plan.artifacts.length]
  const rows: PlanRow[] = [
    { label: 'Artifacts', quantity: 'count', values: artifacts },
    { label: 'Objects rewritten', quantity: 'count', values: valuesOf((one) => one.objects) },
    { label: 'Downloaded', quantity: 'bytes', values: valuesOf((one) => s3Only(one, one.downloadedBytes)) },
    { label: 'Uploaded', quantity: 'bytes', values: valuesOf((one) => s3Only(one, one.uploadedBytes)) },
    { label: 'Copied inside the store', quantity: 'bytes', values: valuesOf((one) => one.copiedBytes) },
    {
      label: 'Rewritten on this machine',
      quantity: 'bytes',
      values: valuesOf((one) => rewrittenHere(method, one)),
    },
    {
      label: 'Headers rewritten in place',
      quantity: 'exact-bytes',
      values: valuesOf((one) => one.headerBytes),
    },
    {
      label: 'Old object versions kept',
      quantity: 'count',
      values: valuesOf((one) => one.keptObjectVersions),
      bytes: valuesOf((one) => one.keptBytes),
    },
  ]
  rows.push(...costRow([...columns.map(({ stores }) => stores), inStores]))
  return { columns, rows: rows.filter(({ values }, n) => n < 2 || values.some((value) => value !== 0)) }
}

/** Left out where no price is set. */
function costRow(cells: RotationInStore[][]): PlanRow[] {
  const costs = cells.map(keptCost)
  if (costs.every((cost) => cost === null)) return []
  const keepsNothing = (stores: RotationInStore[]) => stores.every(({ keptBytes }) => keptBytes === 0)
  const values = cells.map((stores, n) => (keepsNothing(stores) ? 0 : (costs[n]?.amount ?? null)))
  const currencies = costs.map((cost) => cost?.currency ?? null)
  return [{ label: 'Kept versions, a month', quantity: 'money', values, currencies }]
}

/** Of old object versions in a month; null where it is not known. */
export const keptCost = (stores: readonly RotationInStore[]): Cost | null =>
  stores.some(({ keptBytes }) => keptBytes === null)
    ? null
    : costTogether(stores.map(({ keptBytes, price }) => ({ sizeBytes: keptBytes ?? 0, price })))

/** Stores that keep old object versions, and whose price is not set. */
export const withoutPrice = (plan: RotationPlan, method: RotationMethod): RotationInStore[] =>
  (method === 'rewrap' ? plan.rewrap : plan.reEncrypt).filter(
    ({ keptBytes, price }) => price === null && (keptBytes ?? 0) > 0,
  )

const s3Only = ({ kind }: RotationInStore, bytes: number): number => (kind === 's3' ? bytes : 0)

type Moved = { downloadedBytes: number; uploadedBytes: number; rewrittenBytes: number; headerBytes: number }

/** What a method moves, all stores together. */
export const movedBy = (plan: RotationPlan, method: RotationMethod): Moved =>
  (method === 'rewrap' ? plan.rewrap : plan.reEncrypt).reduce<Moved>(
    (all, one) => ({
      downloadedBytes: all.downloadedBytes + s3Only(one, one.downloadedBytes),
      uploadedBytes: all.uploadedBytes + s3Only(one, one.uploadedBytes),
      rewrittenBytes: all.rewrittenBytes + rewrittenHere(method, one),
      headerBytes: all.headerBytes + one.headerBytes,
    }),
    { downloadedBytes: 0, uploadedBytes: 0, rewrittenBytes: 0, headerBytes: 0 },
  )
