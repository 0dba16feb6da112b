import { useState } from 'react'
import type { CompromisePlan, ExposedArtifact } from '../../../shared/domain/compromise.ts'
import { howExposed } from '../../../shared/compromise-words.ts'
import { Button } from '../../components/button.tsx'
import { MiddleEllipsis } from '../../components/middle-ellipsis.tsx'
import { useFormat } from '../../lib/use-format.ts'
import classes from './compromise.module.css'

const shownAtFirst = 5

/** Artifacts with a payload that a leaked key ever wrapped, the largest first. */
export function ExposedTable({ artifacts }: { artifacts: readonly ExposedArtifact[] }) {
  const format = useFormat()
  const [all, setAll] = useState(false)
  if (artifacts.length === 0) return null
  const shown = all || artifacts.length <= shownAtFirst + 1 ? artifacts : artifacts.slice(0, shownAtFirst)
  const rest = artifacts.slice(shown.length)
  const sum = (of: 'payloads' | 'ciphertextBytes'): number =>
    rest.reduce((total, each) => total + each[of], 0)
  return (
    <table className={classes.table}>
      <colgroup>
        <col />
        <col style={{ width: 188 }} />
        <col style={{ width: 76 }} />
        <col style={{ width: 76 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">Exposed artifact</th>
          <th scope="col">How</th>
          <th scope="col" className={classes.end}>
            Payloads
          </th>
          <th scope="col" className={classes.end}>
            Size
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map((each) => (
          <tr key={each.artifactId}>
            <td>
              <span>
                <MiddleEllipsis text={each.name} />
              </span>
            </td>
            <td className={classes.second} title={howExposed(each)}>
              {howExposed(each)}
            </td>
            <td className={classes.end}>{format.count(each.payloads)}</td>
            <td className={classes.end} title={format.exactBytes(each.ciphertextBytes)}>
              {format.bytes(each.ciphertextBytes)}
            </td>
          </tr>
        ))}
        {rest.length === 0 ? null : (
          <tr>
            <td colSpan={2}>
              <Button kind="link" onClick={() => setAll(true)}>
                {format.count(rest.length)} more
              </Button>
            </td>
            <td className={`${classes.end} ${classes.second}`}>{format.count(sum('payloads'))}</td>
            <td className={`${classes.end} ${classes.second}`}>{format.bytes(sum('ciphertextBytes'))}</td>
          </tr>
        )}
      </tbody>
    </table>
  )
}

/** Each thing that follows, in the order in which it does. */
export function WhatWillHappen({ plan }: { plan: CompromisePlan }) {
  const format = useFormat()
  const live = plan.keys.filter(({ state }) => state !== 'destroyed').length
  const turn = live === 1 ? 'turns' : 'turn'
  const all: [name: string, what: string, when: string][] = [
    [
      'At once',
      `${format.counted(live, 'key')} ${turn} compromised and ${live === 1 ? 'encrypts' : 'encrypt'} no more.`,
      'now',
    ],
    ...(plan.copies.length > 0
      ? [
          [
            'Copies',
            `${format.counted(plan.copies.length, 'copy')} elsewhere: you revoke them.`,
            'waits for you',
          ] as [string, string, string],
        ]
      : []),
    ['New keys', `${format.counted(plan.artifacts.length, 'key')}: stored and read back.`, ''],
    [
      'Re-encrypt',
      `${format.counted(plan.payloads, 'payload')} under new file keys. The only remedy.`,
      'waits for you',
    ],
    ['Verify', 'Opens with the new key, not with the old one.', ''],
    ['Old versions', 'What stores kept and leaked keys open: you decide.', 'waits for you'],
    ['Destroy', 'The leaked keys, once nothing needs them.', 'after that'],
  ]
  const steps =
    plan.payloads === 0 ? all.filter(([name]) => !['New keys', 'Re-encrypt', 'Verify'].includes(name)) : all
  return (
    <section className={classes.section}>
      <h2>What will happen, in order</h2>
      <ol className={classes.order}>
        {steps.map(([name, what, when], n) => (
          <li key={name}>
            <span>{n + 1}</span>
            <b>{name}</b>
            <span>{what}</span>
            <span>{when}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
