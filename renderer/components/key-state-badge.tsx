import type { ReactNode } from 'react'
import type { InventoryState, KeyRow } from '../../shared/domain/key.ts'
import { useFormat } from '../lib/use-format.ts'
import { useNow } from '../lib/use-now.ts'
import classes from './key-state-badge.module.css'

/** A key's state, or what matters more: the date that hangs over a suspended one, or that it is gone. */
export type ShownKeyState = InventoryState | 'missing'

/** What a badge says of a key. */
export function shownKeyState(key: Pick<KeyRow, 'state' | 'destroyAt' | 'isMissing'>): ShownKeyState {
  if (key.state === 'destroyed') return 'destroyed'
  if (key.isMissing) return 'missing'
  return key.destroyAt !== null && key.state !== 'compromised' ? 'scheduled' : key.state
}

const dayMs = 24 * 60 * 60 * 1000
/** Further away than this, a due date is no news. */
const showDueDays = 30

const ring = <circle cx="6" cy="6" r="4.3" fill="none" stroke="currentColor" strokeWidth="1.4" />
const shapes: Record<ShownKeyState, ReactNode> = {
  'pre-activation': ring,
  active: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  suspended: (
    <>
      <rect x="2" y="1.5" width="2.8" height="9" fill="currentColor" />
      <rect x="7.2" y="1.5" width="2.8" height="9" fill="currentColor" />
    </>
  ),
  deactivated: (
    <>
      {ring}
      <path d="M6 1.7a4.3 4.3 0 0 1 0 8.6z" fill="currentColor" />
    </>
  ),
  compromised: <path d="M6 .8 11.6 11H.4z" fill="currentColor" />,
  destroyed: (
    <>
      {ring}
      <path d="M3 9 9 3" stroke="currentColor" strokeWidth="1.4" />
    </>
  ),
  missing: (
    <>
      <circle
        cx="6"
        cy="6"
        r="4.3"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeDasharray="2.2 1.6"
      />
      <path d="M6 3.6v3" stroke="currentColor" strokeWidth="1.4" />
      <circle cx="6" cy="8.2" r=".8" fill="currentColor" />
    </>
  ),
  scheduled: (
    <>
      <circle cx="6" cy="6" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="M6 3.2v3l2 1.2" stroke="currentColor" strokeWidth="1.4" fill="none" />
    </>
  ),
}

type Tone = 'ok' | 'warn' | 'danger' | 'violet' | 'neutral'
const tones: Record<ShownKeyState, Tone> = {
  'pre-activation': 'neutral',
  active: 'ok',
  suspended: 'warn',
  deactivated: 'neutral',
  compromised: 'danger',
  destroyed: 'neutral',
  scheduled: 'violet',
  missing: 'danger',
}

/** The state's word, as everywhere in the interface. */
export const keyStateWord: Record<ShownKeyState, string> = {
  'pre-activation': 'Pre-activation',
  active: 'Active',
  suspended: 'Suspended',
  deactivated: 'Deactivated',
  compromised: 'Compromised',
  destroyed: 'Destroyed',
  scheduled: 'Scheduled',
  missing: 'Missing',
}

/** The 12 px shape alone, in its colour; for lanes and histories, beside its word. */
export function KeyStateShape({ state }: { state: ShownKeyState }) {
  return (
    <svg
      className={classes.shape}
      data-tone={tones[state]}
      width="12"
      height="12"
      viewBox="0 0 12 12"
      aria-hidden
    >
      {shapes[state]}
    </svg>
  )
}

type BadgeProps = {
  state: ShownKeyState
  /** End of the crypto-period (epoch ms), for an active key. */
  rotationDueAt?: number | null
  /** Date of a scheduled destruction (epoch ms). */
  destroysAt?: number | null
  /** Copies of a destroyed key that are out of reach. */
  copiesElsewhere?: number
  /** The time that everything else on the screen goes by; the window's own clock unless given. */
  nowMillis?: number
}

/** A key's state: a shape and a word, never colour alone. */
export function KeyStateBadge({
  state,
  rotationDueAt = null,
  destroysAt = null,
  copiesElsewhere = 0,
  nowMillis: given,
}: BadgeProps) {
  const format = useFormat()
  const clock = useNow()
  const nowMillis = given ?? clock
  const dueDays =
    state === 'active' && rotationDueAt !== null ? Math.ceil((rotationDueAt - nowMillis) / dayMs) : null
  const isDue = dueDays !== null && dueDays <= 0
  const due =
    dueDays === null || dueDays > showDueDays
      ? ''
      : dueDays > 0
        ? ` · due in ${dueDays} d`
        : dueDays === 0
          ? ' · due today'
          : ` · ${-dueDays} d overdue`
  const word =
    state === 'destroyed' && copiesElsewhere > 0
      ? 'Destroyed here'
      : state === 'scheduled' && destroysAt !== null
        ? `Destroys ${format.day(destroysAt, nowMillis)}`
        : keyStateWord[state]
  return (
    <span className={classes.badge} data-tone={isDue ? 'warn' : tones[state]}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden>
        {shapes[state]}
      </svg>
      {word}
      {due}
    </span>
  )
}
