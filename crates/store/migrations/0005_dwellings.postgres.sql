-- Dwellings of doorways, dated and never deleted, and invitations to make an account one's own.

-- A doorway without a row here has the dwellings that its floors and flats suppose (domain/dwellings.rs). A change
-- of name ends one version and begins the next.
CREATE TABLE dwelling (
  doorway BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  version BIGINT NOT NULL,
  number TEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT,
  PRIMARY KEY (doorway, ordinal, version)
);
CREATE UNIQUE INDEX dwelling_number ON dwelling (doorway, number) WHERE valid_to IS NULL;

-- The link itself is told once; what is kept is its hash.
CREATE TABLE invitation (
  token BYTEA PRIMARY KEY,
  staff BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  ends_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX invitation_staff ON invitation (staff);
