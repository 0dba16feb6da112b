import { useState } from 'react'
import type { ReactNode } from 'react'
import { safeText } from '../../../shared/safe-text.ts'
import { Button } from '../../components/button.tsx'
import type { Item } from './encrypt-choices.ts'
import classes from './sheet-item.module.css'

/** How many links there are, which lead outside the folder, and which lead nowhere. */
export function ItemLinks({ item: { proposal } }: { item: Item }) {
  const { count, outside, leftOut } = proposal.links
  if (count === 0 && leftOut.length === 0) return null
  return (
    <>
      {count > 0 ? (
        <Listing names={outside}>
          {count} {count === 1 ? 'is a link; its contents are' : 'are links; their contents are'} stored.
          {outside.length > 0
            ? ` ${outside.length} ${outside.length === 1 ? 'leads' : 'lead'} outside the folder.`
            : null}
        </Listing>
      ) : null}
      {leftOut.length > 0 ? (
        <Listing names={leftOut}>
          {leftOut.length} {leftOut.length === 1 ? 'leads' : 'lead'} nowhere or in a circle, and{' '}
          {leftOut.length === 1 ? 'is' : 'are'} left out.
        </Listing>
      ) : null}
    </>
  )
}

function Listing({ names, children }: { names: string[]; children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <div className={classes.links}>
      {children}{' '}
      {names.length > 0 ? (
        <Button kind="link" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen ? 'Hide' : 'Show'}
        </Button>
      ) : null}
      {isOpen ? (
        <ul className={classes.listing}>
          {names.map((name) => (
            <li key={name}>
              <code>{safeText(name)}</code>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  )
}
