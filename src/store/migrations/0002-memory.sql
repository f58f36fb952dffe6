-- What the guard has in mind, with the place in the log up to which it is so.
CREATE TABLE memory (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  at REAL NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_by_time ON memory (at);

-- The place is JSON: an offset, and the bytes around it that tell its log from another.
DROP TABLE positions;
CREATE TABLE positions (
  path TEXT PRIMARY KEY,
  place TEXT NOT NULL
) STRICT, WITHOUT ROWID;
