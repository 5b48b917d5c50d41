-- Follow-ups as they stand, projected from the journal streams 'follow-up-1', 'follow-up-2' ...
CREATE TABLE follow_up (
    id       INTEGER PRIMARY KEY,
    made_at  bigint NOT NULL,
    due_at   bigint NOT NULL,
    done_at  bigint,
    version  bigint NOT NULL,
    body     text   NOT NULL          -- JSON
);
CREATE INDEX follow_up_open ON follow_up (due_at, id) WHERE done_at IS NULL;
CREATE INDEX follow_up_made ON follow_up (made_at);
