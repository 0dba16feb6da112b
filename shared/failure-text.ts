/** What a person reads for each failure: a title, what happened, what is safe, what to do next. */
import type { Failure, FailureCode } from './failure.ts'
import { formatBytes, formatCounted } from './format.ts'
import { safeText } from './safe-text.ts'
import { systemErrorText } from './system-errors.ts'

export type FailureText = { title: string; message: string; safe: string; remedy: string }

type Write<C extends FailureCode> = (failure: Extract<Failure, { code: C }>) => FailureText
type Table = { [C in FailureCode]: Write<C> }

const text = (title: string, message: string, safe: string, remedy: string): FailureText => ({
  title,
  message,
  safe,
  remedy,
})

const nothingChanged = 'Nothing was changed, here or in the store.'
const nothingWritten = 'Nothing was written. The stored ciphertext and its key are unchanged.'
const originalSafe = 'The original is untouched. Nothing half-written is left in the store.'
const keysSafe = 'No key was deleted or overwritten, and nothing is lost.'
/** Jobs that are named one by one; the rest are counted. */
const jobsShown = 3
const jobsNamed = (jobs: readonly { kind: string; title: string; state: string }[]): string => {
  const shown = jobs.slice(0, jobsShown).map(({ kind, title, state }) => `${kind} ${named(title)} (${state})`)
  const rest = jobs.length - shown.length
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}
const named = (name: string): string => `“${safeText(name)}”`

const table = {
  'age/not-an-age-file': () =>
    text(
      'Not an age file',
      'The file does not begin with an age header.',
      nothingWritten,
      'Choose a file that age, rage or Weightlock wrote.',
    ),
  'age/header-malformed': (f) =>
    text(
      'The age header is damaged',
      `The header cannot be read: ${safeText(f.detail)}.`,
      nothingWritten,
      'Restore the file from a backup or an older object version.',
    ),
  'age/header-too-large': (f) =>
    text(
      'The age header is too large',
      `It is longer than ${f.limitBytes} bytes, which no honest header is.`,
      nothingWritten,
      'Do not trust this file; restore it from a backup.',
    ),
  'age/header-mac-mismatch': () =>
    text(
      'The age header was altered',
      'The header’s authentication code does not match.',
      nothingWritten,
      'Restore the file from a backup or an older object version.',
    ),
  'age/no-identity-match': (f) =>
    text(
      'No identity opens this file',
      `It is encrypted to ${f.stanzaTypes.map(safeText).join(', ') || 'nobody'}, and none of the identities tried fits.`,
      nothingWritten,
      'Choose the identity that belongs to this file.',
    ),
  'age/identity-malformed': () =>
    text(
      'Not an age identity',
      'The file holds no line that begins with AGE-SECRET-KEY-.',
      nothingChanged,
      'Choose an identity file as age-keygen writes it.',
    ),
  'age/recipient-malformed': () =>
    text(
      'Not an age recipient',
      'The recipient cannot be read.',
      nothingChanged,
      'Check that it was copied whole.',
    ),
  'age/armor-malformed': () =>
    text(
      'The armor is damaged',
      'The text between the BEGIN and END lines is not valid.',
      nothingWritten,
      'Copy the file again, without changing its lines.',
    ),
  'age/passphrase-wrong': () =>
    text(
      'The passphrase does not fit',
      'The file was not opened with this passphrase.',
      nothingWritten,
      'Type it again.',
    ),
  'age/passphrase-needed': () =>
    text(
      'A passphrase is needed',
      'This file is encrypted with a passphrase.',
      nothingWritten,
      'Give the passphrase and try again.',
    ),
  'age/work-factor-too-high': (f) =>
    text(
      'The passphrase work factor is too high',
      `The file asks for 2^${f.workFactor}; Weightlock stops at 2^${f.limit}, so that a hostile file cannot stall this machine.`,
      nothingWritten,
      'Open it with age if you trust where it came from.',
    ),
  'age/payload-truncated': () =>
    text(
      'The file ends too early',
      'Its last chunk is missing, so it was cut short.',
      nothingWritten,
      'Fetch the file again, or restore it from a backup.',
    ),
  'age/payload-altered': (f) =>
    text(
      'The file was altered',
      `Chunk ${f.chunkIndex} does not authenticate.`,
      nothingWritten,
      'Fetch the file again, or restore it from a backup.',
    ),
  'age/payload-trailing-data': () =>
    text(
      'The file continues after its end',
      'There are bytes after the last chunk.',
      nothingWritten,
      'Fetch the file again, or restore it from a backup.',
    ),

  'verify/rolled-back': (f) =>
    text(
      'An older version lies in its place',
      `${named(f.name)} should be version ${f.expectedVersion}; the store holds version ${f.foundVersion}.`,
      'It was refused. Nothing was written, and the keys are unchanged.',
      'Find out who replaced it, and put the right file back from a backup.',
    ),
  'verify/swapped': (f) =>
    text(
      'Another artifact lies in its place',
      `Where ${named(f.name)} should be, the store holds ${named(f.foundName)}.`,
      'It was refused. Nothing was written, and the keys are unchanged.',
      'Find out who replaced it, and put the right file back from a backup.',
    ),
  'verify/altered': (f) =>
    text(
      'The stored file is not the one that was encrypted',
      `What the store holds for ${named(f.name)} differs from what was recorded when it was encrypted.`,
      'It was refused. Nothing was written, and the keys are unchanged.',
      'Put the right file back from a backup or an older object version.',
    ),
  'verify/wrapped-elsewhere': (f) =>
    text(
      'The same model under another header',
      `${named(f.name)} has a header that this installation did not write, around the recorded payload.`,
      'Nothing was written, and the keys are unchanged.',
      'Decrypt or verify it in full: if every digest matches, it is recognised.',
    ),
  'verify/not-verified': (f) =>
    text(
      'Not everything verified',
      `${f.problems} of ${f.checked} did not verify in ${named(f.name)}.`,
      'Nothing was changed by checking.',
      'The report names each; restore those from a backup.',
    ),

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

  'artifact/not-found': (f) =>
    text(
      'No such artifact',
      `Nothing here is called ${named(f.query)}.`,
      nothingChanged,
      'List the artifacts, and use a name or id from there.',
    ),
  'artifact/ambiguous': (f) =>
    text(
      'The name means several artifacts',
      `${named(f.query)} fits ${f.artifactIds.length}: ${f.artifactIds.join(', ')}.`,
      nothingChanged,
      'Use the id instead of the name.',
    ),
  'artifact/not-owner': (f) =>
    text(
      'Another installation owns this',
      `${named(f.name)} was encrypted elsewhere; here it can be read.`,
      nothingChanged,
      'Adopt it with `weightlock adopt` to replace or retire it from here.',
    ),
  'artifact/unresolved': (f) =>
    text(
      'The outcome is unknown',
      `Whether ${named(f.name)} was stored could not be settled.`,
      'Its key is kept, and nothing was deleted.',
      'Make the store reachable and resume the job: it looks again.',
    ),
  'artifact/name-invalid': (f) =>
    text(
      'The name cannot be used',
      `${named(f.name)}: ${safeText(f.reason)}.`,
      nothingChanged,
      'Choose another name.',
    ),
  'confirm/name-mismatch': (f) =>
    text(
      'The name does not match',
      'What was typed is not the name.',
      'Nothing was destroyed.',
      `Type ${named(f.expected)} exactly.`,
    ),

  'file/not-found': (f) =>
    text(
      'The file is not there',
      `${named(f.path)} does not exist.`,
      originalSafe,
      'Check the path and try again.',
    ),
  'file/permission-denied': (f) =>
    text(
      'No permission',
      `The system does not allow access to ${named(f.path)}.`,
      originalSafe,
      'Change the permission, or choose another place.',
    ),
  'file/is-special': (f) =>
    text(
      'Not a file or folder',
      `${named(f.path)} is a ${safeText(f.kind)}, which has no contents to keep.`,
      originalSafe,
      'Choose regular files and folders.',
    ),
  'file/exists': (f) =>
    text(
      'The target exists',
      `There is something at ${named(f.path)} already.`,
      nothingWritten,
      'Choose another name, or move it away first.',
    ),
  'file/changed-while-reading': (f) =>
    text(
      'The file changed while it was read',
      `${named(f.path)} is not what it was when the reading began.`,
      originalSafe,
      'Wait until nothing writes to it, then try again.',
    ),
  'file/link-dangling': (f) =>
    text(
      'A link leads nowhere',
      `What ${named(f.path)} points to does not exist.`,
      originalSafe,
      'Repair or remove the link, then try again.',
    ),
  'file/link-loop': (f) =>
    text(
      'Links form a loop',
      `Following ${named(f.path)} never ends.`,
      originalSafe,
      'Remove the loop, then try again.',
    ),
  'file/link-leaves-folder': (f) =>
    text(
      'A folder link leaves the folder',
      `${named(f.path)} points to the folder ${named(f.target)}.`,
      originalSafe,
      'Copy what it points to into the folder, or drop that folder itself.',
    ),
  'file/disk-full': (f) =>
    text(
      'The disk is full',
      `There is no room for ${named(f.path)}${f.neededBytes === null ? '' : `, which needs ${f.neededBytes} bytes`}.`,
      'Nothing half-written is left, and the stored ciphertext is unchanged.',
      'Free some room, or choose another disk.',
    ),
  'file/read-only': (f) =>
    text(
      'The place is read-only',
      `Nothing can be written to ${named(f.path)}.`,
      nothingWritten,
      'Choose another place.',
    ),
  'file/io': (f) =>
    text(
      'The disk reported an error',
      `${named(f.path)}: ${safeText(systemErrorText(f.errno))}.`,
      'Nothing half-written is left, and the stored ciphertext is unchanged.',
      'Check the disk, then try again.',
    ),
  'file/token-unknown': () =>
    text(
      'The file is no longer known',
      'The window referred to a file that it was not given.',
      nothingChanged,
      'Drop or choose the file again.',
    ),
  'archive/hostile-entry': (f) =>
    text(
      'The archive holds a dangerous entry',
      `${named(f.entry)}: ${safeText(f.reason)}.`,
      'Nothing was written where you asked.',
      'Write the plain tar instead and look inside, if you trust where it came from.',
    ),
  'archive/malformed': (f) =>
    text(
      'Not a readable archive',
      `The contents are not a valid tar: ${safeText(f.reason)}.`,
      nothingWritten,
      'Decrypt it as a plain file instead.',
    ),
  'archive/too-large': (f) =>
    text(
      'The archive is larger than it says',
      `It holds more than the ${f.limitBytes} bytes that it may.`,
      nothingWritten,
      'Do not trust this archive.',
    ),

  'store/not-found': (f) =>
    text(
      'No such store',
      `No store here is called ${named(f.query)}.`,
      nothingChanged,
      'List the stores, and use a name from there.',
    ),
  'store/unreachable': (f) =>
    text(
      'The store cannot be reached',
      `${named(f.store)}: ${safeText(systemErrorText(f.detail))}.`,
      'What it holds is unchanged, and no key was touched.',
      'Mount or reconnect it, then try again.',
    ),
  'store/read-only': (f) =>
    text(
      'The store is read-only',
      `Nothing can be written to ${named(f.store)}.`,
      originalSafe,
      'Get permission to write, or choose another store.',
    ),
  'store/full': (f) =>
    text(
      'The store is full',
      `There is no room left in ${named(f.store)}.`,
      originalSafe,
      'Free some room, or choose another store.',
    ),
  'store/in-use': (f) =>
    text(
      'The store is in use',
      `${named(f.store)} still holds ${formatCounted(f.artifacts, 'artifact')}.`,
      nothingChanged,
      'Keep the store for as long as its artifacts are needed.',
    ),
  'store/name-taken': (f) =>
    text(
      'The name is taken',
      `There is a store called ${named(f.name)} already.`,
      nothingChanged,
      'Choose another name.',
    ),
  'store/object-not-found': (f) =>
    text(
      'The file is not in its store',
      `${named(f.objectName)} was not found in ${named(f.store)}.`,
      'Its key is kept.',
      'Put the file back, or look for it where it was moved to and scan the store again.',
    ),
  'store/object-exists': (f) =>
    text(
      'The object exists',
      `${named(f.objectName)} is already in ${named(f.store)}.`,
      'It was not overwritten.',
      'Choose another name.',
    ),
  'store/precondition-failed': (f) =>
    text(
      'The file in the store changed',
      `${named(f.objectName)} in ${named(f.store)} was changed by something else meanwhile.`,
      'It was not overwritten.',
      'Scan the store and look at it, then try again.',
    ),
  'store/settings-invalid': (f) =>
    text(
      'The store’s settings do not fit',
      `${safeText(f.field)}: ${safeText(f.reason)}.`,
      nothingChanged,
      'Correct the setting.',
    ),
  'store/too-large': (f) =>
    text(
      'The store does not take objects this large',
      `${named(f.objectName)} is larger than the ${formatBytes(f.limitBytes)} that ${named(f.store)} takes.`,
      originalSafe,
      'Choose another store.',
    ),
  'store/upload-not-found': (f) =>
    text(
      'The upload is gone',
      `${named(f.store)} no longer knows the upload of ${named(f.objectName)}: it was aborted or completed.`,
      'The original is untouched, and no key was touched.',
      'Retry the job: it looks at what is there, and starts over if it must.',
    ),
  'store/parts-missing': (f) =>
    text(
      'The store lost a part of the upload',
      `${formatCounted(f.parts, 'part')} of ${named(f.objectName)} had been sent, and ${f.parts === 1 ? 'is' : 'are'} not there.`,
      'The object did not appear, and the original is untouched.',
      'Retry the job: only what is missing is sent again.',
    ),
  'store/conflict': (f) =>
    text(
      'Something else wrote the same object',
      `${named(f.store)} was asked to change ${named(f.objectName)} twice at once, and refused this one.`,
      'It was not overwritten.',
      'Retry the job.',
    ),
  'store/object-archived': (f) =>
    text(
      'The object lies in an archive',
      `${named(f.objectName)} in ${named(f.store)} must be restored before it can be read.`,
      nothingChanged,
      'Restore the object with the store’s own tools, then try again.',
    ),
  'store/bucket-not-found': (f) =>
    text(
      'The bucket does not exist',
      `${named(f.store)} has no bucket ${named(f.bucket)}.`,
      nothingChanged,
      'Correct the bucket, the endpoint or the region.',
    ),
  'store/permission-missing': (f) =>
    text(
      'The store denies this',
      `The credentials of ${named(f.store)} lack the permission ${safeText(f.permission)}.`,
      'What it holds is unchanged, and no key was touched.',
      'Ask whoever runs the bucket for this permission, or use other credentials.',
    ),
  'store/wrong-region': (f) =>
    text(
      'The bucket lies in another region',
      f.region === null
        ? `${named(f.store)} answers that the region of its settings is wrong.`
        : `The bucket of ${named(f.store)} lies in ${safeText(f.region)}.`,
      nothingChanged,
      'Correct the region in the store’s settings.',
    ),
  'store/certificate-untrusted': (f) =>
    text(
      'The store’s certificate is not trusted',
      `${named(f.store)}: ${safeText(f.detail)}.`,
      'Nothing was sent to it.',
      'If it uses a private certificate authority, add that to the store’s settings.',
    ),
  'store/credentials-missing': (f) =>
    text(
      'There are no credentials for the store',
      `${named(f.store)}: ${safeText(f.detail)}.`,
      nothingChanged,
      'Sign in, choose a profile, or type the credentials in.',
    ),
  'store/credentials-refused': (f) =>
    text(
      'The store refuses the credentials',
      `${named(f.store)}: ${safeText(f.detail)}.`,
      'What it holds is unchanged, and no key was touched.',
      'Correct the access key and its secret.',
    ),
  'store/credentials-expired': (f) =>
    text(
      'The credentials have expired',
      `Those of ${named(f.store)} were valid for a time that is over.`,
      'What was sent stays, and no key was touched.',
      'Sign in again, then resume the job.',
    ),
  'store/clock-skew': (f) =>
    text(
      'The clock of this machine is wrong',
      `${named(f.store)} refuses requests whose time is too far from its own.`,
      'What was sent stays, and no key was touched.',
      'Set the clock, then resume the job.',
    ),
  'store/busy': (f) =>
    text(
      'The store is overloaded',
      `${named(f.store)} kept refusing requests: ${safeText(f.detail)}.`,
      'What was sent stays, and no key was touched.',
      'Try again later.',
    ),
  'store/corrupted-on-the-way': (f) =>
    text(
      'The store received other bytes than were sent',
      `The checksum of ${named(f.objectName)} did not match at ${named(f.store)}, several times.`,
      'What arrived damaged was not stored.',
      'Check the network and this machine’s memory, then try again.',
    ),
  'store/refused': (f) =>
    text(
      'The store refuses the request',
      `${named(f.store)}: ${safeText(f.detail)}.`,
      'What it holds is unchanged, and no key was touched.',
      'Test the connection: it says what the store lacks.',
    ),

  'catalog/damaged': (f) =>
    text(
      'The catalog is damaged',
      `Its database cannot be read: ${safeText(f.detail)}.`,
      'The ciphertext and the keys in the keychain are unchanged. The damaged file is left as it is.',
      'Restore it from a backup, or run `weightlock rebuild`: it moves the damaged file aside and restores what opens.',
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
      `At entry ${f.sequence}: ${safeText(f.reason)}.`,
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
  'job/stopped': () =>
    text('Stopped', 'The job was paused or cancelled.', 'Nothing is lost.', 'Resume it, or start it again.'),

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
} satisfies Table

/** The texts of a failure. Every fact in them that came from outside is shown escaped.
 * @see product.md, "Every failure has three parts" */
export const failureText = (failure: Failure): FailureText =>
  // The table is complete by its type; the entry of a code takes exactly that code's facts.
  (table[failure.code] as (failure: Failure) => FailureText)(failure)
