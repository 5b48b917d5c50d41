-- The strange sources of accounts that operators were told of lately: projected from the events of incidents.
CREATE TABLE source_told (
    account text   NOT NULL,
    source  text   NOT NULL,
    at      bigint NOT NULL,
    PRIMARY KEY (account, source)
) WITHOUT ROWID;
