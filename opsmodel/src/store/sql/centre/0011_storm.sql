-- Storms as they stand, projected from the journal streams 'storm-1', 'storm-2' ...; their ledgers a line a row.
CREATE TABLE storm (
    id          INTEGER PRIMARY KEY,
    area_of     text   NOT NULL,
    area_name   text   NOT NULL,
    declared_at bigint NOT NULL,
    calm_at     bigint,                -- when it stopped grouping
    ended_at    bigint,
    version     bigint NOT NULL,
    body        text   NOT NULL        -- JSON, without the ledger
);
CREATE INDEX storm_open ON storm (id) WHERE ended_at IS NULL;
CREATE INDEX storm_declared ON storm (declared_at);
CREATE INDEX storm_calm ON storm (area_of, area_name, calm_at) WHERE calm_at IS NOT NULL;

CREATE TABLE storm_line (
    storm   bigint NOT NULL,
    account text   NOT NULL,
    kind    text   NOT NULL,
    settled bigint NOT NULL,           -- 0 while nobody has caught up on it
    body    text   NOT NULL,           -- JSON
    PRIMARY KEY (storm, account, kind)
) WITHOUT ROWID;
