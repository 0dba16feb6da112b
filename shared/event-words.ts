/** A key's events as one line of its history. */
import { auditEventTitle } from './audit-events.ts'
import type { KeyEvent } from './domain/key.ts'

const wordAt = (text: string, place: 0 | -1): string => text.split(' ').at(place)?.toLowerCase() ?? ''

/** What an event was, and why, without saying a word twice: `Key made for fraud.pkl`, `Version 2 encrypted, fraud.v2.pkl`. */
export function eventWords({ event, reason }: Pick<KeyEvent, 'event' | 'reason'>): string {
  const title = auditEventTitle(event)
  if (reason === '') return title
  const [first = '', ...rest] = reason.split(' ')
  if (wordAt(title, -1) === first.toLowerCase()) return [title, ...rest].join(' ')
  const numbered = /^(Version \d+)(, .*)?$/.exec(reason)
  if (numbered !== null && wordAt(title, 0) === 'version')
    return `${numbered[1]}${title.slice('version'.length)}${numbered[2] ?? ''}`
  return `${title}: ${reason}`
}
