/** The keychain and the keys in it. */
import { formatCounted } from '../format.ts'
import { safeText } from '../safe-text.ts'
import { type Texts, keysSafe, named, nothingChanged, text } from './words.ts'

/** Jobs that are named one by one; the rest are counted. */
const jobsShown = 3
const jobsNamed = (jobs: readonly { kind: string; title: string; state: string }[]): string => {
  const shown = jobs.slice(0, jobsShown).map(({ kind, title, state }) => `${kind} ${named(title)} (${state})`)
  const rest = jobs.length - shown.length
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}

export const keysTexts = {
  'keychain/unavailable': (f) =>
    text(
      'The keychain does not answer',
      `The system’s keychain cannot be reached${f.detail ? `: ${safeText(f.detail)}` : ''}.`,
      keysSafe,
      'Start the keychain (on Linux, a Secret Service such as GNOME Keyring) and try again. `weightlock doctor` says more.',
    ),
  'keychain/locked': () =>
    text(
      'The keychain is locked',
      'Its items cannot be read now.',
      keysSafe,
      'Unlock the keychain and try again.',
    ),
  'keychain/denied': () =>
    text(
      'The keychain refused',
      'The system did not allow Weightlock to use the keychain.',
      keysSafe,
      'Allow access when the system asks, or in the keychain’s settings, and try again.',
    ),
  'keychain/no-canary': () =>
    text(
      'This is another keychain',
      'The keychain works, but the mark that Weightlock left in it is gone: its keys are not here.',
      keysSafe,
      'Log in to the account or restore the keychain that held the keys. If this keychain is meant, accept it under Settings, Diagnostics, or run `weightlock doctor --accept-keychain`.',
    ),
  'keychain/read-back-mismatch': () =>
    text(
      'The keychain did not keep the key',
      'What was read back is not what was written.',
      'No ciphertext depends on that key. Nothing is lost.',
      'Check the keychain with its test under Settings, then try again.',
    ),
  'keychain/delete-not-confirmed': () =>
    text(
      'The key may still be there',
      'The keychain did not confirm that the item is gone.',
      'The key is not called destroyed. It is marked as being destroyed, and nothing else was touched.',
      'Unlock the keychain and try again: the destruction goes on.',
    ),
  'key/not-found': (f) =>
    text(
      'No such key',
      `No key here has the id ${safeText(f.keyId)}.`,
      nothingChanged,
      'List the keys and copy the id from there.',
    ),
  'key/missing-from-keychain': (f) =>
    text(
      'The key is not in the keychain',
      `The keychain answers, and the item of key ${safeText(f.keyId)} is empty.`,
      'The ciphertext is unchanged.',
      'Import the identity from an export or a backup of the keychain.',
    ),
  'key/damaged-in-keychain': (f) =>
    text(
      'The key in the keychain is damaged',
      `The item of key ${safeText(f.keyId)} does not hold its identity.`,
      'The item was left as it is, and the ciphertext is unchanged.',
      'Import an export of the identity, which mends the item, or restore it from a backup of the keychain.',
    ),
  'key/illegal-transition': (f) =>
    text(
      'The key cannot change like that',
      `A key that is ${f.from} cannot become ${f.to}.`,
      nothingChanged,
      'See the key’s page for what it may become.',
    ),
  'key/not-active': (f) =>
    text(
      'The key is not active',
      `It is ${f.state}, and only an active key encrypts.`,
      nothingChanged,
      'Encrypt as a separate artifact, or as a new version with a new key.',
    ),
  'key/destroyed': () =>
    text(
      'The key was destroyed',
      'No identity is left here that opens this.',
      'The ciphertext is unchanged, and stays unreadable.',
      'If a copy of the identity exists elsewhere, import it and confirm by name.',
    ),
  'key/already-known': (f) =>
    text(
      'The key’s place is taken',
      `The keychain holds another secret under key ${safeText(f.keyId)}.`,
      keysSafe,
      'Keep a copy of that item with the system’s own keychain program, remove it there, then try again.',
    ),
  'key/being-destroyed': () =>
    text(
      'The key is being destroyed',
      'Its destruction has begun, and has not ended.',
      'It may still be in the keychain, and encrypts nothing more.',
      'Let its destruction go on: retry the job.',
    ),
  'key/protects-more': (f) =>
    text(
      'The key protects more than was confirmed',
      `${formatCounted(f.versions, 'version')} would be lost that the confirmation did not name.`,
      'The key was not destroyed.',
      'Look at what the key protects now, and confirm again.',
    ),
  'key/still-protects': (f) =>
    text(
      'A job is using the key',
      `${formatCounted(f.jobs.length, 'open job')} may need this key: ${jobsNamed(f.jobs)}.`,
      nothingChanged,
      'In Transfers, or with weightlock jobs: let each of them end, or cancel it, then try again.',
    ),
  'key/leak-grew': (f) =>
    text(
      'The keys that are meant have changed',
      `${formatCounted(f.confirmed, 'key')} ${f.confirmed === 1 ? 'was' : 'were'} confirmed, and ${f.meant} ${f.meant === 1 ? 'is' : 'are'} meant by now.`,
      'No key was marked.',
      'Look at what is meant now, and confirm again.',
    ),
  'key/still-opens': (f) =>
    text(
      'The leaked key still opens something',
      `It opens ${stillOpened(f.versions, f.objectVersions)} about which nothing was decided.`,
      'The key was not destroyed.',
      'Encrypt the artifact anew, delete its old object versions, or give each up by name: Keys, Incidents, or `weightlock incidents settle`.',
    ),
} satisfies Texts<'keychain' | 'key'>

const stillOpened = (versions: number, objectVersions: number): string =>
  [
    ...(versions > 0 ? [formatCounted(versions, 'version')] : []),
    ...(objectVersions > 0 ? [formatCounted(objectVersions, 'old object version')] : []),
  ].join(' and ')

/** Reported compromises. */
export const incidentTexts = {
  'incident/not-found': (f) =>
    text(
      'No such incident',
      `No incident here has the id ${safeText(f.incidentId)}.`,
      nothingChanged,
      'List the incidents and copy the id from there.',
    ),
  'incident/version-in-use': (f) =>
    text(
      'This object version is the artifact’s own',
      `${named(f.objectName)} in ${named(f.store)} is the latest of its name, or the only one that holds the artifact’s ciphertext.`,
      nothingChanged,
      'Encrypt the artifact anew: this object version then becomes an old one. Where something else lies under the name now, put this one back first.',
    ),
} satisfies Texts<'incident'>
