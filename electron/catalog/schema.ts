/**
 * The catalog's tables (data.md, "The model"), as migrations: `user_version` says how many have been applied. A
 * migration that was released is never changed; a change is a new one at the end.
 *
 * Ids are their 26 characters; `…_no` are internal numbers that never leave this folder. Times are epoch
 * milliseconds, sizes bytes, digests and nonces lower-case hex, lists and records JSON.
 */
import { first } from './first-schema.ts'
import { kits } from './kit-schema.ts'
import { lifecycle } from './lifecycle-schema.ts'
import { retirementTables } from './retirement-schema.ts'

/** Copies hold an object name for a version that another job, or nobody, makes; what was deleted on purpose stays known
 * where nothing else is left of its version. */
const copies = `
CREATE TABLE reservations_with_copies (
  job_id TEXT PRIMARY KEY,
  artifact_no INTEGER NOT NULL REFERENCES artifacts,
  store_no INTEGER NOT NULL REFERENCES stores,
  number INTEGER NOT NULL,
  object_name TEXT NOT NULL,
  is_new_artifact INTEGER NOT NULL,
  reserved_at INTEGER NOT NULL,
  -- Of a version that is stored already.
  is_copy INTEGER NOT NULL DEFAULT 0,
  UNIQUE (store_no, object_name)
) STRICT, WITHOUT ROWID;
INSERT INTO reservations_with_copies
  SELECT job_id, artifact_no, store_no, number, object_name, is_new_artifact, reserved_at, 0 FROM reservations;
DROP TABLE reservations;
ALTER TABLE reservations_with_copies RENAME TO reservations;
CREATE UNIQUE INDEX one_reservation_of_a_version ON reservations (artifact_no, number) WHERE is_copy = 0;

ALTER TABLE objects ADD COLUMN deleted_at INTEGER;
CREATE INDEX artifact_list_by_object ON artifact_list (object_no);
DROP TRIGGER object_removed;
DROP TRIGGER object_changed;
CREATE TRIGGER object_removed AFTER DELETE ON objects WHEN OLD.deleted_at IS NULL BEGIN
  UPDATE stores SET ciphertext_bytes = ciphertext_bytes - OLD.size_bytes WHERE store_no = OLD.store_no;
END;
CREATE TRIGGER object_changed AFTER UPDATE OF store_no, size_bytes, deleted_at ON objects BEGIN
  UPDATE stores SET ciphertext_bytes = ciphertext_bytes - OLD.size_bytes
    WHERE store_no = OLD.store_no AND OLD.deleted_at IS NULL;
  UPDATE stores SET ciphertext_bytes = ciphertext_bytes + NEW.size_bytes
    WHERE store_no = NEW.store_no AND NEW.deleted_at IS NULL;
END;
`

/** What the store attested of an object when it was stored, as JSON; null where that was nothing. */
const checksums = `
ALTER TABLE objects ADD COLUMN checksum TEXT;
`

/** Identities that lay in one file, and whose keys it said that they are. */
const bundles = `
CREATE TABLE key_bundles (bundle_no INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TABLE bundled_keys (
  bundle_no INTEGER NOT NULL REFERENCES key_bundles,
  key_no INTEGER NOT NULL REFERENCES keys,
  said_artifact_id TEXT,
  PRIMARY KEY (bundle_no, key_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX bundles_by_key ON bundled_keys (key_no);
`

/** A payload may have several rows: a rebuild that finds it under another key's header cannot know whose it is. Its nonce
 * tells, as long as nothing that is pinned speaks against it. Every header that was ever around a payload, whichever row
 * it was met with; `is_proved` where digests say that it is the same, and not a nonce that anybody can copy. */
const payloadsByNonce = `
CREATE INDEX payloads_by_nonce ON payloads (nonce);
CREATE VIEW payload_wraps AS
  SELECT p.payload_no, w.key_no, w.from_at, w.until_at,
    same.payload_no = p.payload_no OR coalesce(same.root = p.root, 0) AS is_proved
  FROM payloads p JOIN payloads same ON same.nonce = p.nonce
    AND (same.payload_no = p.payload_no OR coalesce(same.root = p.root, 1))
  JOIN wraps w ON w.payload_no = same.payload_no;
`

/** By how much the wall clock jumped while a retirement waited, together: a date may have come that much too early. */
const clockJumps = `
ALTER TABLE retirements ADD COLUMN ahead_ms INTEGER NOT NULL DEFAULT 0;
`

/** What a rotation leaves behind: the payload that a re-encryption replaced, which old copies still have, and names of a
 * file (hard links) that were left as they were. */
const leftBehind = `
CREATE TABLE former_payloads (
  payload_no INTEGER PRIMARY KEY REFERENCES payloads,
  version_no INTEGER NOT NULL REFERENCES versions
) STRICT;
CREATE INDEX former_payloads_by_version ON former_payloads (version_no);
CREATE TABLE other_names (
  version_no INTEGER NOT NULL REFERENCES versions,
  -- Of the name that was replaced, as it was then: its store may be removed.
  location TEXT NOT NULL,
  job_id TEXT NOT NULL,
  names INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (version_no, location, job_id)
) STRICT, WITHOUT ROWID;
`

export const migrations: readonly string[] = [
  first,
  copies,
  checksums,
  lifecycle,
  kits,
  retirementTables,
  bundles,
  payloadsByNonce,
  clockJumps,
  leftBehind,
]
