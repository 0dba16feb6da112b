/** Every event of the audit log: its stable code, the filter it belongs to, and its title for people. */
import type { AuditCategory } from './domain/audit.ts'

const event = (category: AuditCategory, title: string) => ({ category, title })

export const auditEvents = {
  'key-created': event('keys', 'Key made'),
  'key-activated': event('keys', 'Key active'),
  'key-deactivated': event('keys', 'Key deactivated'),
  'key-compromised': event('keys', 'Key compromised'),
  'incident-reported': event('keys', 'Compromise reported'),
  'incident-given-up': event('keys', 'Left to whoever has the leaked key'),
  'incident-copy-revoked': event('copies', 'Copy of a leaked key said to be revoked'),
  'incident-copy-not-revoked': event('copies', 'Copy of a leaked key not revoked after all'),
  'key-suspended': event('keys', 'Key suspended'),
  'key-resumed': event('keys', 'Key active again'),
  'key-imported': event('keys', 'Key imported'),
  'key-found': event('keys', 'Key found by a rebuild'),
  'key-destroying': event('keys', 'Key destruction begun'),
  'key-destroyed': event('keys', 'Key destroyed'),
  'key-found-missing': event('keys', 'Key found missing'),
  'key-destruction-reversed': event('keys', 'Destruction reversed by import'),
  'opening-failed-as-it-must': event('keys', 'Opening with what is left: failed, as it must'),

  'key-scheduled': event('keys', 'Destruction scheduled'),
  'key-schedule-cancelled': event('keys', 'Scheduled destruction cancelled'),

  'retirement-scheduled': event('artifacts', 'Retirement scheduled'),
  'retirement-cancelled': event('artifacts', 'Retirement cancelled'),
  'retirement-waits': event('artifacts', 'Retirement waits for a yes'),
  'retirement-begun': event('artifacts', 'Retirement begun'),
  'artifact-retired': event('artifacts', 'Artifact retired, certificate made'),
  'certificate-saved': event('artifacts', 'Certificate saved'),
  'version-encrypted': event('artifacts', 'Version encrypted'),
  'version-unresolved': event('artifacts', 'Outcome of a write unknown'),
  'version-given-up': event('artifacts', 'Unresolved version given up'),
  'version-refused': event('artifacts', 'Did not verify'),
  'version-missing': event('artifacts', 'Object missing'),
  'version-found': event('artifacts', 'Object found again'),
  'artifact-rewrapped': event('artifacts', 'Artifact rewrapped'),
  'artifact-re-encrypted': event('artifacts', 'Artifact re-encrypted'),
  'rotation-given-up': event('artifacts', 'Rotation given up, its file gone'),
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
  'artifact-archived': event('artifacts', 'Entry archived'),
  'artifact-unarchived': event('artifacts', 'Entry back in the list'),
  'original-trashed': event('artifacts', 'Original moved to the trash'),

  'key-exported': event('copies', 'Key exported to a file'),
  'key-copy-recorded': event('copies', 'Key copy recorded'),
  'key-copy-missing': event('copies', 'Key copy found missing'),
  'key-copy-found': event('copies', 'Key copy found again'),
  'kit-made': event('copies', 'Recovery kit made'),
  'kit-not-made': event('copies', 'Recovery kit taken back'),
  'kit-met': event('copies', 'Recovery kit met'),
  'kit-drilled': event('copies', 'Drill of a recovery kit passed'),
  'kit-drill-failed': event('copies', 'Drill of a recovery kit failed'),
  'kit-restored': event('copies', 'Keys restored from a recovery kit'),
  'kit-forgotten': event('copies', 'Recovery kit forgotten'),

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
