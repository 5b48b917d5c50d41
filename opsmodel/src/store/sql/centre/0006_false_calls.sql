-- The false alarms of accounts as they stand, projected from the journal streams 'false-calls-1001', 'false-calls-1002' ...
CREATE TABLE false_calls (
    account    text   PRIMARY KEY,
    standing   bigint NOT NULL,       -- how many measures stand
    version    bigint NOT NULL,
    body       text   NOT NULL        -- JSON
);
CREATE INDEX false_calls_standing ON false_calls (account) WHERE standing > 0;
