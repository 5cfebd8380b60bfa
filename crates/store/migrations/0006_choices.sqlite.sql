-- Whom people chose for what, and what came of it: sums that proposals are ranked by.

-- What was learnt since the sums were last brought up to date; one row an event, written with it.
CREATE TABLE choice_news (
  id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,
  p1 INTEGER, p2 INTEGER, p3 INTEGER, p4 INTEGER,
  hours TEXT NOT NULL,
  unit INTEGER NOT NULL,
  class TEXT,
  weight INTEGER NOT NULL,
  chosen INTEGER NOT NULL,
  returned INTEGER NOT NULL,
  timed INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  unsettled INTEGER NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX choice_news_subject ON choice_news (subject);

-- Choices by class of unit. Scope: a place, 0 for the district, -1 and -2 for what came in and out of working time.
CREATE TABLE choice_count (
  subject TEXT NOT NULL,
  scope INTEGER NOT NULL,
  class TEXT NOT NULL,
  chosen INTEGER NOT NULL,
  weight INTEGER NOT NULL,
  returned INTEGER NOT NULL,
  PRIMARY KEY (subject, scope, class)
) WITHOUT ROWID;

-- Outcomes by unit.
CREATE TABLE choice_unit (
  subject TEXT NOT NULL,
  unit INTEGER NOT NULL,
  chosen INTEGER NOT NULL,
  weight INTEGER NOT NULL,
  returned INTEGER NOT NULL,
  returned_weight INTEGER NOT NULL,
  timed INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  settled_weight INTEGER NOT NULL,
  unsettled INTEGER NOT NULL,
  unsettled_weight INTEGER NOT NULL,
  PRIMARY KEY (subject, unit)
) WITHOUT ROWID;
