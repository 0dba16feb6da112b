/** Retirements that are waiting, and the certificates of those that ended. */
export const retirementTables = `
-- One for each artifact whose keys are scheduled for destruction; gone when its destruction begins or is cancelled.
CREATE TABLE retirements (
  artifact_no INTEGER PRIMARY KEY REFERENCES artifacts,
  scheduled_at INTEGER NOT NULL,
  destroy_at INTEGER NOT NULL,
  who TEXT NOT NULL,
  via TEXT NOT NULL,
  delete_ciphertext INTEGER NOT NULL,
  -- The keys and versions whose loss was confirmed, as JSON.
  confirmed TEXT NOT NULL,
  waits TEXT CHECK (waits IN ('closed', 'clock', 'moved', 'changed', 'begun'))
) STRICT;
CREATE TABLE retirement_keys (
  artifact_no INTEGER NOT NULL REFERENCES retirements ON DELETE CASCADE,
  key_no INTEGER NOT NULL REFERENCES keys,
  -- It returns to this state when the retirement is cancelled.
  state_before TEXT NOT NULL,
  PRIMARY KEY (artifact_no, key_no)
) STRICT, WITHOUT ROWID;

-- The statement is the signed file, byte for byte.
CREATE TABLE certificates (
  certificate_no INTEGER PRIMARY KEY,
  certificate_id TEXT NOT NULL UNIQUE,
  artifact_id TEXT NOT NULL,
  artifact_name TEXT NOT NULL,
  at INTEGER NOT NULL,
  statement TEXT NOT NULL,
  signature TEXT NOT NULL,
  public_key TEXT NOT NULL
) STRICT;
CREATE INDEX certificates_by_artifact ON certificates (artifact_id);
`
