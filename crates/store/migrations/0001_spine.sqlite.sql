-- The spine: territory, units, staff, codes, cases, events, jobs, search.
-- Times are milliseconds since 1970 (UTC); dates are days since 1970 in the district's own time.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE place (
  id INTEGER PRIMARY KEY,
  depth INTEGER NOT NULL,
  code TEXT NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  q INTEGER,
  r INTEGER,
  residents INTEGER NOT NULL DEFAULT 0,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER,
  successor INTEGER
);
CREATE INDEX place_code ON place (code);

CREATE TABLE place_parent (
  place INTEGER NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER,
  parent INTEGER NOT NULL,
  PRIMARY KEY (place, valid_from)
) WITHOUT ROWID;

CREATE TABLE doorway (
  id INTEGER PRIMARY KEY,
  place INTEGER NOT NULL,
  board TEXT NOT NULL,
  address TEXT NOT NULL,
  floors INTEGER NOT NULL,
  flats INTEGER NOT NULL,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER
);
CREATE UNIQUE INDEX doorway_board ON doorway (board);
CREATE INDEX doorway_place ON doorway (place, address);

-- The first issue of a code is valid without a row; a row ends one issue, and the next number is valid from then on.
CREATE TABLE code_end (
  doorway INTEGER NOT NULL,
  kind TEXT NOT NULL,
  issue INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (doorway, kind, issue)
) WITHOUT ROWID;

CREATE TABLE scan_sum (
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  scans INTEGER NOT NULL,
  PRIMARY KEY (day, kind)
) WITHOUT ROWID;

CREATE TABLE unit (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  place INTEGER,
  phone TEXT NOT NULL
);

CREATE TABLE duty (
  unit INTEGER NOT NULL,
  subject TEXT NOT NULL,
  rank INTEGER NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  PRIMARY KEY (subject, unit)
) WITHOUT ROWID;

CREATE TABLE staff (
  id INTEGER PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password TEXT NOT NULL,
  totp BLOB NOT NULL,
  totp_used INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  locked_until INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER
);

CREATE TABLE staff_role (
  staff INTEGER NOT NULL,
  role TEXT NOT NULL,
  place INTEGER,
  unit INTEGER,
  valid_from INTEGER NOT NULL,
  valid_to INTEGER
);
CREATE INDEX staff_role_staff ON staff_role (staff);

CREATE TABLE session (
  token BLOB PRIMARY KEY,
  staff INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  device TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_staff ON session (staff);

CREATE TABLE person (
  id BLOB PRIMARY KEY,
  wrapped BLOB,
  made_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE cases (
  no INTEGER PRIMARY KEY,
  p1 INTEGER, p2 INTEGER, p3 INTEGER, p4 INTEGER,
  doorway INTEGER,
  body TEXT NOT NULL,
  detail TEXT NOT NULL,
  subject TEXT NOT NULL,
  kind TEXT NOT NULL,
  urgency TEXT NOT NULL,
  channel TEXT NOT NULL,
  reported_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  unit INTEGER,
  due INTEGER,
  due_for TEXT,
  handling_due INTEGER,
  first_contact_due INTEGER,
  first_contact_at INTEGER,
  returns INTEGER NOT NULL,
  hops INTEGER NOT NULL,
  not_solved INTEGER NOT NULL,
  answered_at INTEGER,
  outcome TEXT NOT NULL,
  closed_at INTEGER,
  solved_unit TEXT,
  solved_resident TEXT,
  satisfaction TEXT,
  review_on INTEGER,
  merged_into INTEGER,
  voices INTEGER NOT NULL,
  version INTEGER NOT NULL,
  contact_tries INTEGER NOT NULL DEFAULT 0,
  head BLOB NOT NULL
);
-- Lists newest first: the row number follows the key, so these serve keyset pages as they are.
CREATE INDEX cases_p1 ON cases (p1) WHERE p1 IS NOT NULL;
CREATE INDEX cases_p2 ON cases (p2) WHERE p2 IS NOT NULL;
CREATE INDEX cases_p3 ON cases (p3) WHERE p3 IS NOT NULL;
CREATE INDEX cases_p4 ON cases (p4) WHERE p4 IS NOT NULL;
CREATE INDEX cases_unit ON cases (unit) WHERE unit IS NOT NULL;
CREATE INDEX cases_doorway ON cases (doorway) WHERE doorway IS NOT NULL AND due IS NOT NULL;
-- Work by due time: open cases only, so these stay small.
CREATE INDEX cases_due ON cases (due) WHERE due IS NOT NULL;
CREATE INDEX cases_p1_due ON cases (p1, due) WHERE due IS NOT NULL AND p1 IS NOT NULL;
CREATE INDEX cases_p2_due ON cases (p2, due) WHERE due IS NOT NULL AND p2 IS NOT NULL;
CREATE INDEX cases_p3_due ON cases (p3, due) WHERE due IS NOT NULL AND p3 IS NOT NULL;
CREATE INDEX cases_p4_due ON cases (p4, due) WHERE due IS NOT NULL AND p4 IS NOT NULL;
CREATE INDEX cases_unit_due ON cases (unit, due) WHERE due IS NOT NULL AND unit IS NOT NULL;

CREATE TABLE voice (
  case_no INTEGER NOT NULL,
  voice INTEGER NOT NULL,
  person BLOB,
  at INTEGER NOT NULL,
  submission BLOB NOT NULL,
  satisfaction TEXT,
  PRIMARY KEY (case_no, voice)
) WITHOUT ROWID;
CREATE UNIQUE INDEX voice_submission ON voice (submission);

CREATE TABLE photo (
  case_no INTEGER NOT NULL,
  voice INTEGER NOT NULL,
  jpeg BLOB NOT NULL,
  PRIMARY KEY (case_no, voice)
);

CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,
  subject_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  body TEXT NOT NULL,
  hash BLOB NOT NULL
);
CREATE UNIQUE INDEX event_chain ON event (subject, subject_id, seq);

CREATE TABLE seal (
  day INTEGER PRIMARY KEY,
  first_event INTEGER NOT NULL,
  last_event INTEGER NOT NULL,
  events INTEGER NOT NULL,
  root BLOB NOT NULL,
  previous BLOB NOT NULL,
  sealed_at INTEGER NOT NULL
);

CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  about INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  error TEXT
);
CREATE INDEX job_run_at ON job (run_at);

CREATE TABLE job_done (
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  done INTEGER NOT NULL,
  PRIMARY KEY (day, kind)
) WITHOUT ROWID;

CREATE TABLE notice (
  id INTEGER PRIMARY KEY,
  place INTEGER,
  unit INTEGER,
  case_no INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE UNIQUE INDEX notice_once ON notice (case_no, kind, at);
CREATE INDEX notice_place ON notice (place);
CREATE INDEX notice_unit ON notice (unit);

CREATE TABLE saved_view (
  id INTEGER PRIMARY KEY,
  staff INTEGER NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL
);
CREATE UNIQUE INDEX saved_view_name ON saved_view (staff, name);

CREATE TABLE look (
  id INTEGER PRIMARY KEY,
  staff INTEGER NOT NULL,
  case_no INTEGER NOT NULL,
  place INTEGER,
  purpose TEXT NOT NULL,
  at INTEGER NOT NULL
);
CREATE INDEX look_place ON look (place);

CREATE TABLE burden (
  id INTEGER PRIMARY KEY,
  staff INTEGER NOT NULL,
  page TEXT NOT NULL,
  body TEXT NOT NULL,
  minutes INTEGER,
  at INTEGER NOT NULL,
  answer TEXT
);
CREATE INDEX burden_staff ON burden (staff);

-- Two-character windows of every text, and its places: see search.rs. Row number = case number * 1024 + part.
CREATE VIRTUAL TABLE case_words USING fts5 (words, content = '', detail = none, columnsize = 0, tokenize = 'ascii');
