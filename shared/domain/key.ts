/** Keys as they cross the boundary. Words: product.md. */
import { z } from 'zod'
import { ArtifactId, KeyId } from '../ids.ts'
import { Millis, SizeBytes } from './quantities.ts'

export const KeyState = z.enum([
  'pre-activation',
  'active',
  'suspended',
  'deactivated',
  'compromised',
  'destroyed',
])
export type KeyState = z.infer<typeof KeyState>

/** As the inventory shows it: a key that is to be destroyed on a date is suspended, and shown as scheduled. */
export const InventoryState = z.enum([...KeyState.options, 'scheduled'])
export type InventoryState = z.infer<typeof InventoryState>

export const KeyAlgorithm = z.enum(['X25519', 'mlkem768x25519'])
export type KeyAlgorithm = z.infer<typeof KeyAlgorithm>

export const KeyEvent = z.object({
  at: Millis,
  event: z.string(),
  from: KeyState.nullable(),
  to: KeyState.nullable(),
  reason: z.string(),
  who: z.string(),
})
export type KeyEvent = z.infer<typeof KeyEvent>

/** Where copies of an identity are. */
export const KeyPlace = z.enum(['keychain', 'export', 'import', 'kit'])
export type KeyPlace = z.infer<typeof KeyPlace>

export const KeyCopy = z.object({
  place: KeyPlace,
  /** File path, item or secret name; opaque ids only for the keychain. */
  where: z.string(),
  state: z.enum(['present', 'destroyed', 'found-missing', 'out-of-reach', 'not-here']),
  at: Millis,
  lastSeenAt: Millis.nullable(),
})
export type KeyCopy = z.infer<typeof KeyCopy>

export const KeyRow = z.object({
  keyId: KeyId,
  /** `model.pkl · key 2`. */
  alias: z.string(),
  number: z.number().int().positive(),
  state: KeyState,
  algorithm: KeyAlgorithm,
  createdAt: Millis,
  activatedAt: Millis.nullable(),
  rotationDueAt: Millis.nullable(),
  /** When it last left the state active; null while it is active or never was. */
  inactiveAt: Millis.nullable(),
  /** When it was called compromised; stays once it is destroyed. What it ever wrapped is tainted. */
  compromisedAt: Millis.nullable(),
  /** When it is to be destroyed: it is scheduled, and suspended until then. */
  destroyAt: Millis.nullable(),
  /** Proved gone from a keychain that answers, and not destroyed here; never said of one that is locked. */
  isMissing: z.boolean(),
  cryptoPeriodDays: z.number().int().positive(),
  artifactId: ArtifactId.nullable(),
  artifactName: z.string().nullable(),
  /** Versions that this key opens, with their ciphertext's size. */
  protects: z.number().int().nonnegative(),
  protectsBytes: SizeBytes,
  backend: z.string(),
  copiesElsewhere: z.number().int().nonnegative(),
  /** Where copies are that are not known to be gone, each place once. */
  places: z.array(KeyPlace),
})
export type KeyRow = z.infer<typeof KeyRow>

const ProtectedVersion = z.object({
  artifactId: ArtifactId,
  name: z.string(),
  version: z.number().int(),
  ciphertextBytes: SizeBytes,
  /** Where its ciphertext lies, as far as it is known. */
  stores: z.array(z.string()),
})

/** Another key that opens the same. `name`: `key 2` among its artifact's own, else its alias. */
const OtherKey = z.object({ keyId: KeyId, name: z.string() })

/** What dies with a key: the impact shown before destruction. */
export const KeyImpact = z.object({
  keyId: KeyId,
  /** The name to be typed. */
  confirmName: z.string(),
  goneForGood: z.array(ProtectedVersion),
  stillOpen: z.array(ProtectedVersion.extend({ alsoOpensWith: z.array(OtherKey) })),
  copies: z.array(KeyCopy),
  copiesElsewhere: z.number().int().nonnegative(),
})
export type KeyImpact = z.infer<typeof KeyImpact>

export const KeyDetails = z.object({
  key: KeyRow,
  recipient: z.string(),
  madeOn: z.string(),
  events: z.array(KeyEvent),
  copies: z.array(KeyCopy),
  /** Each version once for each object of it. */
  protects: z.array(
    ProtectedVersion.extend({ objectName: z.string(), store: z.string(), alsoOpensWith: z.array(OtherKey) }),
  ),
  impact: KeyImpact,
})
export type KeyDetails = z.infer<typeof KeyDetails>
