-- Whether a signal is a trip of a zone that nobody was shown, and therefore brings it no nearer to swinging: 1; null for every other.
ALTER TABLE disposition ADD COLUMN unseen bigint;
CREATE INDEX disposition_unseen ON disposition (signal) WHERE unseen = 1;
