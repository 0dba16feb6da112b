/** The program’s own data, jobs and calls. */
import { formatCount } from '../format.ts'
import { safeText } from '../safe-text.ts'
import { nothingChanged, text, type Texts } from './words.ts'

export const programTexts = {
  'catalog/damaged': (f) =>
    text(
      'The catalog is damaged',
      `Its database cannot be read: ${safeText(f.detail)}.`,
      'The ciphertext and the keys in the keychain are unchanged. The damaged file is left as it is.',
      'Restore it from a backup, or rebuild it, in Settings under Diagnostics or with `weightlock rebuild`: the damaged file is moved aside, and what opens is restored.',
    ),
  'catalog/newer': (f) =>
    text(
      'The catalog is from a newer Weightlock',
      `It has format ${f.found}; this program knows ${f.supported}.`,
      nothingChanged,
      'Use the newer program.',
    ),
  'audit/broken': (f) =>
    text(
      'The audit chain is broken',
      `At entry ${formatCount(f.sequence)}: ${safeText(f.reason)}.`,
      'The entries are left as they are.',
      'Export them, and compare with an earlier export.',
    ),
  'owner/locked': () =>
    text(
      'Another Weightlock is using this data folder',
      'It did not answer within 5 seconds.',
      nothingChanged,
      'Close it, or wait until it has ended, then try again.',
    ),
  'owner/copied-folder': () =>
    text(
      'This data folder comes from another machine',
      'Only one installation may own these artifacts.',
      nothingChanged,
      'Say whether it was moved or copied: in the window, or with `weightlock doctor --data-folder moved|copied`.',
    ),
  'job/not-found': (f) =>
    text(
      'No such job',
      `No job here has the id ${safeText(f.jobId)}.`,
      nothingChanged,
      'List the jobs and copy the id from there.',
    ),
  'job/not-resumable': (f) =>
    text('The job cannot go on', `It is ${f.state}.`, nothingChanged, 'Start it again.'),
  'job/suspended': () =>
    text(
      'The machine went to sleep',
      'Jobs that talk to a store in a network are paused before the connection is lost.',
      'What was sent or has arrived stays, and no key was touched.',
      'Resume the job: only what is missing is transferred.',
    ),
  'job/stopped': () =>
    text(
      'Stopped',
      'What was running was paused; what cannot go on later was cancelled.',
      'Nothing is lost, and no original was touched.',
      'Go on with `weightlock jobs resume`, or start it again.',
    ),

  'call/unknown-channel': (f) =>
    text(
      'Unknown call',
      `There is no call ${safeText(f.channel)}.`,
      nothingChanged,
      'Update both sides to the same version.',
    ),
  'call/invalid-request': (f) =>
    text(
      'The request does not fit',
      `${safeText(f.channel)}: ${safeText(f.detail)}.`,
      nothingChanged,
      'Correct what was given, and try again.',
    ),
  'call/forbidden-sender': () =>
    text(
      'The call was refused',
      'It did not come from Weightlock’s own window.',
      nothingChanged,
      'Use the window itself.',
    ),
  'call/wrong-audience': (f) =>
    text(
      'The call was refused',
      `${safeText(f.channel)} is not offered here.`,
      nothingChanged,
      'Use the window or the command line, whichever has it.',
    ),
  'host/unsupported': (f) =>
    text(
      'This system cannot do that',
      `${safeText(f.action)} is not available here.`,
      nothingChanged,
      'Do it by hand.',
    ),
  'usage/invalid': (f) =>
    text('The command does not fit', `${safeText(f.detail)}.`, nothingChanged, 'See `weightlock --help`.'),
  'internal/bug': (f) =>
    text(
      'Weightlock made a mistake',
      `This should not have happened. Its reference in the log is ${safeText(f.reference)}.`,
      'No key is deleted on an error like this, and the stored ciphertext is unchanged.',
      'Try again; if it happens again, report it with the reference.',
    ),
} satisfies Texts<'catalog' | 'audit' | 'owner' | 'job' | 'call' | 'host' | 'usage' | 'internal'>
