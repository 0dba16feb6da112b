/** Recovery kits, and artifacts that were put out of sight. */
export const kits = `
CREATE TABLE kits (
  kit_no INTEGER PRIMARY KEY,
  kit_id TEXT NOT NULL UNIQUE,
  -- Where it was written, or last read.
  location TEXT NOT NULL UNIQUE,
  size_bytes INTEGER NOT NULL,
  -- SHA-256 of the file.
  digest TEXT NOT NULL UNIQUE,
  made_at INTEGER NOT NULL,
  made_here INTEGER NOT NULL,
  -- All that it holds, also of keys that are not known here.
  identities INTEGER NOT NULL,
  needs_new_age INTEGER NOT NULL,
  drilled_at INTEGER,
  -- The last drill, where it did not pass: the failure as JSON.
  failed_at INTEGER,
  failure TEXT
) STRICT;
CREATE TABLE kit_keys (
  kit_no INTEGER NOT NULL REFERENCES kits ON DELETE CASCADE,
  key_no INTEGER NOT NULL REFERENCES keys,
  PRIMARY KEY (kit_no, key_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX kits_by_key ON kit_keys (key_no);

ALTER TABLE artifacts ADD COLUMN archived_at INTEGER;
CREATE INDEX archived_artifacts ON artifacts (archived_at) WHERE archived_at IS NOT NULL;
`
