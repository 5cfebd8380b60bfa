-- What people said that cases are about, beside what the program had proposed: one row a case, from its first dispatch.
CREATE TABLE subject_choice (
  case_no INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  staff INTEGER NOT NULL,
  proposed TEXT NOT NULL,
  chosen TEXT NOT NULL,
  unsure INTEGER NOT NULL,
  forgotten INTEGER NOT NULL
);
CREATE INDEX subject_choice_at ON subject_choice (at);
CREATE INDEX subject_choice_corrected ON subject_choice (case_no) WHERE proposed <> chosen AND forgotten = 0;
