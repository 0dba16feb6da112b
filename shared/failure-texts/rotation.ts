/** Rotation of keys, and keys that rest. */
import { safeText } from '../safe-text.ts'
import { type Texts, named, nothingChanged, text } from './words.ts'

export const rotationTexts = {
  'rotation/another-key-active': (f) =>
    text(
      'Another key is active',
      `${safeText(f.active)} is the active key of the same artifact, and there is only one.`,
      nothingChanged,
      'Go on with the active key; this one still opens what it wrapped.',
    ),
  'rotation/key-not-in-use': (f) =>
    text(
      'The key is not in use',
      f.state === 'suspended'
        ? 'It is suspended: it encrypts nothing until it is resumed.'
        : `It is ${safeText(f.state)}, and another key took its place.`,
      nothingChanged,
      f.state === 'suspended' ? 'Resume the key, then rotate it.' : 'Rotate the artifact’s active key.',
    ),
  'rotation/no-artifact': () =>
    text(
      'The key belongs to no artifact',
      'It was imported, and opens nothing that is known here.',
      nothingChanged,
      'Rotate the keys of artifacts; this one has nothing to be replaced for.',
    ),
  'rotation/nothing-stored': (f) =>
    text(
      'There is no ciphertext to rotate',
      `No version of ${named(f.name)} lies in a store.`,
      nothingChanged,
      'Destroy the key, if nothing outside the stores needs it.',
    ),
  'rotation/tainted': (f) =>
    text(
      'A new header is not enough',
      `A key that once wrapped ${named(f.name)} is compromised, and whoever has it can have the file key.`,
      nothingChanged,
      'Re-encrypt it instead (in a terminal with `weightlock keys rotate --re-encrypt --reason compromise`).',
    ),
  'rotation/needs-re-encryption': (f) =>
    text(
      'The new header does not fit',
      `The header of ${named(f.name)}, version ${f.version}, has another length than the new one would have.`,
      'The old key was kept, and opens it as before.',
      'Re-encrypt it instead.',
    ),
  'rotation/begun': (f) =>
    text(
      'The rotation has begun',
      `Some of ${named(f.name)} opens with the new key alone already, so that it can only be finished.`,
      'Both keys are in the keychain, and every version opens with one of them.',
      'Retry the job: it goes on where it stopped.',
    ),
  'rotation/object-gone': (f) =>
    text(
      'What was being rotated is gone',
      `The rotation of ${named(f.name)} had begun to write, and ${f.objects === 1 ? 'its file is' : `none of its ${f.objects} files is`} in its store any more, under no name.`,
      'Both keys are in the keychain: what may turn up again opens with one of them.',
      'Put it back where it lay, or mount the disk that it lies on where that is mounted inside the store’s folder, and retry. If it is gone for good, give it up by name (in a terminal with `weightlock jobs give-up`).',
    ),
  'rotation/not-gone': (f) =>
    text(
      'It is not gone',
      `${named(f.objectName)} of ${named(f.name)} is in its store.`,
      nothingChanged,
      'Retry the job: it goes on where it stopped.',
    ),
  'rotation/not-pinned': (f) =>
    text(
      'Nothing is pinned of it yet',
      `What ${named(f.name)}, version ${f.version}, must be is not known here, so that another file in its place would not be found.`,
      nothingChanged,
      'Decrypt it once, or adopt it: that reads all of it and pins it. Then rotate.',
    ),
  'rotation/still-opens': (f) =>
    text(
      'The old key still opens it',
      `What was read back of ${named(f.name)}, version ${f.version}, opens with the key that was to be replaced.`,
      'Both keys are in the keychain, and nothing was called rotated.',
      'Retry the job. If it fails again, look for another program that writes to this store.',
    ),
} satisfies Texts<'rotation'>
