/** What a command came to, printed: one result object for scripts, lines for people. */
import { failureText } from '../../shared/failure-text.ts'
import type { Failure } from '../../shared/failure.ts'
import { safeText } from '../../shared/safe-text.ts'
import type { Outcome } from './command.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'

/** A `Result` of the contract; a batch that failed in part carries its value too. */
export function resultObject(outcome: Outcome): object {
  if (!outcome.failure) return { ok: true, value: outcome.value }
  return { ok: false, failure: outcome.failure, ...(outcome.value === null ? {} : { value: outcome.value }) }
}

export const failedOutcome = (failure: Failure): Outcome => ({ value: null, lines: [], failure })

export const exitCodeFor = ({ failure, exitCode }: Outcome): number =>
  failure ? exitCodeOf(failure) : (exitCode ?? exitCodes.ok)

/** Title, then the three parts: what happened, what is safe, what to do.
 * @param path what it happened to, where there are several */
export function failureLines(failure: Failure, path: string | null): string[] {
  const { title, message, safe, remedy } = failureText(failure)
  const parts = [
    ['What happened', message],
    ['What is safe ', safe],
    ['What to do   ', remedy],
  ] as const
  const head = path === null ? title : `${path}: ${title}`
  return [
    `weightlock: ${safeText(head)}`,
    ...parts.filter(([, text]) => text !== '').map(([label, text]) => `  ${label}  ${safeText(text)}`),
  ]
}

/** Lines for standard error. Something wrong with what was typed is one line and the usage. */
export function troubleLines({ failure, failures }: Outcome, usage: string | null): string[] {
  if (!failure) return []
  if (failure.code === 'usage/invalid')
    return [
      `weightlock: ${safeText(failure.detail)}`,
      usage === null ? 'weightlock --help lists the commands' : `usage: ${usage}`,
    ]
  if (failures && failures.length > 0)
    return failures.flatMap((each) => failureLines(each.failure, each.path))
  return failureLines(failure, null)
}
