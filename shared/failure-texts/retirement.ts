/** The end of an artifact, and the certificate of it. */
import { formatCounted } from '../format.ts'
import { safeText } from '../safe-text.ts'
import { named, nothingChanged, text, type Texts } from './words.ts'

export const retirementTexts = {
  'retirement/scheduled': (f) =>
    text(
      'It is scheduled already',
      `The retirement of ${named(f.name)} has a date.`,
      nothingChanged,
      'Wait for it, cancel it, or retire it now.',
    ),
  'retirement/not-scheduled': (f) =>
    text(
      'No retirement is scheduled',
      `No key of ${named(f.name)} is to be destroyed.`,
      nothingChanged,
      '`weightlock retire --list` shows what is scheduled.',
    ),
  'retirement/not-due': (f) =>
    text(
      'It is not due yet',
      `The keys of ${named(f.name)} are to be destroyed on ${new Date(f.destroyAt).toISOString().slice(0, 10)}.`,
      nothingChanged,
      'Wait until then, cancel it, or retire it now.',
    ),
  'retirement/more-than-confirmed': (f) =>
    text(
      'More would be lost than was confirmed',
      `${named(f.name)} has ${[
        ...(f.versions > 0 ? [formatCounted(f.versions, 'version')] : []),
        ...(f.keys > 0 ? [formatCounted(f.keys, 'key')] : []),
      ].join(' and ')} more than the confirmation named.`,
      'No key was destroyed.',
      'Look at what would be lost now, and confirm again.',
    ),
  'retirement/key-shared': (f) =>
    text(
      'A key protects another artifact too',
      `Without key ${safeText(f.keyId)}, ${named(f.otherName)} could not be opened any more either.`,
      'No key was destroyed.',
      `Rotate ${named(f.otherName)} with re-encryption first, or retire both together.`,
    ),
  'retirement/still-opens': (f) =>
    text(
      'It still opens',
      `Version ${f.version} of ${named(f.name)} opens with key ${safeText(f.keyId)}, which is not one of its own.`,
      'The artifact’s own keys are destroyed. No certificate was made.',
      'Destroy that key as well, then retry the retirement.',
    ),
  'certificate/not-found': (f) =>
    text(
      'No such certificate',
      `No certificate here has the id ${safeText(f.certificateId)}.`,
      nothingChanged,
      'Open it from its artifact, or verify its files with `weightlock certificate verify`.',
    ),
  'certificate/altered': (f) =>
    text(
      'The signature does not fit',
      `${named(f.path)} is not what was signed, or its signature or public key belongs to another file.`,
      nothingChanged,
      'Do not rely on this file. Obtain it, its signature and the public key anew from where it was made.',
    ),
  'certificate/not-saved': (f) =>
    text(
      'The certificate was not saved',
      `${named(f.name)} is retired; writing ${named(f.path)} failed: ${safeText(f.because)}`,
      'Its keys are destroyed, and the certificate is kept here.',
      'Save it elsewhere, in a terminal with `weightlock certificate save ARTIFACT --to FILE`.',
    ),
  'certificate/malformed': (f) =>
    text(
      'This is no certificate',
      `${named(f.path)} does not hold a certificate of cryptographic erase that this version knows.`,
      nothingChanged,
      'Name the file that ends in .erase.json, with its .erase.sig and .erase.pub.pem beside it.',
    ),
} satisfies Texts<'retirement' | 'certificate'>
