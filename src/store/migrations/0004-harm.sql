-- What a ban cost and kept out, and the attacks that bans were part of.
ALTER TABLE bans ADD COLUMN mail_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bans ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE bans ADD COLUMN mail_lost INTEGER NOT NULL DEFAULT 0;
CREATE INDEX bans_by_begin ON bans (began, id);

CREATE TABLE incidents (
  began INTEGER PRIMARY KEY,
  ended INTEGER NOT NULL,
  summary TEXT NOT NULL
) STRICT;
