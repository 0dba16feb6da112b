/** Artifacts and the files of the user. */
import { safeText } from '../safe-text.ts'
import { systemErrorText } from '../system-errors.ts'
import {
  named,
  noFileChanged,
  nothingChanged,
  nothingWritten,
  originalSafe,
  text,
  type Texts,
} from './words.ts'

export const filesTexts = {
  'artifact/not-found': (f) =>
    text(
      'No such artifact',
      `Nothing here is called ${named(f.query)}.`,
      nothingChanged,
      'List the artifacts (in a terminal with `weightlock list`), and use a name or id from there.',
    ),
  'artifact/ambiguous': (f) =>
    text(
      'The name means several artifacts',
      `${named(f.query)} fits ${f.artifactIds.length}: ${f.artifactIds.join(', ')}.`,
      nothingChanged,
      'Use the id instead of the name.',
    ),
  'artifact/no-such-version': (f) =>
    text(
      'No such version',
      `${named(f.name)} has ${f.latest === 1 ? 'version 1 only' : `versions 1 to ${f.latest}`}, and no version ${f.version}.`,
      nothingChanged,
      'Name one of its versions.',
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
  'artifact/ciphertext-deleted': (f) =>
    text(
      'Its ciphertext was deleted',
      `No copy of ${named(f.name)} version ${f.version} is known any more: it was deleted.`,
      'Its key was not destroyed.',
      'Put a copy back under its name, from a backup or an older object version, and scan the store.',
    ),
  'artifact/not-in-store': (f) =>
    text(
      'It does not lie in that store',
      `${named(f.name)} has no object in ${named(f.store)}.`,
      nothingChanged,
      'Choose a store in which it lies: its details name them.',
    ),
  'artifact/in-several-stores': (f) =>
    text(
      'It lies in several stores',
      `${named(f.name)} lies in ${f.stores.map(named).join(', ')}.`,
      nothingChanged,
      'Say which of them is meant.',
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
      noFileChanged,
      'Check the path and try again.',
    ),
  'file/permission-denied': (f) =>
    text(
      'No permission',
      `The system does not allow access to ${named(f.path)}.`,
      noFileChanged,
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
      'It was not overwritten, and nothing was written beside it.',
      'Choose another name, or move it away first.',
    ),
  'file/is-folder': (f) =>
    text(
      'A folder stands where a file is meant',
      `${named(f.path)} is a folder.`,
      noFileChanged,
      'Name the file itself, with its folder before it.',
    ),
  'file/no-folder': (f) =>
    text(
      'The folder is not there',
      `There is no folder ${named(f.path)}, so that nothing can be written into it.`,
      noFileChanged,
      'Check the path, or make the folder first.',
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
      noFileChanged,
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
} satisfies Texts<'artifact' | 'confirm' | 'file' | 'archive'>
