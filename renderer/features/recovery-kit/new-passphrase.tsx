import { PasswordInput } from '@mantine/core'
import { leastBits, passphraseStrength } from '../../../shared/passphrase-strength.ts'
import { strengthWords } from '../../../shared/passphrase-words.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './recovery-kit.module.css'

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
            : strengthWords(strength, format.locale)}
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
