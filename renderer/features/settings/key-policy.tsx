import { useId, useState } from 'react'
import { Settings } from '../../../shared/settings.ts'
import { OptionGroup } from '../../components/options.tsx'
import { SettingsFrame } from '../../components/settings-frame/settings-frame.tsx'
import { useStatus } from '../../lib/use-status.ts'
import { useSaveSetting } from './use-save-setting.ts'
import classes from './settings.module.css'

const Days = Settings.shape.cryptoPeriodDays

/** How long a key may stay active, and what kind of key is made unless one says otherwise. */
export function KeyPolicy() {
  const { settings } = useStatus()
  const { save, isSaved } = useSaveSetting()
  return (
    <SettingsFrame
      section="key-policy"
      actions={isSaved ? <span className={classes.saved}>Saved</span> : undefined}
    >
      <h2>Key policy</h2>
      <p className={classes.lead}>
        Each artifact has a key of its own. The policy says when rotation is due; it rotates and destroys no
        key by itself.
      </p>
      <CryptoPeriod
        days={settings.cryptoPeriodDays}
        onChange={(cryptoPeriodDays) => save({ cryptoPeriodDays })}
      />
      <OptionGroup
        label="Algorithm of new keys"
        value={settings.defaultAlgorithm}
        onChange={(defaultAlgorithm) => save({ defaultAlgorithm })}
        options={[
          {
            value: 'X25519',
            label: 'X25519',
            help: 'Opens with age, rage, pyrage and typage.',
          },
          {
            value: 'mlkem768x25519',
            label: 'Post-quantum hybrid',
            help: 'ML-KEM-768 with X25519. Opens only with age 1.3 or later and typage.',
          },
        ]}
      />
    </SettingsFrame>
  )
}

type CryptoPeriodProps = { days: number; onChange: (days: number) => void }

function CryptoPeriod({ days, onChange }: CryptoPeriodProps) {
  const id = useId()
  const [typed, setTyped] = useState(String(days))
  const parsed = Days.safeParse(typed.trim() === '' ? Number.NaN : Number(typed))
  const commit = (): void => {
    if (parsed.success && parsed.data !== days) onChange(parsed.data)
  }
  return (
    <div className={classes.field}>
      <label htmlFor={id} className={classes.label}>
        Crypto-period
      </label>
      <div className={classes.number}>
        <input
          id={id}
          inputMode="numeric"
          value={typed}
          aria-invalid={!parsed.success}
          aria-describedby={`${id}-help`}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit()
          }}
        />
        <span>days</span>
      </div>
      {parsed.success ? null : (
        <p className={classes.error} role="alert">
          A whole number from 1 to 3,650.
        </p>
      )}
      <p id={`${id}-help`} className={classes.help}>
        How long a key may stay active before its rotation is due. Applies to every key, those already made
        included. A key past it still opens what it opened.
      </p>
    </div>
  )
}
