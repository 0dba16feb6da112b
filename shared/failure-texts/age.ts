/** Age files, and what differs from its pin. */
import { safeText } from '../safe-text.ts'
import { named, nothingChanged, nothingWritten, text, type Texts } from './words.ts'

export const ageTexts = {
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
  'verify/metadata-altered': (f) =>
    text(
      'What the store says of the file was changed',
      `The metadata of ${named(f.objectName)} in ${named(f.store)} names another artifact or key than ${named(f.name)} was stored with.`,
      'It was refused. Nothing was written, and the keys are unchanged.',
      `Find out who can write there, and set its metadata back: artifact=${f.artifactId}${f.keyId === null ? '' : `, key=${f.keyId}`}.`,
    ),
  'verify/wrapped-elsewhere': (f) =>
    text(
      'A header that is not known here',
      `${named(f.name)} has a header that this installation did not write, around what may be the recorded payload.`,
      'Nothing was written, and the keys are unchanged.',
      'If a colleague rotated it, import the new identity. Then decrypt or verify it in full: if every digest matches, it is recognised.',
    ),
  'verify/not-verified': (f) =>
    text(
      'Not everything verified',
      `${f.problems} of ${f.checked} did not verify${f.name === null ? '' : ` in ${named(f.name)}`}.`,
      'Nothing was changed by checking.',
      'The report names each; restore those from a backup.',
    ),
} satisfies Texts<'age' | 'verify'>
