/** Every event of the audit log: its stable code, the filter it belongs to, and its title for people. */
import type { AuditCategory } from './domain/audit.ts'

const event = (category: AuditCategory, title: string) => ({ category, title })

export const auditEvents = {
  'key-created': event('keys', 'Key made'),
  'key-activated': event('keys', 'Key active'),
  'key-deactivated': event('keys', 'Key deactivated'),
  'key-imported': event('keys', 'Key imported'),
  'key-found': event('keys', 'Key found by a rebuild'),
  'key-destroying': event('keys', 'Key destruction begun'),
  'key-destroyed': event('keys', 'Key destroyed'),
  'key-found-missing': event('keys', 'Key found missing'),
  'key-destruction-reversed': event('keys', 'Destruction reversed by import'),
  'opening-failed-as-it-must': event('keys', 'Opening with what is left: failed, as it must'),

  'version-encrypted': event('artifacts', 'Version encrypted'),
  'version-unresolved': event('artifacts', 'Outcome of a write unknown'),
  'version-given-up': event('artifacts', 'Unresolved version given up'),
  'version-refused': event('artifacts', 'Did not verify'),
  'version-missing': event('artifacts', 'Object missing'),
  'version-found': event('artifacts', 'Object found again'),
  'version-copied': event('artifacts', 'Version copied to another store'),
  'version-moved': event('artifacts', 'Version moved out of a store'),
  'copy-taken-back': event('artifacts', 'Copy taken back'),
  'object-deleted': event('artifacts', 'Ciphertext deleted from a store'),
  'object-versions-deleted': event('artifacts', 'Object versions deleted from a store'),
  'version-repinned': event('artifacts', 'Header pinned anew'),
  'artifact-decrypted': event('artifacts', 'Version opened'),
  'age-file-decrypted': event('artifacts', 'Other age file opened'),
  'age-file-refused': event('artifacts', 'Other age file did not verify'),
  'artifact-rebuilt': event('artifacts', 'Version found by a rebuild'),
  'version-pinned': event('artifacts', 'Version pinned on first use'),
  'owner-met': event('artifacts', 'Another owner met'),
  'artifact-adopted': event('artifacts', 'Ownership taken'),
  'artifact-erased': event('artifacts', 'Version erased'),
  'inspection-forgotten': event('artifacts', 'Inspection data removed'),
  'original-trashed': event('artifacts', 'Original moved to the trash'),

  'key-exported': event('copies', 'Key exported to a file'),
  'key-copy-recorded': event('copies', 'Key copy recorded'),
  'key-copy-missing': event('copies', 'Key copy found missing'),

  'store-added': event('stores', 'Store added'),
  'store-changed': event('stores', 'Store settings changed'),
  'store-removed': event('stores', 'Store removed'),
  'uploads-aborted': event('stores', 'Unfinished uploads aborted'),
  'store-made-default': event('stores', 'Store made default'),

  'installation-created': event('program', 'Installation begun'),
  'data-folder-moved': event('program', 'Data folder moved to another machine'),
  'data-folder-copied': event('program', 'Data folder copied to another machine'),
  'policy-changed': event('program', 'Key policy changed'),
  'keychain-accepted': event('program', 'New keychain accepted'),
  'catalog-rebuilt': event('program', 'Catalog rebuilt'),
  'audit-key-made': event('program', 'Signing key of the audit log made'),
  'audit-exported': event('program', 'Audit log exported'),
} as const satisfies Record<string, { category: AuditCategory; title: string }>

export type AuditEventCode = keyof typeof auditEvents

const isCode = (code: string): code is AuditEventCode => Object.hasOwn(auditEvents, code)

/** The title of an event's code; the code itself where a newer version wrote it. */
export const auditEventTitle = (code: string): string => (isCode(code) ? auditEvents[code].title : code)
