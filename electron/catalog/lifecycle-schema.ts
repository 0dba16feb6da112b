/** What a key's life needs beside its state: when it was called compromised, when it is to be destroyed, kits among the
 * places where copies are, and incidents. */
export const lifecycle = `
-- Stays when the key is destroyed: whatever it ever wrapped is tainted until it is encrypted anew.
ALTER TABLE keys ADD COLUMN compromised_at INTEGER;
-- Of a key that is scheduled for destruction.
ALTER TABLE keys ADD COLUMN destroy_at INTEGER;

CREATE TABLE key_copies_with_kits (
  key_no INTEGER NOT NULL REFERENCES keys,
  place TEXT NOT NULL CHECK (place IN ('keychain', 'export', 'import', 'kit')),
  location TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('present', 'destroyed', 'found-missing', 'out-of-reach', 'not-here')),
  at INTEGER NOT NULL,
  last_seen_at INTEGER,
  PRIMARY KEY (key_no, place, location)
) STRICT, WITHOUT ROWID;
INSERT INTO key_copies_with_kits SELECT * FROM key_copies;
DROP TABLE key_copies;
ALTER TABLE key_copies_with_kits RENAME TO key_copies;

-- A compromise that was reported. What it tainted is noted as it was then: a re-encryption gives a version another
-- payload, and what had been exposed stays known.
CREATE TABLE incidents (
  incident_no INTEGER PRIMARY KEY,
  incident_id TEXT NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  reason TEXT NOT NULL,
  -- Null where the keys were chosen one by one.
  since INTEGER
) STRICT;
CREATE TABLE incident_keys (
  incident_no INTEGER NOT NULL REFERENCES incidents,
  key_no INTEGER NOT NULL REFERENCES keys,
  PRIMARY KEY (incident_no, key_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX incidents_by_key ON incident_keys (key_no);
CREATE TABLE incident_versions (
  incident_no INTEGER NOT NULL REFERENCES incidents,
  artifact_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  nonce TEXT NOT NULL,
  name TEXT NOT NULL,
  key_no INTEGER NOT NULL REFERENCES keys,
  size_bytes INTEGER NOT NULL,
  PRIMARY KEY (incident_no, artifact_id, number)
) STRICT, WITHOUT ROWID;
-- 'version' with artifact and number, 'object-version' with store, object name and the store's own version id: left to
-- whoever has the key. 'copy' with place and location: revoked elsewhere, by somebody's word.
CREATE TABLE incident_decisions (
  incident_no INTEGER NOT NULL REFERENCES incidents,
  what TEXT NOT NULL CHECK (what IN ('version', 'object-version', 'copy')),
  subject TEXT NOT NULL,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  PRIMARY KEY (incident_no, what, subject)
) STRICT, WITHOUT ROWID;
-- Of a re-encryption that is under way: what a version's payload is to be, once every object of it was replaced.
CREATE TABLE replacements (
  version_no INTEGER PRIMARY KEY REFERENCES versions,
  payload_no INTEGER NOT NULL REFERENCES payloads,
  job_id TEXT NOT NULL
) STRICT;
`
