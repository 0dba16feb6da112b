/** What a key's life needs beside its state: when it was called compromised, when it is to be destroyed, and kits among
 * the places where copies are. */
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
`
