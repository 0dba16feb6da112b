import { useState } from 'react'
import { revokeAdvice } from '../../../shared/compromise-words.ts'
import type { Incident } from '../../../shared/domain/compromise.ts'
import { keyPlaces } from '../../../shared/key-places.ts'
import { CheckOption, OptionFrame } from '../../components/options.tsx'
import { showFailure } from '../../components/notice.tsx'
import { failureFrom, useAction } from '../../lib/use-call.ts'
import { useFormat } from '../../lib/use-format.ts'
import classes from './compromise.module.css'

const nameOf = ({ place, where }: Incident['copies'][number]): string => `${place} ${where}`

/** Copies that Weightlock cannot reach: whoever reported the leak revokes them, and says so. */
export function ContainStep({ incident: { incident, copies } }: { incident: Incident }) {
  const format = useFormat()
  // Shown at once; main's answer follows.
  const [said, setSaid] = useState<ReadonlyMap<string, boolean>>(new Map())
  const settle = useAction('incidents:settle', {
    onDone: ({ failures: [first] }) => {
      if (first) showFailure(first.failure)
    },
  })
  const tick = (copy: Incident['copies'][number], revoked: boolean): void => {
    setSaid(new Map(said).set(nameOf(copy), revoked))
    const decision = { kind: 'copy-revoked' as const, place: copy.place, where: copy.where, revoked }
    settle.mutate(
      { incidentId: incident.incidentId, decisions: [decision] },
      {
        onError: (error) => {
          setSaid(new Map())
          showFailure(failureFrom(error))
        },
      },
    )
  }
  if (copies.length === 0)
    return (
      <p className={classes.note}>
        No copy of these keys outside the keychain is known here. Backups of the system or of the keychain
        were not looked for.
      </p>
    )
  return (
    <div className={classes.section}>
      <OptionFrame
        label={`${format.counted(copies.length, 'copy')} cannot be reached from here: tick each that you revoked`}
      >
        {copies.map((copy) => (
          <CheckOption
            key={nameOf(copy)}
            label={copy.where}
            help={`${keyPlaces[copy.place].name}, ${format.counted(copy.keys, 'key')}. ${
              copy.revokedAt === null
                ? `${revokeAdvice[copy.place]}.`
                : `Said to be revoked ${format.dateTime(copy.revokedAt)}; not checked.`
            }`}
            checked={said.get(nameOf(copy)) ?? copy.revokedAt !== null}
            onChange={(revoked) => tick(copy, revoked)}
          />
        ))}
      </OptionFrame>
    </div>
  )
}
