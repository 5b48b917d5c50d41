-- Who is signed in, by the digest of the token in their cookie: the token itself is nowhere.
CREATE TABLE session (
    digest    blob PRIMARY KEY,
    operator  bigint NOT NULL,
    password  bigint NOT NULL,     -- the version of the password that it was opened with
    lang      text NOT NULL,
    opened_at bigint NOT NULL,
    used_at   bigint NOT NULL
) WITHOUT ROWID;
