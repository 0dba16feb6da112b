/** Keeps the audit log's head in the keychain, signed with a key that lives beside it (cryptography.md, section 7). */
import { sign, type KeyObject } from 'node:crypto'
import { failureOf, type Failure } from '../../shared/failure.ts'
import { byItself, type Catalog } from '../catalog/catalog.ts'
import {
  headIsSigned,
  newSigningKey,
  publicKeyPem,
  readSigningKey,
  SignedHead,
  signHead,
} from './signed-head.ts'

/** The part of a secrets provider that keeps small values of the program. */
export type ValueKeeper = {
  /** Null only if it is really not there. @throws keychain/… when that cannot be known */
  readValue: (name: string) => Promise<string | null>
  writeValue: (name: string, value: string) => Promise<void>
}

export const signingKeyName = 'audit-signing-key'
export const headName = 'audit-head'
/** In the catalog: the public half of the signing key that was used last. */
export const publicKeyName = 'audit-public-key'

/** What the keychain says of the head. `unknown`: it could not be asked, or has no head of ours. */
export type RecalledHead =
  | { kind: 'signed'; head: SignedHead; publicKey: string }
  | { kind: 'forged' }
  | { kind: 'unknown'; reason: string }

export type AuditHead = {
  /** Signs what the log holds now and writes it to the keychain; call when a job ends. Calls that overlap are joined.
   * A keychain that cannot be written keeps the head before: the chain that continues it is still intact. So does a
   * chain that does not continue the head before: signing it would hide what was cut off (`audit/broken`).
   * @returns the head, or why it was not written */
  write: () => Promise<{ head: SignedHead; publicKey: string } | { failure: Failure }>
  recall: () => Promise<RecalledHead>
  /** Signs other bytes with the same key, and with nothing else: it never leaves the keychain for longer.
   * @throws WeightlockError `keychain/…` */
  sign: (bytes: Uint8Array) => Promise<Signed>
}

/** An Ed25519 signature, base64, and the public key that it fits. */
export type Signed = { signature: string; publicKeyPem: string }

export function auditHead({ catalog, values }: { catalog: Catalog; values: ValueKeeper }): AuditHead {
  let last: Promise<unknown> = Promise.resolve()
  let waiting: ReturnType<AuditHead['write']> | null = null

  const signingKey = async (): Promise<KeyObject> => {
    const stored = await values.readValue(signingKeyName)
    if (stored !== null) return readSigningKey(stored)
    const known = await catalog.getValue(publicKeyName)
    const fresh = newSigningKey()
    await values.writeValue(signingKeyName, fresh)
    const key = readSigningKey(fresh)
    const publicKey = publicKeyPem(key)
    await catalog.recordEvent({
      event: 'audit-key-made',
      on: 'Audit log',
      artifactId: null,
      keyId: null,
      jobId: null,
      facts: { publicKey, replacesAnother: known !== null },
      by: byItself,
    })
    return key
  }
  /** Where the chain leaves the head that was written last. */
  const breakBefore = async (key: KeyObject): Promise<Failure | null> => {
    const text = await values.readValue(headName)
    if (text === null) return null
    const before = SignedHead.safeParse(parsed(text))
    if (!before.success || !headIsSigned(before.data, key))
      return { code: 'audit/broken', sequence: 0, reason: 'the head in the keychain was not signed here' }
    const { entries, hash } = before.data
    if (entries === 0 || (await catalog.auditHashAt(entries)) === hash) return null
    return {
      code: 'audit/broken',
      sequence: entries,
      reason: 'the log does not continue the head that was signed',
    }
  }
  const writeNow = async (): ReturnType<AuditHead['write']> => {
    try {
      const key = await signingKey()
      const publicKey = publicKeyPem(key)
      if ((await catalog.getValue(publicKeyName)) !== publicKey)
        await catalog.setValue(publicKeyName, publicKey)
      const { installationId } = await catalog.installation()
      const { entries, hash } = await catalog.auditHead()
      const broken = await breakBefore(key)
      if (broken) return { failure: broken }
      const head = signHead({ installationId, entries, hash, at: Date.now() }, key)
      await values.writeValue(headName, JSON.stringify(head))
      return { head, publicKey }
    } catch (error) {
      const failure = failureOf(error)
      if (!failure) throw error
      return { failure }
    }
  }
  return {
    write: () => {
      if (waiting) return waiting
      const begin = () => {
        waiting = null
        return writeNow()
      }
      waiting = last.then(begin, begin)
      last = waiting
      return waiting
    },
    sign: (bytes) => {
      // In the same queue: two calls would otherwise make two keys.
      const begin = async () => {
        const key = await signingKey()
        return { signature: sign(null, bytes, key).toString('base64'), publicKeyPem: publicKeyPem(key) }
      }
      const signing = last.then(begin, begin)
      last = signing
      return signing
    },
    recall: async () => {
      try {
        const [stored, text] = [await values.readValue(signingKeyName), await values.readValue(headName)]
        if (stored === null || text === null)
          return (await catalog.getValue(publicKeyName)) === null
            ? { kind: 'unknown', reason: 'no head has been signed yet' }
            : { kind: 'unknown', reason: 'this keychain does not hold the head that was signed here' }
        const key = readSigningKey(stored)
        const head = SignedHead.safeParse(parsed(text))
        if (!head.success || !headIsSigned(head.data, key)) return { kind: 'forged' }
        return { kind: 'signed', head: head.data, publicKey: publicKeyPem(key) }
      } catch (error) {
        const failure = failureOf(error)
        if (!failure) throw error
        return { kind: 'unknown', reason: unreadable[failure.code] ?? 'the keychain could not be read' }
      }
    },
  }
}

const unreadable: Partial<Record<Failure['code'], string>> = {
  'keychain/locked': 'the keychain is locked',
  'keychain/denied': 'the keychain refused to answer',
  'keychain/unavailable': 'the keychain is not available',
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
