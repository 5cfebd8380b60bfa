-- The two registrations. What is personal is sealed in `content` under the key of a person of its own; the three
-- indexes are blind. All of that is null once the content is deleted; what remains says who handed off how much.

CREATE TABLE registration (
  no INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  -- The registration of who filled the form in for the whole household; null for theirs.
  household INTEGER,
  doorway INTEGER NOT NULL,
  place INTEGER NOT NULL,
  state TEXT NOT NULL,
  since INTEGER NOT NULL,
  declared_at INTEGER NOT NULL,
  due INTEGER NOT NULL,
  form INTEGER NOT NULL,
  failed TEXT,
  confirmed_at INTEGER,
  verified_at INTEGER,
  batch INTEGER,
  handed_off_at INTEGER,
  accepted INTEGER,
  valid_until INTEGER,
  delete_at INTEGER,
  version INTEGER NOT NULL,
  head BLOB NOT NULL,
  person BLOB,
  content BLOB,
  id_ix BLOB,
  phone_ix BLOB,
  dwelling_ix BLOB,
  submission BLOB
);
CREATE INDEX registration_household ON registration (household) WHERE household IS NOT NULL;
CREATE INDEX registration_desk ON registration (place, state, due);
CREATE INDEX registration_delete ON registration (delete_at) WHERE delete_at IS NOT NULL;
CREATE INDEX registration_batch ON registration (batch) WHERE batch IS NOT NULL;
CREATE INDEX registration_id ON registration (id_ix) WHERE id_ix IS NOT NULL;
CREATE INDEX registration_phone ON registration (phone_ix) WHERE phone_ix IS NOT NULL;
CREATE INDEX registration_dwelling ON registration (dwelling_ix) WHERE dwelling_ix IS NOT NULL;
CREATE UNIQUE INDEX registration_submission ON registration (submission) WHERE submission IS NOT NULL;

-- One code that waits for one phone; a newer one takes its place. `code` is a keyed digest.
CREATE TABLE phone_code (
  phone_ix BLOB PRIMARY KEY,
  code BLOB NOT NULL,
  sent_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  sent INTEGER NOT NULL
) WITHOUT ROWID;

-- Forms as they were published, never changed.
CREATE TABLE form (
  kind TEXT NOT NULL,
  version INTEGER NOT NULL,
  body TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  PRIMARY KEY (kind, version)
) WITHOUT ROWID;

CREATE TABLE registration_look (
  id INTEGER PRIMARY KEY,
  registration INTEGER NOT NULL,
  staff INTEGER NOT NULL,
  place INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  outside INTEGER NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX registration_look_of ON registration_look (registration);
CREATE INDEX registration_look_place ON registration_look (place, at) WHERE outside = 1;

-- The receipt of a hand-off: to whom, on what ground, how many, and the digest of what was given.
CREATE TABLE hand_off (
  no INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  place INTEGER,
  authority TEXT NOT NULL,
  basis TEXT NOT NULL,
  staff INTEGER,
  at INTEGER NOT NULL,
  records INTEGER NOT NULL,
  digest BLOB NOT NULL,
  signature BLOB NOT NULL,
  answered_at INTEGER,
  accepted INTEGER NOT NULL,
  refused INTEGER NOT NULL
);
