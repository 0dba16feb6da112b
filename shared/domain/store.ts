/** Stores and what they hold, as they cross the boundary. */
import { z } from 'zod'
import { StoreId } from '../ids.ts'
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

/** A field of a backend's or manager's settings, from which the form and the command line's flag are drawn. */
export const SettingField = z.object({
  name: z.string(),
  label: z.string(),
  /** `folder` and `file` are paths, `secret` goes to the keychain and never comes back. */
  kind: z.enum(['text', 'folder', 'file', 'choice', 'switch', 'secret']),
  required: z.boolean(),
  help: z.string(),
  choices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  /** Shown and sent only where a choice has one of these values. */
  onlyFor: z.object({ field: z.string(), values: z.array(z.string()) }).optional(),
})
export type SettingField = z.infer<typeof SettingField>

export const StoreTest = z.object({
  at: Millis,
  tookMs: z.number(),
  checks: z.array(
    z.object({
      name: z.string(),
      passed: z.boolean(),
      detail: z.string(),
      /** The store can be used without it. */
      isOptional: z.boolean(),
    }),
  ),
})
export type StoreTest = z.infer<typeof StoreTest>
