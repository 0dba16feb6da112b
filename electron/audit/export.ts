/** The audit log as JSON lines that anyone can check without Weightlock. */
import { auditRecord, canonicalJson } from '../catalog/audit-hash.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { AuditHead } from './head.ts'
import { headText } from './signed-head.ts'

const stride = 500

/** One entry a line, oldest first, times in ISO 8601 UTC, names sorted; the signed head last. An entry's hash is
 * SHA-256 over its line without the member `hash`. The head's `signed` is the text that its Ed25519 signature covers.
 * Entries that are made while it runs are left out: the head names the last one.
 * @returns lines, each ended by a line feed; when finished, how many entries they hold */
export async function* exportAudit({
  catalog,
  head,
}: {
  catalog: Catalog
  head: AuditHead
}): AsyncGenerator<string, number> {
  const written = await head.write()
  const vouched = 'head' in written ? written.head : await catalog.auditHead()
  for (let from = 1; from <= vouched.entries;) {
    const entries = await catalog.auditRange(from, stride)
    for (const entry of entries)
      if (entry.sequence <= vouched.entries)
        yield `${canonicalJson({ ...auditRecord(entry), hash: entry.hash })}\n`
    const last = entries.at(-1)
    if (!last) break
    from = last.sequence + 1
  }
  yield `${canonicalJson({ head: 'head' in written ? signedPart(written) : unsignedPart(vouched, written.failure.code) })}\n`
  return vouched.entries
}

const signedPart = ({
  head,
  publicKey,
}: Extract<Awaited<ReturnType<AuditHead['write']>>, { publicKey: string }>) => ({
  entries: head.entries,
  hash: head.hash,
  installationId: head.installationId,
  at: new Date(head.at).toISOString(),
  algorithm: 'Ed25519',
  signature: head.signature,
  signed: headText(head),
  publicKey,
})

const unsignedPart = ({ entries, hash }: { entries: number; hash: string }, code: string) => ({
  entries,
  hash,
  signature: null,
  unsignedBecause: code,
})
