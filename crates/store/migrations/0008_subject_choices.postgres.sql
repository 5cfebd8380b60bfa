-- What people said that cases are about, beside what the program had proposed: one row a case, from its first dispatch.
CREATE TABLE subject_choice (
  case_no BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  staff BIGINT NOT NULL,
  proposed TEXT NOT NULL,
  chosen TEXT NOT NULL,
  unsure BIGINT NOT NULL,
  forgotten BIGINT NOT NULL
);
CREATE INDEX subject_choice_at ON subject_choice (at);
CREATE INDEX subject_choice_corrected ON subject_choice (case_no) WHERE proposed <> chosen AND forgotten = 0;
