-- Test sessions as they stand, projected from the journal streams 'test-1', 'test-2' ...
CREATE TABLE test_session (
    id         INTEGER PRIMARY KEY,
    account    text   NOT NULL,
    started_at bigint NOT NULL,
    until      bigint NOT NULL,       -- when it ends, or would have ended, by itself
    ended_at   bigint,
    version    bigint NOT NULL,
    body       text   NOT NULL        -- JSON
);
CREATE INDEX test_session_open ON test_session (account) WHERE ended_at IS NULL;
CREATE INDEX test_session_account ON test_session (account, started_at);
CREATE INDEX test_session_started ON test_session (started_at);
