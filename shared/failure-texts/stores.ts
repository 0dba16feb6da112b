/** Stores, and what lies in them. */
import { formatBytes, formatCounted } from '../format.ts'
import { safeText } from '../safe-text.ts'
import { systemErrorText } from '../system-errors.ts'
import { named, nothingChanged, originalSafe, text, type Texts } from './words.ts'

/** What no folder says that is not mounted. */
const isNetworks = (detail: string): boolean =>
  /^(ECONN|ENOTFOUND|EAI_|ENET|EHOST|EPIPE|ETIMEDOUT)/.test(detail)

export const storesTexts = {
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
      isNetworks(f.detail)
        ? 'Check the network, then try again.'
        : 'Check the network, or mount it, then try again.',
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
      `${named(f.store)} still holds ${formatCounted(f.artifacts, 'artifact')}; one whose ciphertext was deleted from it counts too, as its history names the store.`,
      nothingChanged,
      'Move its artifacts to another store, and keep this one in the list.',
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
  'store/upload-unknown': (f) =>
    text(
      'No such upload',
      `${named(f.store)} has no unfinished upload ${named(f.uploadId)}: it was completed or aborted, or never begun.`,
      'Nothing was aborted for it.',
      'Look for its id in the list of unfinished uploads.',
    ),
  'store/upload-in-use': (f) =>
    text(
      'A job goes on with this upload',
      `The upload of ${named(f.objectName)} to ${named(f.store)} belongs to the job ${named(f.title)}, which is not over.`,
      'What was uploaded stays.',
      'Resume the job, or cancel it: that aborts its upload too.',
    ),
  'store/upload-not-ours': (f) =>
    text(
      'This upload is not known here',
      `The upload of ${named(f.objectName)} to ${named(f.store)} was begun by somebody else, or by another program.`,
      'It was left alone.',
      'Ask whoever works with this bucket. If nobody goes on with it, abort it as another’s (in a terminal with `--of-others`).',
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
      f.grantee === undefined
        ? `The credentials of ${named(f.store)} lack the permission ${safeText(f.permission)}.`
        : `${named(f.store)} denies ${safeText(f.permission)} to ${safeText(f.grantee)}.`,
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
      'Sign in again, then resume or try again.',
    ),
  'store/clock-skew': (f) =>
    text(
      'The clock of this machine is wrong',
      `${named(f.store)} refuses requests whose time is too far from its own.`,
      'What was sent stays, and no key was touched.',
      'Set the clock, then resume or try again.',
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
} satisfies Texts<'store'>
