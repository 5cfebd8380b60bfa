-- Notices: what was told to whom (the console shows it), and what is still to be carried out of the house.

CREATE TABLE told (
  id INTEGER PRIMARY KEY,
  addressee TEXT NOT NULL,
  addressee_id INTEGER NOT NULL,
  voice INTEGER NOT NULL DEFAULT 0,
  what TEXT NOT NULL,
  levels INTEGER NOT NULL DEFAULT 0,
  about TEXT NOT NULL,
  about_id INTEGER NOT NULL,
  at INTEGER NOT NULL
);
CREATE UNIQUE INDEX told_once ON told (addressee, addressee_id, voice, what, levels, about, about_id, at);
CREATE INDEX told_at ON told (at);

-- What notices were until now. The old table goes with a later release.
INSERT INTO told (addressee, addressee_id, what, levels, about, about_id, at)
SELECT
  CASE WHEN unit IS NOT NULL THEN 'unit' ELSE 'place' END,
  COALESCE(unit, place),
  substr(kind, 1, instr(kind || '.', '.') - 1),
  CASE WHEN kind LIKE '%.unit' THEN 0 ELSE CAST(substr(kind, instr(kind || '.', '.') + 1) AS INTEGER) END,
  'case', case_no, at
FROM notice WHERE COALESCE(unit, place) IS NOT NULL
ON CONFLICT DO NOTHING;

-- How a member of staff wants to be rung; addresses are sealed.
CREATE TABLE notice_choice (
  staff INTEGER PRIMARY KEY,
  email BLOB,
  hook BLOB,
  quiet_from INTEGER,
  quiet_to INTEGER,
  digest INTEGER,
  lang TEXT NOT NULL
);

-- Residents who asked for no messages about their report.
CREATE TABLE notice_mute (
  case_no INTEGER NOT NULL,
  voice INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (case_no, voice)
) WITHOUT ROWID;

-- One person's box for one channel: what is due to be looked at, and how the last try went.
CREATE TABLE notice_box (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  owner TEXT NOT NULL,
  owner_id INTEGER NOT NULL,
  voice INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  error TEXT
);
CREATE UNIQUE INDEX notice_box_whose ON notice_box (channel, owner, owner_id, voice);
CREATE INDEX notice_box_next ON notice_box (channel, next_at) WHERE next_at IS NOT NULL;

-- A letter is closed before its first try, so that each try carries the same, under the same key.
CREATE TABLE letter (
  id INTEGER PRIMARY KEY,
  box INTEGER NOT NULL,
  token BLOB NOT NULL,
  urgent INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  ended_at INTEGER,
  ending TEXT
);
CREATE INDEX letter_open ON letter (box) WHERE ended_at IS NULL;
CREATE INDEX letter_ended ON letter (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  box INTEGER NOT NULL,
  told INTEGER NOT NULL,
  urgent INTEGER NOT NULL,
  ready_at INTEGER NOT NULL,
  letter INTEGER
);
CREATE INDEX outbox_waiting ON outbox (box) WHERE letter IS NULL;
CREATE INDEX outbox_letter ON outbox (letter) WHERE letter IS NOT NULL;

CREATE TABLE letter_try (
  id INTEGER PRIMARY KEY,
  letter INTEGER NOT NULL,
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  error TEXT
);
CREATE INDEX letter_try_letter ON letter_try (letter);

-- Everybody who spoke in a case and in those that were merged into it.
CREATE INDEX cases_merged_into ON cases (merged_into) WHERE merged_into IS NOT NULL;
