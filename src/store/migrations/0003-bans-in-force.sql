-- Covers the question for how many are in force, and which of them match a word.
CREATE INDEX bans_in_force ON bans (until, target, rule) WHERE ended IS NULL;
