import { fail } from '../../shared/failure.ts'
import { headerMacMatches, type Header } from './header.ts'
import { needsPassphrase } from './scrypt.ts'
import type { Identity } from './stanza.ts'

/** Finds the file key of a header and proves the header with it.
 * @param identities tried in order
 * @returns 16 bytes, which the caller zeroes
 * @throws WeightlockError `age/no-identity-match`, `age/passphrase-needed`, `age/passphrase-wrong` where nothing
 * opens it; `age/header-mac-mismatch` where it was changed; `age/header-malformed` and
 * `age/work-factor-too-high` where a stanza of a known type breaks the rules */
export async function openHeader(header: Header, identities: readonly Identity[]): Promise<Uint8Array> {
  const passphrase = needsPassphrase(header.stanzas)
  for (const identity of identities) {
    const fileKey = await identity.unwrapFileKey(header.stanzas)
    if (fileKey === null) continue
    if (headerMacMatches(header, fileKey)) return fileKey
    fileKey.fill(0)
    return fail({ code: 'age/header-mac-mismatch' })
  }
  if (!passphrase)
    return fail({ code: 'age/no-identity-match', stanzaTypes: header.stanzas.map(({ type }) => type) })
  return fail({
    code: identities.some(({ isPassphrase }) => isPassphrase)
      ? 'age/passphrase-wrong'
      : 'age/passphrase-needed',
  })
}
