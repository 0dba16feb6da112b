/** The catalog as it was first made: version 1. What came later stands in `schema.ts`. */
export const first = `
CREATE TABLE installation (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  installation_id TEXT NOT NULL,
  machine_id TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE stores (
  store_no INTEGER PRIMARY KEY,
  store_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE,
  kind TEXT NOT NULL,
  settings TEXT NOT NULL,
  location TEXT NOT NULL,
  is_default INTEGER NOT NULL,
  added_at INTEGER NOT NULL,
  -- Kept by triggers.
  ciphertext_bytes INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX one_default_store ON stores (is_default) WHERE is_default = 1;

CREATE TABLE artifacts (
  artifact_no INTEGER PRIMARY KEY,
  artifact_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  folder TEXT NOT NULL,
  name_key TEXT NOT NULL,
  -- Tells artifacts of one name apart in object names: model.pkl.age, model-2.pkl.age.
  name_number INTEGER NOT NULL,
  ownership TEXT NOT NULL CHECK (ownership IN ('owner', 'reader')),
  created_at INTEGER NOT NULL,
  in_search INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX artifacts_by_name ON artifacts (name);

CREATE TABLE keys (
  key_no INTEGER PRIMARY KEY,
  key_id TEXT NOT NULL UNIQUE,
  artifact_no INTEGER REFERENCES artifacts,
  number INTEGER NOT NULL,
  alias TEXT NOT NULL,
  search_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state IN ('pre-activation', 'active', 'suspended', 'deactivated', 'compromised', 'destroyed')
  ),
  algorithm TEXT NOT NULL,
  recipient TEXT NOT NULL,
  backend TEXT NOT NULL,
  made_on TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('made', 'imported', 'rebuilt')),
  reason TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  activated_at INTEGER,
  -- When it last left the state active.
  inactive_at INTEGER,
  -- Kept by refresh.ts.
  protects INTEGER NOT NULL DEFAULT 0,
  protects_bytes INTEGER NOT NULL DEFAULT 0,
  copies_elsewhere INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX one_active_key ON keys (artifact_no) WHERE state = 'active';
CREATE UNIQUE INDEX keys_by_artifact ON keys (artifact_no, number);
CREATE INDEX keys_by_recipient ON keys (recipient);
-- All that the inventory searches, filters, counts and sorts by, so that it need not read the rows.
CREATE INDEX keys_by_search_key ON keys (search_key, state, activated_at, protects, origin);
CREATE INDEX keys_for_inventory ON keys (
  state, activated_at, created_at, inactive_at, protects, protects_bytes, origin
);

CREATE TABLE key_copies (
  key_no INTEGER NOT NULL REFERENCES keys,
  place TEXT NOT NULL CHECK (place IN ('keychain', 'export', 'import')),
  location TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('present', 'destroyed', 'found-missing', 'out-of-reach', 'not-here')),
  at INTEGER NOT NULL,
  last_seen_at INTEGER,
  PRIMARY KEY (key_no, place, location)
) STRICT, WITHOUT ROWID;

CREATE TABLE key_events (
  event_no INTEGER PRIMARY KEY,
  key_no INTEGER NOT NULL REFERENCES keys,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  from_state TEXT,
  to_state TEXT,
  reason TEXT NOT NULL,
  who TEXT NOT NULL
) STRICT;
CREATE INDEX key_events_by_key ON key_events (key_no);

CREATE TABLE payloads (
  payload_no INTEGER PRIMARY KEY,
  nonce TEXT NOT NULL,
  root TEXT,
  algorithm TEXT NOT NULL,
  leaf_digests BLOB
) STRICT;

CREATE TABLE wraps (
  wrap_no INTEGER PRIMARY KEY,
  payload_no INTEGER NOT NULL REFERENCES payloads,
  key_no INTEGER NOT NULL REFERENCES keys,
  fingerprint TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  until_at INTEGER,
  is_pinned INTEGER NOT NULL,
  UNIQUE (payload_no, fingerprint)
) STRICT;
CREATE INDEX wraps_by_fingerprint ON wraps (fingerprint);
CREATE INDEX wraps_by_key ON wraps (key_no, payload_no);

CREATE TABLE versions (
  version_no INTEGER PRIMARY KEY,
  artifact_no INTEGER NOT NULL REFERENCES artifacts,
  number INTEGER NOT NULL CHECK (number > 0),
  payload_no INTEGER NOT NULL REFERENCES payloads,
  job_id TEXT,
  plaintext_bytes INTEGER NOT NULL,
  is_folder INTEGER NOT NULL,
  encrypted_at INTEGER NOT NULL,
  is_unresolved INTEGER NOT NULL,
  -- Kept by refresh.ts.
  status TEXT NOT NULL DEFAULT 'stored',
  kind TEXT NOT NULL,
  kind_label TEXT NOT NULL,
  checked_at INTEGER,
  checked_how TEXT,
  note TEXT,
  summary TEXT,
  manifest TEXT,
  UNIQUE (artifact_no, number)
) STRICT;
CREATE INDEX versions_by_payload ON versions (payload_no);

CREATE TABLE objects (
  object_no INTEGER PRIMARY KEY,
  version_no INTEGER NOT NULL REFERENCES versions,
  store_no INTEGER NOT NULL REFERENCES stores,
  object_name TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  revision TEXT NOT NULL,
  is_present INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  UNIQUE (store_no, object_name)
) STRICT;
CREATE INDEX objects_by_version ON objects (version_no);
CREATE TRIGGER object_added AFTER INSERT ON objects BEGIN
  UPDATE stores SET ciphertext_bytes = ciphertext_bytes + NEW.size_bytes WHERE store_no = NEW.store_no;
END;
CREATE TRIGGER object_removed AFTER DELETE ON objects BEGIN
  UPDATE stores SET ciphertext_bytes = ciphertext_bytes - OLD.size_bytes WHERE store_no = OLD.store_no;
END;
CREATE TRIGGER object_changed AFTER UPDATE OF store_no, size_bytes ON objects BEGIN
  UPDATE stores SET ciphertext_bytes = ciphertext_bytes - OLD.size_bytes WHERE store_no = OLD.store_no;
  UPDATE stores SET ciphertext_bytes = ciphertext_bytes + NEW.size_bytes WHERE store_no = NEW.store_no;
END;

CREATE TABLE foreign_objects (
  store_no INTEGER NOT NULL REFERENCES stores,
  folder TEXT NOT NULL,
  object_name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  is_age_file INTEGER NOT NULL,
  PRIMARY KEY (store_no, folder, object_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE reservations (
  job_id TEXT PRIMARY KEY,
  artifact_no INTEGER NOT NULL REFERENCES artifacts,
  store_no INTEGER NOT NULL REFERENCES stores,
  number INTEGER NOT NULL,
  object_name TEXT NOT NULL,
  is_new_artifact INTEGER NOT NULL,
  reserved_at INTEGER NOT NULL,
  UNIQUE (artifact_no, number),
  UNIQUE (store_no, object_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  job_no INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  is_open INTEGER NOT NULL,
  title TEXT NOT NULL,
  target TEXT NOT NULL,
  artifact_id TEXT,
  key_id TEXT,
  spec TEXT NOT NULL,
  done_bytes INTEGER NOT NULL,
  total_bytes INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  paused_at INTEGER,
  failure TEXT,
  safe TEXT,
  outcome TEXT,
  report TEXT NOT NULL,
  who TEXT NOT NULL,
  via TEXT NOT NULL
) STRICT;
CREATE INDEX jobs_by_end ON jobs (is_open, ended_at);

CREATE TABLE job_steps (
  job_no INTEGER NOT NULL REFERENCES jobs,
  n INTEGER NOT NULL,
  step TEXT NOT NULL,
  at INTEGER NOT NULL,
  facts TEXT NOT NULL,
  PRIMARY KEY (job_no, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  category TEXT NOT NULL,
  subject TEXT NOT NULL,
  artifact_id TEXT,
  key_id TEXT,
  job_id TEXT,
  who TEXT NOT NULL,
  via TEXT NOT NULL,
  facts TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_event ON audit (event);
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- What lists sort and filter by, thin, one row for each artifact and scope: 0 is every store, else a store's number.
-- Kept by refresh.ts.
CREATE TABLE artifact_list (
  scope INTEGER NOT NULL,
  folder TEXT NOT NULL,
  artifact_no INTEGER NOT NULL REFERENCES artifacts,
  version_no INTEGER NOT NULL REFERENCES versions,
  object_no INTEGER NOT NULL REFERENCES objects,
  wrap_no INTEGER NOT NULL REFERENCES wraps,
  name_key TEXT NOT NULL,
  kind_label TEXT NOT NULL,
  plaintext_bytes INTEGER NOT NULL,
  ciphertext_bytes INTEGER NOT NULL,
  encrypted_at INTEGER NOT NULL,
  key_rank INTEGER NOT NULL,
  PRIMARY KEY (scope, folder, artifact_no)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX artifact_list_by_artifact ON artifact_list (artifact_no, scope);

-- How many rows each scope has. Kept by triggers.
CREATE TABLE list_totals (scope INTEGER PRIMARY KEY, artifacts INTEGER NOT NULL) STRICT;
CREATE TRIGGER listed AFTER INSERT ON artifact_list BEGIN
  INSERT INTO list_totals VALUES (NEW.scope, 1) ON CONFLICT (scope) DO UPDATE SET artifacts = artifacts + 1;
END;
CREATE TRIGGER unlisted AFTER DELETE ON artifact_list BEGIN
  UPDATE list_totals SET artifacts = artifacts - 1 WHERE scope = OLD.scope;
END;

CREATE VIRTUAL TABLE search USING fts5 (name, content = '', contentless_delete = 1, tokenize = 'trigram');
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
`
