-- How often the other end of a way out has refused what is owed to it: part of `attempts`.
ALTER TABLE outbox ADD COLUMN refusals bigint NOT NULL DEFAULT 0;
