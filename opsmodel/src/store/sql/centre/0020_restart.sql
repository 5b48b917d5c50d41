-- Whether a trouble counts towards a storm, whatever rule decided of it: 1; null for every other signal.
ALTER TABLE disposition ADD COLUMN counted bigint;
CREATE INDEX disposition_counted ON disposition (at) WHERE counted = 1;

-- When overrides of the policy ended, as far as the desk has come. It is where the desk stands, as its cursor is.
CREATE TABLE override_over (at bigint NOT NULL PRIMARY KEY) WITHOUT ROWID;
