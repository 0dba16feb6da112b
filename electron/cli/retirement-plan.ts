/** What a retirement would do, said before it does: as lines, and as the plan that `--dry-run` prints. */
import type { RetirementImpact } from '../../shared/domain/retirement.ts'
import type { StoreInfo } from '../../shared/domain/store.ts'
import type { Failure } from '../../shared/failure.ts'
import { formatBytes, formatCounted, formatMoney } from '../../shared/format.ts'
import { keyPlaces } from '../../shared/key-places.ts'
import { monthlyCost, parsePrice } from '../../shared/price.ts'
import { safeText } from '../../shared/safe-text.ts'

type Locale = string | undefined

/** What dies, before it does. */
export function impactLines(impact: RetirementImpact, locale: Locale): string[] {
  const lines = impact.artifacts.flatMap(({ name, versions }) =>
    versions.map(
      ({ version, ciphertextBytes, status, stores }) =>
        `${status === 'erased' ? 'Is unreadable already' : 'Becomes unreadable'}: ${safeText(name)} · v${version} · ${formatBytes(ciphertextBytes, locale)}${stores.length > 0 ? ` in ${stores.map(safeText).join(', ')}` : ''}`,
    ),
  )
  for (const { key, copies } of impact.keys) {
    lines.push(
      `${key.state === 'destroyed' ? 'Destroyed already' : 'Is destroyed'}: ${safeText(key.alias)} (${key.state})`,
    )
    for (const { place, where, state } of copies)
      if (place !== 'keychain' && state !== 'destroyed')
        lines.push(`Cannot be reached: ${keyPlaces[place].name}, ${safeText(where)}`)
  }
  for (const { name, version, staysOpen } of impact.shared)
    if (staysOpen) lines.push(`Stays open with another key: ${safeText(name)} · v${version}`)
  return lines
}

/** Asked for with the impact. `inDays` null is now. */
type Wish = { inDays: number | null; deleteCiphertext: boolean }

export type RetirementPlan = Wish & {
  confirmName: string
  artifacts: Pick<RetirementImpact['artifacts'][number], 'artifactId' | 'name' | 'versions' | 'scheduled'>[]
  /** Those that are destroyed by it. */
  keys: Pick<
    RetirementImpact['keys'][number]['key'],
    'keyId' | 'alias' | 'state' | 'algorithm' | 'createdAt'
  >[]
  /** Where these keys lie as well, out of reach. */
  copiesElsewhere: { keyId: string; place: string; where: string; state: string }[]
  /** Versions of other artifacts that one of these keys opens, and another that stays. */
  staysOpen: RetirementImpact['shared']
  /** Where the ciphertext lies, which stays there or goes with the keys. */
  ciphertext: (RetirementImpact['stores'][number] & {
    fate: 'stays' | 'deleted'
    /** Of objects and their versions, where the store's price is set. */
    monthlyCost: { amount: number; currency: string } | null
  })[]
}

const priceOf = (storeId: string, stores: readonly StoreInfo[]) => {
  const set = stores.find((store) => store.storeId === storeId)?.settings['price']
  return typeof set === 'string' ? parsePrice(set) : null
}

export function planOf(impact: RetirementImpact, stores: readonly StoreInfo[], wish: Wish): RetirementPlan {
  const dying = impact.keys.filter(({ key }) => key.state !== 'destroyed')
  return {
    ...wish,
    confirmName: impact.confirmName,
    artifacts: impact.artifacts.map(({ artifactId, name, versions, scheduled }) => ({
      artifactId,
      name,
      versions,
      scheduled,
    })),
    keys: dying.map(({ key: { keyId, alias, state, algorithm, createdAt } }) => ({
      keyId,
      alias,
      state,
      algorithm,
      createdAt,
    })),
    copiesElsewhere: impact.keys.flatMap(({ key: { keyId }, copies }) =>
      copies
        .filter(({ place, state }) => place !== 'keychain' && state !== 'destroyed')
        .map(({ place, where, state }) => ({ keyId, place, where, state })),
    ),
    staysOpen: impact.shared.filter(({ staysOpen }) => staysOpen),
    ciphertext: impact.stores.map((each) => {
      const price = priceOf(each.storeId, stores)
      const amount = price === null ? 0 : monthlyCost(each.bytes + each.objectVersionBytes, price)
      return {
        ...each,
        fate: wish.deleteCiphertext ? 'deleted' : 'stays',
        monthlyCost: price === null ? null : { amount, currency: price.currency },
      }
    }),
  }
}

/** What becomes of the ciphertext. */
export const ciphertextLines = ({ ciphertext }: RetirementPlan, locale: Locale): string[] =>
  ciphertext.map(({ store, objects, bytes, objectVersions, objectVersionBytes, fate, monthlyCost: cost }) =>
    [
      `${fate === 'stays' ? 'Ciphertext stays in' : 'Ciphertext is deleted from'} ${safeText(store)}: ${formatCounted(objects, 'object', locale)}`,
      formatBytes(bytes, locale),
      ...(objectVersions === null ? ['older object versions could not be counted'] : []),
      ...(objectVersions !== null && objectVersions > 0
        ? [
            `${formatCounted(objectVersions, 'older object version', locale)}, ${formatBytes(objectVersionBytes, locale)}`,
          ]
        : []),
      ...(cost === null ? [] : [`${formatMoney(cost.amount, cost.currency, locale)} a month`]),
    ].join(' · '),
  )

/** Why it would not begin; null where it would. */
export function refusalOf({ artifacts, shared }: RetirementImpact): Failure | null {
  const [first] = artifacts
  const reader = artifacts.find(({ ownership }) => ownership === 'reader')
  if (reader !== undefined) return { code: 'artifact/not-owner', name: reader.name }
  const lost = shared.find(({ staysOpen }) => !staysOpen)
  return lost === undefined || first === undefined
    ? null
    : { code: 'retirement/key-shared', name: first.name, keyId: lost.keyId, otherName: lost.name }
}
