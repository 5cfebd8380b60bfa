-- What is budding: one row a warning, as it stands; what was decided about it is an event of whoever decided.
CREATE TABLE warning (
  id INTEGER PRIMARY KEY,
  precinct INTEGER NOT NULL,
  open INTEGER NOT NULL,
  last_on INTEGER NOT NULL,
  body TEXT NOT NULL
);
CREATE INDEX warning_precinct ON warning (precinct, last_on);
CREATE INDEX warning_last ON warning (last_on);
