-- Which file this was each time that a centre was started on another than the last: a copy of it. What comes to be owed after that has
-- numbers of its own.
CREATE TABLE generation (
    id    INTEGER PRIMARY KEY,
    since bigint NOT NULL,         -- 0 of the first: its numbers have no generation
    home  text   NOT NULL          -- what told the file apart; empty in a copy that no centre was started on yet
);
