-- What a survey says of the neighbourhoods: their outlines, who borders on whom, what is wrong with that. Replaced as a
-- whole. Metres and square metres of a plane; rings as JSON.
CREATE TABLE outline (
  place INTEGER PRIMARY KEY,
  area INTEGER NOT NULL,
  x INTEGER NOT NULL,
  y INTEGER NOT NULL,
  rings TEXT NOT NULL
);

CREATE TABLE border (
  a INTEGER NOT NULL,
  b INTEGER NOT NULL,
  metres INTEGER NOT NULL,
  PRIMARY KEY (a, b)
);

CREATE TABLE outline_fault (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  places TEXT NOT NULL,
  area INTEGER NOT NULL
);
