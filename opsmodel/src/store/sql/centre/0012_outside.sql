-- Which way out performs an effect: null while the desk itself does, by showing it to people. `attempts` of such a row counts
-- what was tried on that way.
ALTER TABLE outbox ADD COLUMN way text;
DROP INDEX outbox_owed;
CREATE INDEX outbox_owed ON outbox (due_at, id) WHERE state = 'owed' AND way IS NULL;
CREATE INDEX outbox_way ON outbox (way, state, at, id) WHERE way IS NOT NULL;

-- What came from outside and has no place at the desk: answers to nothing, too late, or that cannot be read; and deliveries that
-- failed when nobody was at work on it any more. Kept until a person has seen it, and after.
CREATE TABLE unmatched (
    id      INTEGER PRIMARY KEY,
    way     text   NOT NULL,
    message text   NOT NULL,          -- the number that it came under, or its digest
    at      bigint NOT NULL,
    body    text   NOT NULL,          -- as it came
    code    text   NOT NULL,          -- why it has no place: a word, and in both languages
    why_en  text   NOT NULL,
    why_zh  text   NOT NULL,
    seen_at bigint,
    seen_by bigint,
    note    text,
    UNIQUE (way, message)
);
CREATE INDEX unmatched_unseen ON unmatched (id) WHERE seen_at IS NULL;
