/** What a person reads for each failure: a title, what happened, what is safe, what to do next. */
import type { Failure, FailureCode } from './failure.ts'
import { ageTexts } from './failure-texts/age.ts'
import { filesTexts } from './failure-texts/files.ts'
import { incidentTexts, keysTexts } from './failure-texts/keys.ts'
import { kitsTexts } from './failure-texts/kits.ts'
import { programTexts } from './failure-texts/program.ts'
import { rotationTexts } from './failure-texts/rotation.ts'
import { retirementTexts } from './failure-texts/retirement.ts'
import { storesTexts } from './failure-texts/stores.ts'
import type { FailureText } from './failure-texts/words.ts'

export type { FailureText } from './failure-texts/words.ts'

const table = {
  ...ageTexts,
  ...keysTexts,
  ...incidentTexts,
  ...rotationTexts,
  ...kitsTexts,
  ...retirementTexts,
  ...filesTexts,
  ...storesTexts,
  ...programTexts,
} satisfies Record<FailureCode, unknown>

/** The texts of a failure. Every fact in them that came from outside is shown escaped.
 * @see product.md, "Every failure has three parts" */
export const failureText = (failure: Failure): FailureText =>
  // The table is complete by its type; the entry of a code takes exactly that code's facts.
  (table[failure.code] as (failure: Failure) => FailureText)(failure)
