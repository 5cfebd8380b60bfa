-- Drawing precincts: drafts, whose history is events like all others, and searches for plans, which are derived and carry
-- none.
CREATE TABLE precinct_draft (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  owner INTEGER NOT NULL,
  state TEXT NOT NULL,
  holds_from INTEGER,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  head BLOB NOT NULL
);
CREATE INDEX precinct_draft_state ON precinct_draft (state, holds_from);

CREATE TABLE precinct_draft_share (
  draft INTEGER NOT NULL,
  staff INTEGER NOT NULL,
  PRIMARY KEY (draft, staff)
);
CREATE INDEX precinct_draft_share_staff ON precinct_draft_share (staff);

CREATE TABLE precinct_search (
  id INTEGER PRIMARY KEY,
  staff INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  asked TEXT NOT NULL,
  progress TEXT NOT NULL,
  found TEXT NOT NULL
);
CREATE INDEX precinct_search_state ON precinct_search (state);

CREATE INDEX place_parent_parent ON place_parent (parent);
