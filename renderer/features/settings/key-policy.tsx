import { useId, useState } from 'react'
import type { ZodNumber } from 'zod'
import { Settings } from '../../../shared/settings.ts'
import { CheckOption, OptionFrame, OptionGroup } from '../../components/options.tsx'
import { SettingsFrame } from '../../components/settings-frame/settings-frame.tsx'
import { useFormat } from '../../lib/use-format.ts'
import { useStatus } from '../../lib/use-status.ts'
import { useSaveSetting } from './use-save-setting.ts'
import classes from './settings.module.css'

/** How long a key may stay active, what is done when that ends, what kind of key is made, and how long a retirement waits. */
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
        Each artifact has a key of its own. The policy says when rotation is due, and how long what is retired
        can still be kept.
      </p>
      <DaysField
        label="Crypto-period"
        range={Settings.shape.cryptoPeriodDays}
        help="How long a key may stay active before its rotation is due. Applies to every key, those already made included. A key past it still opens what it opened."
        days={settings.cryptoPeriodDays}
        onChange={(cryptoPeriodDays) => save({ cryptoPeriodDays })}
      />
      <div className={classes.field}>
        <OptionFrame label="When rotation is due">
          <CheckOption
            label="Rotate by itself while Weightlock runs"
            help="Due keys are rewrapped: a new key, the same payload. What a compromise touched is left to you."
            checked={settings.automaticRotation}
            onChange={(automaticRotation) => save({ automaticRotation })}
          />
        </OptionFrame>
        <p className={classes.help}>
          While it does not run, a scheduler of the system can:{' '}
          <code>weightlock keys rotate --due --reason policy</code>
        </p>
      </div>
      <DaysField
        label="Waiting period before destruction"
        range={Settings.shape.waitingPeriodDays}
        help="What a scheduled retirement proposes. Until its date it can be cancelled; nothing is destroyed without being asked again if Weightlock was closed on that day."
        days={settings.waitingPeriodDays}
        onChange={(waitingPeriodDays) => save({ waitingPeriodDays })}
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

type DaysFieldProps = {
  label: string
  help: string
  range: ZodNumber
  days: number
  onChange: (days: number) => void
}

/** A number of days, saved once it is whole and within its range. */
function DaysField({ label, help, range, days, onChange }: DaysFieldProps) {
  const format = useFormat()
  const id = useId()
  const [typed, setTyped] = useState(String(days))
  const parsed = range.safeParse(typed.trim() === '' ? Number.NaN : Number(typed))
  const commit = (): void => {
    if (parsed.success && parsed.data !== days) onChange(parsed.data)
  }
  return (
    <div className={classes.field}>
      <label htmlFor={id} className={classes.label}>
        {label}
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
          A whole number from {format.count(range.minValue ?? 0)} to {format.count(range.maxValue ?? 0)}.
        </p>
      )}
      <p id={`${id}-help`} className={classes.help}>
        {help}
      </p>
    </div>
  )
}
