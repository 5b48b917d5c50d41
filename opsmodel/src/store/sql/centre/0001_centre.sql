-- centre.db: what was decided, and the cards. Truth first (journal, disposition, card history, keys, notes, outbox), then
-- the rows that are projected from it and can be rebuilt at any time.
-- Columns are bigint, text or blob, so that the same text serves PostgreSQL; INTEGER PRIMARY KEY and WITHOUT ROWID are
-- SQLite's words for the order on disk.

-- Every event of everything that has a lifecycle, chained.
CREATE TABLE journal (
    seq     INTEGER PRIMARY KEY,
    stream  text   NOT NULL,          -- 'incident-42'
    version bigint NOT NULL,          -- 1, 2, 3 ... in the stream
    kind    text   NOT NULL,          -- 'taken'
    shape   bigint NOT NULL,          -- version of the stored form of this kind
    at      bigint NOT NULL,
    by_id   bigint,                   -- the operator; null when the centre did it
    body    text   NOT NULL,          -- JSON: ids and facts
    note    text,                     -- digest of its free text, which is in the table note
    digest  blob   NOT NULL
);
CREATE UNIQUE INDEX journal_stream ON journal (stream, version);

-- What became of each signal, and by which rule of which policy, chained. A held signal has a second step.
CREATE TABLE disposition (
    seq      INTEGER PRIMARY KEY,
    signal   bigint NOT NULL,
    step     bigint NOT NULL,         -- 1, then 2
    at       bigint NOT NULL,
    outcome  text   NOT NULL,         -- opened, joined, logged, held, repeat
    incident bigint,                  -- opened, joined
    until    bigint,                  -- held
    of       bigint,                  -- repeat
    rule     text   NOT NULL,
    policy   bigint NOT NULL,
    digest   blob   NOT NULL
);
CREATE UNIQUE INDEX disposition_signal ON disposition (signal, step);

-- Every change of every card, chained: who, when, from where, before, after, why.
CREATE TABLE card_history (
    seq     INTEGER PRIMARY KEY,
    card    text   NOT NULL,          -- account, account-key, operator, password, unit
    key     text   NOT NULL,          -- '1234'
    version bigint NOT NULL,
    at      bigint NOT NULL,
    by_id   bigint,
    origin  text   NOT NULL,
    before  text,                     -- JSON; null for the first version
    after   text   NOT NULL,
    reason  text   NOT NULL,
    digest  blob   NOT NULL
);
CREATE UNIQUE INDEX card_history_card ON card_history (card, key, version);

-- Large rows are not clustered by their key: SQLite would move a quarter page and more to pages of their own.
CREATE TABLE account (
    account   text   NOT NULL PRIMARY KEY,
    version   bigint NOT NULL,
    closed_at bigint,
    name      text   NOT NULL,
    address   text   NOT NULL,
    phone     text   NOT NULL,
    body      text   NOT NULL         -- JSON of the whole card
);

-- Secrets have tables of their own, so that no card, history, log or page can show one by accident.
CREATE TABLE account_key (
    account     text   NOT NULL PRIMARY KEY,
    version     bigint NOT NULL,
    secret      blob   NOT NULL,
    fingerprint text   NOT NULL
) WITHOUT ROWID;

CREATE TABLE unit (
    id        INTEGER PRIMARY KEY,
    version   bigint NOT NULL,
    closed_at bigint,
    name      text   NOT NULL,
    body      text   NOT NULL
);

CREATE TABLE operator (
    id        INTEGER PRIMARY KEY,
    version   bigint NOT NULL,
    closed_at bigint,
    login     text   NOT NULL,
    name      text   NOT NULL,
    role      text   NOT NULL,
    body      text   NOT NULL
);
CREATE UNIQUE INDEX operator_login ON operator (login);

CREATE TABLE operator_password (
    operator    bigint NOT NULL PRIMARY KEY,
    version     bigint NOT NULL,
    secret      text   NOT NULL,
    fingerprint text   NOT NULL
) WITHOUT ROWID;

-- Personal free text of events. The journal keeps its digest, so that the text can be erased and the chain still holds.
CREATE TABLE note (
    seq       INTEGER PRIMARY KEY,    -- the journal's
    body      text,                   -- JSON, field to text; null when erased
    erased_at bigint
);

-- What is owed to the outside. A row is performed at least once and is idempotent by its id.
CREATE TABLE outbox (
    id       text   NOT NULL PRIMARY KEY,   -- 'incident-42.3.0': stream, version, position
    at       bigint NOT NULL,
    body     text   NOT NULL,         -- JSON of the effect
    state    text   NOT NULL,         -- owed, done
    attempts bigint NOT NULL,
    due_at   bigint NOT NULL,         -- not before; while claimed: the end of the claim
    done_at  bigint,
    fault    text                     -- why the last attempt failed
) WITHOUT ROWID;
CREATE INDEX outbox_owed ON outbox (due_at, id) WHERE state = 'owed';

-- How far the desk has read the signal log.
CREATE TABLE cursor (
    reader text   NOT NULL PRIMARY KEY,
    signal bigint NOT NULL
) WITHOUT ROWID;

CREATE TABLE chain_head (
    chain  text   NOT NULL PRIMARY KEY,
    seq    bigint NOT NULL,
    digest blob   NOT NULL
) WITHOUT ROWID;

-- Projected rows from here on.

-- The look-up of signals, clustered by account and time. Reports that name no account have account ''.
CREATE TABLE signal_row (
    account     text   NOT NULL,
    received_at bigint NOT NULL,
    signal      bigint NOT NULL,
    line        text   NOT NULL,
    token       text   NOT NULL,
    sequence    bigint,
    marks       bigint NOT NULL,
    code        text,
    qualifier   bigint,
    grp         bigint,
    number      bigint,
    class       text   NOT NULL,      -- as contactid::Class spells it
    outcome     text   NOT NULL,      -- the last step's
    incident    bigint,
    rule        text   NOT NULL,
    policy      bigint NOT NULL,
    PRIMARY KEY (account, received_at, signal)
) WITHOUT ROWID;
-- A class grows at its end only, so that this index costs a commit next to nothing, whatever the size.
CREATE INDEX signal_row_class ON signal_row (class, received_at, signal);

-- Signals that are held back, until their second disposition.
CREATE TABLE held_signal (
    signal      bigint NOT NULL PRIMARY KEY,
    account     text   NOT NULL,
    received_at bigint NOT NULL,
    class       text   NOT NULL,
    at          bigint NOT NULL,
    until       bigint NOT NULL,
    rule        text   NOT NULL,
    policy      bigint NOT NULL
) WITHOUT ROWID;

-- Signals per day (days since the epoch, UTC), class and outcome.
CREATE TABLE day_count (
    day     bigint NOT NULL,
    class   text   NOT NULL,
    outcome text   NOT NULL,
    n       bigint NOT NULL,
    PRIMARY KEY (day, class, outcome)
) WITHOUT ROWID;

-- Every incident as it stands; body is the whole of it, the columns are what lists, queues and reports ask for.
CREATE TABLE incident (
    id            INTEGER PRIMARY KEY,
    account       text,
    kind          text   NOT NULL,
    priority      bigint NOT NULL,
    stage         text   NOT NULL,
    owner         bigint,
    received_at   bigint NOT NULL,    -- of the signal that opened it
    opened_at     bigint NOT NULL,
    calling_since bigint,             -- since when it calls for an operator
    taken_at      bigint,
    first_act_at  bigint,             -- first act of a person, other than taking, releasing or a note
    dispatched_at bigint,
    arrived_at    bigint,
    closed_at     bigint,
    changed_at    bigint NOT NULL,
    resolution    text,
    cause         text,               -- why it was false
    zone          bigint,             -- number in the signal that opened it
    signals       bigint NOT NULL,
    first_signal  bigint NOT NULL,
    last_signal   bigint NOT NULL,
    version       bigint NOT NULL,
    body          text   NOT NULL     -- JSON
);
CREATE INDEX incident_open ON incident (priority, opened_at, id) WHERE closed_at IS NULL;
CREATE INDEX incident_account ON incident (account, opened_at);
CREATE INDEX incident_opened ON incident (opened_at);
CREATE INDEX incident_closed ON incident (closed_at) WHERE closed_at IS NOT NULL;

CREATE TABLE incident_signal (
    incident bigint NOT NULL,
    signal   bigint NOT NULL,
    PRIMARY KEY (incident, signal)
) WITHOUT ROWID;

CREATE TABLE account_state (
    account        text   NOT NULL PRIMARY KEY,
    last_signal    bigint,
    last_signal_at bigint,
    body           text   NOT NULL    -- JSON
);
