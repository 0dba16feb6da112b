/** Walks the whole chain and compares it with the head that the keychain vouches for. */
import type { AuditVerdict } from '../../shared/domain/audit.ts'
import { noHash } from '../catalog/audit-hash.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { AuditHead, RecalledHead } from './head.ts'

/** Entries that the catalog's thread checks between two other calls: a few milliseconds. */
const stride = 1000

/** Finds any entry that was deleted, put in, moved or changed, and a tail that was cut off, and names where. What was
 * cut off since the head was last signed cannot be known: `tailVouched` says whether the head could be asked at all.
 * @param catalog checks in its own thread, `stride` entries at a time */
export async function verifyAudit(
  { catalog, head }: { catalog: Catalog; head: AuditHead },
  options: { signal?: AbortSignal; now?: () => number } = {},
): Promise<AuditVerdict> {
  const { signal, now = Date.now } = options
  const recalled = await head.recall()
  const { entries } = await catalog.auditHead()
  const verdict = { entries, checkedAt: now() }
  let last = { sequence: 0, hash: noHash }
  for (;;) {
    signal?.throwIfAborted()
    const step = await catalog.auditCheck(last, stride)
    if (step.broken)
      return {
        ...verdict,
        intact: false,
        headHash: last.hash,
        brokenAt: step.broken.sequence,
        reason: step.broken.reason,
        tailVouched: recalled.kind === 'signed',
      }
    last = step.last
    if (step.checked < stride) break
  }
  return {
    ...verdict,
    entries: last.sequence,
    headHash: last.hash,
    ...(await tail(catalog, recalled, last.sequence)),
  }
}

type Tail = Pick<AuditVerdict, 'intact' | 'brokenAt' | 'reason' | 'tailVouched'>

async function tail(catalog: Catalog, recalled: RecalledHead, entries: number): Promise<Tail> {
  if (recalled.kind === 'unknown')
    return {
      intact: true,
      brokenAt: null,
      reason: `Nothing vouches for the newest entries: ${recalled.reason}`,
      tailVouched: false,
    }
  if (recalled.kind === 'forged')
    return {
      intact: false,
      brokenAt: null,
      reason: 'the head in the keychain was not signed by this installation',
      tailVouched: false,
    }
  const { head } = recalled
  if (head.entries > entries)
    return {
      intact: false,
      brokenAt: entries + 1,
      reason: `entries ${entries + 1} to ${head.entries} are missing from the end`,
      tailVouched: true,
    }
  const hash = head.entries === 0 ? noHash : await catalog.auditHashAt(head.entries)
  if (hash !== head.hash)
    return {
      intact: false,
      brokenAt: head.entries,
      reason: `entry ${head.entries} is not the one that was signed: the chain was written anew`,
      tailVouched: true,
    }
  return { intact: true, brokenAt: null, reason: null, tailVouched: true }
}
