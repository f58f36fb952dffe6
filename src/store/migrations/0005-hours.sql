-- The counters once more, summed up by the hour: a week of them is soon read. Hours are counted since 1970.
CREATE TABLE hours (
  hour INTEGER NOT NULL,
  name TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (hour, name)
) STRICT, WITHOUT ROWID;
INSERT INTO hours SELECT minute / 60, name, sum(count) FROM counters GROUP BY minute / 60, name;
