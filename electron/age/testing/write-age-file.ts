/** Writers of small age files, for tests of the reading side: models go through the payload pool, under a key's header. */
import { base64 } from '@scure/base'
import { headerBytes } from '../header.ts'
import type { Recipient } from '../stanza.ts'

/** The header of a file for one recipient alone, without our hint. */
export const bareHeader = async (recipient: Recipient, fileKey: Uint8Array): Promise<Uint8Array> =>
  headerBytes([await recipient.wrapFileKey(fileKey)], fileKey)

/** A file in ASCII armor, lines ending in line feeds. */
export function armorText(file: Uint8Array): string {
  const lines = base64.encode(file).match(/.{1,64}/g) ?? []
  return ['-----BEGIN AGE ENCRYPTED FILE-----', ...lines, '-----END AGE ENCRYPTED FILE-----', ''].join('\n')
}
