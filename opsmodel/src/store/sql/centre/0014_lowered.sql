-- What is kept of lowered protection by account, projected from the journal streams 'lowered-1001' ...
CREATE TABLE lowered (
    account text   PRIMARY KEY,
    open    bigint NOT NULL,        -- suspensions and agreements in force, and rows of the board that are somebody's own
    version bigint NOT NULL,
    body    text   NOT NULL         -- JSON
) WITHOUT ROWID;
CREATE INDEX lowered_open ON lowered (account) WHERE open > 0;
