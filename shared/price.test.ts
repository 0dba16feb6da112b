import { expect, it } from 'vitest'
import { formatMoney } from './format.ts'
import { costTogether, monthlyCost, parsePrice } from './price.ts'

it.each([
  ['0.023 USD', { amount: 0.023, currency: 'USD' }],
  ['0,021eur', { amount: 0.021, currency: 'EUR' }],
  ['5 JPY', { amount: 5, currency: 'JPY' }],
])('reads %s', (text, price) => {
  expect(parsePrice(text)).toEqual(price)
})

it.each(['', '0.023', 'USD', '-1 USD', '1e9 USD', '0.023 XYZ', '1 USD a month', '1.2.3 USD'])(
  'takes %j for no price',
  (text) => {
    expect(parsePrice(text)).toBeNull()
  },
)

const usd = { amount: 0.023, currency: 'USD' }
it('adds up what has one currency, and nothing that is not known', () => {
  expect(monthlyCost(100e9, usd)).toBeCloseTo(2.3)
  const one = { sizeBytes: 100e9, price: usd }
  expect(costTogether([one, one, { sizeBytes: 0, price: null }])?.amount).toBeCloseTo(4.6)
  expect(costTogether([one, { sizeBytes: 1, price: null }])).toBeNull()
  expect(costTogether([one, { sizeBytes: 1, price: { amount: 1, currency: 'EUR' } }])).toBeNull()
  expect(costTogether([])).toBeNull()
})

it('writes money as the locale does, and never nothing for something', () => {
  expect(formatMoney(4.501, 'USD', 'en-GB')).toBe('US$4.50')
  expect(formatMoney(1234.5, 'EUR', 'de-DE')).toMatch(/^1\.234,50\s€$/)
  expect(formatMoney(0.0004, 'USD', 'en-US')).toBe('less than $0.01')
  expect(formatMoney(0.2, 'JPY', 'en-US')).toBe('less than ¥1')
})
