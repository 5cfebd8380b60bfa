-- Problems with their plans and whistles, and the precincts' meetings. Their histories are events like all
-- others; these rows are what lists need.

ALTER TABLE cases ADD COLUMN problem INTEGER;
ALTER TABLE cases ADD COLUMN referred_by INTEGER;
CREATE INDEX cases_problem ON cases (problem) WHERE problem IS NOT NULL;

CREATE TABLE problem (
  id INTEGER PRIMARY KEY,
  p1 INTEGER, p2 INTEGER, p3 INTEGER, p4 INTEGER,
  title TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL,
  lead INTEGER,
  opened_at INTEGER NOT NULL,
  due INTEGER NOT NULL,
  next_due INTEGER,
  cases INTEGER NOT NULL,
  voices INTEGER NOT NULL,
  settled_at INTEGER,
  closed_at INTEGER,
  review_on INTEGER,
  version INTEGER NOT NULL,
  head BLOB NOT NULL
);
CREATE INDEX problem_p1 ON problem (p1);
CREATE INDEX problem_p2 ON problem (p2);
CREATE INDEX problem_p3 ON problem (p3);
CREATE INDEX problem_p4 ON problem (p4);

-- What each unit has in a problem: the lead, a task, an application, a duty, a call.
CREATE TABLE problem_part (
  problem INTEGER NOT NULL,
  kind TEXT NOT NULL,
  part INTEGER NOT NULL,
  unit INTEGER NOT NULL,
  what TEXT NOT NULL,
  state TEXT NOT NULL,
  due INTEGER,
  begun_at INTEGER NOT NULL,
  answer_due INTEGER,
  answered_at INTEGER,
  muster_due INTEGER,
  mustered_at INTEGER,
  climbed INTEGER NOT NULL,
  needless INTEGER NOT NULL,
  PRIMARY KEY (problem, kind, part, unit)
) WITHOUT ROWID;
CREATE INDEX problem_part_unit ON problem_part (unit, problem);

CREATE TABLE meeting (
  id INTEGER PRIMARY KEY,
  place INTEGER NOT NULL,
  held_on INTEGER NOT NULL,
  closed_at INTEGER,
  decisions INTEGER NOT NULL,
  version INTEGER NOT NULL,
  head BLOB NOT NULL
);
CREATE INDEX meeting_place ON meeting (place);
