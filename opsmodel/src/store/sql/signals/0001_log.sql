-- signals.db: what came in, in the order of arrival. Rows are appended, never changed, and have no secondary index.
-- Columns are bigint, text or blob, so that the same text serves PostgreSQL; INTEGER PRIMARY KEY and WITHOUT ROWID are
-- SQLite's words for the order on disk.

CREATE TABLE signal (
    id          INTEGER PRIMARY KEY,  -- 1, 2, 3 ... without a gap
    received_at bigint NOT NULL,      -- milliseconds since the epoch
    line        text   NOT NULL,
    peer        text   NOT NULL,
    answer      text   NOT NULL,      -- ack, nak, duh, none
    account     text,
    token       text   NOT NULL,
    sequence    bigint,
    part        bigint NOT NULL,
    parts       bigint NOT NULL,
    marks       bigint NOT NULL,
    content     bigint NOT NULL,      -- digest for repeat detection; the 64 bits, read as signed
    code        text,                 -- '130', 'BA'; null where the frame was not understood
    qualifier   bigint,               -- 1, 3, 6
    grp         bigint,
    number      bigint,
    address     text,
    user_number bigint,
    peripheral  bigint,
    device_time text,
    message     text,                 -- free text that the panel sent along
    raw         blob   NOT NULL,      -- the frame as received
    digest      blob   NOT NULL       -- SHA-256 over the digest before and this row
);

-- What each line carried in each minute (minutes since the epoch): the left side of conservation.
CREATE TABLE line_count (
    minute       bigint NOT NULL,
    line         text   NOT NULL,
    received     bigint NOT NULL,
    acknowledged bigint NOT NULL,
    supervised   bigint NOT NULL,
    refused      bigint NOT NULL,
    noise        bigint NOT NULL,
    PRIMARY KEY (minute, line)
) WITHOUT ROWID;

-- Where each chain ends: without it nobody would miss the last rows.
CREATE TABLE chain_head (
    chain  text   NOT NULL PRIMARY KEY,
    seq    bigint NOT NULL,
    digest blob   NOT NULL
) WITHOUT ROWID;
