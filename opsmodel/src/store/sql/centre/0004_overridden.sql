-- Whose override of the policy decided of a signal: 'account', or 'site' and its name; null for the rules of the centre.
ALTER TABLE disposition ADD COLUMN overridden text;
