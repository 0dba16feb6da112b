import { PasswordInput } from '@mantine/core'
import { leastBits, passphraseStrength } from '../../../shared/passphrase-strength.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './recovery-kit.module.css'

const verdicts = { 'too-weak': 'Too weak for a kit', fair: 'Fair', strong: 'Strong' } as const

/** Years as one says them: nobody needs to know the eleventh digit. */
function yearsWords(years: number, count: (n: number) => string): string {
  if (years < 1 / 12) return 'less than a month'
  if (years < 1) return 'less than a year'
  if (years < 2) return 'about a year'
  if (years < 10_000) return `about ${count(Number(years.toPrecision(1)))} years`
  return 'more than 10,000 years'
}

type NewPassphraseProps = {
  first: string
  second: string
  onFirst: (typed: string) => void
  onSecond: (typed: string) => void
}

/** A passphrase typed twice, with an honest count of what it is worth. */
export function NewPassphrase({ first, second, onFirst, onSecond }: NewPassphraseProps) {
  const format = useFormat()
  const strength = passphraseStrength(first)
  const differs = second !== '' && !first.startsWith(second)
  return (
    <div className={classes.passphrase}>
      <PasswordInput
        label="Passphrase"
        value={first}
        onChange={(event) => onFirst(event.currentTarget.value)}
        autoComplete="off"
      />
      <div className={classes.strength} aria-live="polite">
        <div className={classes.meter} data-verdict={strength.verdict}>
          <div style={{ width: `${Math.min(100, (100 * strength.bits) / 80)}%` }} />
        </div>
        <p>
          {first === ''
            ? `Several words that do not belong together. At least ${leastBits} bits.`
            : `${verdicts[strength.verdict]}: about ${strength.bits} bits, counted as ${
                strength.words > 1 ? `${strength.words} words` : `${strength.characters} characters`
              }. With 10,000 guesses a second it takes ${yearsWords(strength.years, format.count)}.`}
        </p>
      </div>
      <PasswordInput
        label="The same again"
        value={second}
        onChange={(event) => onSecond(event.currentTarget.value)}
        autoComplete="off"
        error={differs ? 'Differs from the first' : undefined}
      />
    </div>
  )
}
