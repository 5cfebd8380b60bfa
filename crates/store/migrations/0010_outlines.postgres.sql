-- What a survey says of the neighbourhoods: their outlines, who borders on whom, what is wrong with that. Replaced as a
-- whole. Metres and square metres of a plane; rings as JSON.
CREATE TABLE outline (
  place BIGINT PRIMARY KEY,
  area BIGINT NOT NULL,
  x BIGINT NOT NULL,
  y BIGINT NOT NULL,
  rings TEXT NOT NULL
);

CREATE TABLE border (
  a BIGINT NOT NULL,
  b BIGINT NOT NULL,
  metres BIGINT NOT NULL,
  PRIMARY KEY (a, b)
);

CREATE TABLE outline_fault (
  id BIGINT PRIMARY KEY,
  kind TEXT NOT NULL,
  places TEXT NOT NULL,
  area BIGINT NOT NULL
);
