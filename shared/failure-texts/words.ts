/** What texts of failures are made of. */
import type { Failure, FailureCode } from '../failure.ts'
import { safeText } from '../safe-text.ts'

export type FailureText = { title: string; message: string; safe: string; remedy: string }

/** A text for every code of these families: a missing one does not compile. */
export type Texts<Family extends string> = {
  [C in Extract<FailureCode, `${Family}/${string}`>]: (failure: Extract<Failure, { code: C }>) => FailureText
}

export const text = (title: string, message: string, safe: string, remedy: string): FailureText => ({
  title,
  message,
  safe,
  remedy,
})

export const nothingChanged = 'Nothing was changed, here or in the store.'
export const nothingWritten = 'Nothing was written. The stored ciphertext and its key are unchanged.'
export const originalSafe = 'The original is untouched. Nothing half-written is left in the store.'
/** True of reading and of writing alike. */
export const noFileChanged = 'No file was changed, and nothing half-written is left, here or in a store.'
export const keysSafe = 'No key was deleted or overwritten, and nothing is lost.'
export const named = (name: string): string => `“${safeText(name)}”`
