/** What a store costs, in its user's own words: nothing is looked up, and nothing is assumed. */

/** Of 10⁹ bytes for a month. */
export type Price = { amount: number; currency: string }

const pattern = /^(\d{1,6}(?:[.,]\d{1,6})?) ?([A-Za-z]{3})$/

/** @param text `0.023 USD`: an amount, and a currency of ISO 4217
 * @returns null where it is none */
export function parsePrice(text: string): Price | null {
  const [, amount, code] = pattern.exec(text.trim()) ?? []
  if (amount === undefined || code === undefined) return null
  const currency = code.toUpperCase()
  if (!Intl.supportedValuesOf('currency').includes(currency)) return null
  return { amount: Number(amount.replace(',', '.')), currency }
}

/** What bytes cost in a month. */
export const monthlyCost = (sizeBytes: number, { amount }: Price): number => (sizeBytes / 1e9) * amount

/** One amount for several, or null: where one of those that count has no price, or another currency. */
export function costTogether(
  kept: readonly { sizeBytes: number; price: Price | null }[],
): { amount: number; currency: string } | null {
  const counting = kept.filter(({ sizeBytes }) => sizeBytes > 0)
  const currency = counting[0]?.price?.currency
  let amount = 0
  for (const { sizeBytes, price } of counting) {
    if (price === null || price.currency !== currency) return null
    amount += monthlyCost(sizeBytes, price)
  }
  return currency === undefined ? null : { amount, currency }
}
