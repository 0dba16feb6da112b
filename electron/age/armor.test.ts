import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { failureOf } from '../../shared/failure.ts'
import { openArmor } from './armor.ts'
import { armorText } from './testing/write-age-file.ts'
import { bytesReader } from './range-reader.ts'

for (const lineEnd of ['\n', '\r\n'])
  it(`any range of an armored file is its range, with line end ${JSON.stringify(lineEnd)}`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 500 }),
        fc.nat({ max: 500 }),
        fc.nat({ max: 500 }),
        async (size, offset, length) => {
          const bytes = randomBytes(size)
          const text = ` \n${armorText(bytes).replaceAll('\n', lineEnd)}\n\n`
          const binary = await openArmor(bytesReader(Buffer.from(text)))
          expect(binary.sizeBytes).toBe(size)
          const part = await binary.read(offset, length)
          expect(Buffer.compare(part, bytes.subarray(offset, offset + length))).toBe(0)
        },
      ),
    )
  })

it('a line that is damaged in the middle is refused when it is read', async () => {
  const text = Buffer.from(armorText(randomBytes(48 * 100)))
  text[35 + 65 * 50 + 10] = '*'.charCodeAt(0)
  const binary = await openArmor(bytesReader(text))
  expect((await binary.read(0, 48 * 50)).length).toBe(48 * 50)
  const failure = await binary.read(48 * 50, 1).then(() => null, failureOf)
  expect(failure).toEqual({ code: 'age/armor-malformed' })
})
