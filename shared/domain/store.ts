/** Stores and what they hold, as they cross the boundary. */
import { z } from 'zod'
import { StoreId } from '../ids.ts'
import { FailureValue } from './failure-value.ts'
import { ArtifactRow } from './artifact.ts'
import { Millis, SizeBytes } from './quantities.ts'

/** What a store holds, as the table shows it. */
export const StoreEntry = z.discriminatedUnion('type', [
  ArtifactRow.extend({ type: z.literal('artifact') }),
  z.object({ type: z.literal('folder'), folder: z.string(), name: z.string(), artifacts: z.number().int() }),
  z.object({
    type: z.literal('foreign'),
    storeId: StoreId,
    objectName: z.string(),
    sizeBytes: SizeBytes,
    modifiedAt: Millis,
    isAgeFile: z.boolean(),
  }),
])
export type StoreEntry = z.infer<typeof StoreEntry>

/** Settings by the field names of the kind's description; no secrets. */
export const StoreSettings = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
export type StoreSettings = z.infer<typeof StoreSettings>

export const StoreInfo = z.object({
  storeId: StoreId,
  name: z.string(),
  kind: z.string(),
  settings: StoreSettings,
  location: z.string(),
  isDefault: z.boolean(),
  exists: z.boolean(),
  artifacts: z.number().int().nonnegative(),
  ciphertextBytes: SizeBytes,
  freeBytes: SizeBytes.nullable(),
})
export type StoreInfo = z.infer<typeof StoreInfo>

/** What something is where a choice has this value. */
const ByChoice = <V extends z.ZodType>(value: V) =>
  z.object({ field: z.string(), values: z.record(z.string(), value) })

/** A field of a backend's or manager's settings, from which the form and the command line's flag are drawn. */
export const SettingField = z.object({
  name: z.string(),
  label: z.string(),
  /** `folder` and `file` are paths, `secret` goes to the keychain and never comes back, `address` is an URL of which
   * HTTPS is understood. */
  kind: z.enum(['text', 'address', 'folder', 'file', 'choice', 'switch', 'secret']),
  required: z.boolean(),
  help: z.string(),
  choices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  /** Shown and sent only where a choice has one of these values. */
  onlyFor: z.object({ field: z.string(), values: z.array(z.string()) }).optional(),
  /** Why it cannot be changed once the store was added. */
  fixed: z.string().optional(),
  /** Half of the form's width is enough. */
  isShort: z.boolean().optional(),
  /** The two words of a switch that is drawn as a choice. */
  states: z.object({ off: z.string(), on: z.string() }).optional(),
  /** What nothing stands for. */
  unset: z.string().optional(),
  /** What the form begins with, as a choice stands. */
  begins: ByChoice(z.union([z.string(), z.boolean()])).optional(),
  /** What an empty field comes to, as a choice stands; `{region}` is another field's value. */
  whenEmpty: ByChoice(z.string()).optional(),
})
export type SettingField = z.infer<typeof SettingField>

/** @returns whether a field counts, as the choices stand */
export function isAsked({ onlyFor }: SettingField, settings: Readonly<Record<string, unknown>>): boolean {
  if (onlyFor === undefined) return true
  const chosen = settings[onlyFor.field]
  return typeof chosen === 'string' && onlyFor.values.includes(chosen)
}

/** One thing that was tried. */
export const StoreCheck = z.object({
  name: z.string(),
  passed: z.boolean(),
  detail: z.string(),
  /** The store can be used without it. */
  isOptional: z.boolean(),
  /** `permission`: what the credentials may do; `server`: what it does whoever asks. */
  group: z.enum(['connection', 'use', 'permission', 'server', 'left-behind']),
  /** Of a permission: as whoever runs the store grants it, and on what. */
  permission: z
    .object({ action: z.string(), resource: z.string(), isDenied: z.boolean(), without: z.string() })
    .nullable(),
})
export type StoreCheck = z.infer<typeof StoreCheck>

export const StoreTest = z.object({
  at: Millis,
  tookMs: z.number(),
  checks: z.array(StoreCheck),
  /** What kept the rest from being tried. */
  failure: FailureValue.nullable(),
  /** To whom permissions are granted: `role/ml-prod-writer`, `profile ml-prod`; null where there are none. */
  grantee: z.string().nullable(),
  /** Policy statements to copy: what is needed in all, and what is missing. Null where the store has no such policies. */
  policy: z.object({ whole: z.string(), missing: z.string().nullable() }).nullable(),
})
export type StoreTest = z.infer<typeof StoreTest>
