-- Whether a signal came from where its account's card does not list, and therefore lowered, ended and satisfied nothing: 1; null for
-- every other.
ALTER TABLE disposition ADD COLUMN unweighed bigint;
