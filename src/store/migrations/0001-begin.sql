-- Times are milliseconds since 1970, minutes are counted since then.
CREATE TABLE bans (
  id INTEGER PRIMARY KEY,
  target TEXT NOT NULL,
  began INTEGER NOT NULL,
  until INTEGER NOT NULL,
  ended INTEGER,
  rule TEXT NOT NULL,
  reason TEXT NOT NULL,
  offences INTEGER NOT NULL,
  evidence TEXT NOT NULL
) STRICT;
CREATE INDEX bans_by_target ON bans (target, id);
CREATE INDEX bans_by_end ON bans (until);

CREATE TABLE trust (
  address TEXT PRIMARY KEY,
  credit REAL NOT NULL,
  at INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  logins INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE positions (
  path TEXT PRIMARY KEY,
  inode TEXT NOT NULL,
  offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE counters (
  minute INTEGER NOT NULL,
  name TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (minute, name)
) STRICT, WITHOUT ROWID;
