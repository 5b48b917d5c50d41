-- Since when a card has changes that nobody has reviewed; null for one that has none.
ALTER TABLE account ADD COLUMN pending_since bigint;
CREATE INDEX account_pending ON account (pending_since) WHERE pending_since IS NOT NULL;
