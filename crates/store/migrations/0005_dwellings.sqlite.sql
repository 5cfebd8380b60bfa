-- Dwellings of doorways, dated and never deleted, and invitations to make an account one's own.

-- A doorway without a row here has the dwellings that its floors and flats suppose (domain/dwellings.rs). A change
-- of name ends one version and begins the next.
CREATE TABLE dwelling (
  doorway INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  version INTEGER NOT NULL,
  number TEXT NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER,
  PRIMARY KEY (doorway, ordinal, version)
) WITHOUT ROWID;
CREATE UNIQUE INDEX dwelling_number ON dwelling (doorway, number) WHERE valid_to IS NULL;

-- The link itself is told once; what is kept is its hash.
CREATE TABLE invitation (
  token BLOB PRIMARY KEY,
  staff INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  used_at INTEGER
) WITHOUT ROWID;
CREATE INDEX invitation_staff ON invitation (staff);
