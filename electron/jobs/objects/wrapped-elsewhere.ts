/** The same payload under another header: recognised after a full read, never before. */
import { shellCommand } from '../../../shared/shell-quote.ts'
import type { Actor } from '../../catalog/catalog.ts'
import type { OpenedVersion } from '../open-version.ts'
import type { Services } from '../services.ts'

/** Call only after every leaf digest of the payload matched its pin.
 * @see cryptography.md, section 2 */
export async function wrappedElsewhere(
  { catalog, now }: Services,
  opened: OpenedVersion,
  by: Actor,
): Promise<void> {
  const { version, file, keyId } = opened
  const date = new Date(now()).toISOString().slice(0, 10)
  await catalog.repinVersion({
    artifactId: version.artifactId,
    version: version.version,
    fingerprint: file.fingerprint,
    keyId,
    note: `The same payload wrapped elsewhere; recognised by its leaf digests on ${date}${wrapAgain(version)}`,
    by,
  })
}

/** Its owner may give it a key of their own again. */
const wrapAgain = ({ ownership, name }: OpenedVersion['version']): string =>
  ownership === 'owner'
    ? `. To wrap it again with a key of your own: ${shellCommand(['weightlock', 'keys', 'rotate', name, '--reason', 'other'], 'posix')}`
    : ''
