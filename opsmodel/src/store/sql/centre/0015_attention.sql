-- Who acted on incidents when, and let an offer pass since, projected from the journal streams 'incident-1' ... .
CREATE TABLE attention (
    operator  bigint PRIMARY KEY,
    acted_at  bigint,
    missed_at bigint               -- null where they have acted since
) WITHOUT ROWID;
INSERT INTO attention (operator, acted_at)
SELECT by_id, max(at) FROM journal WHERE stream >= 'incident-' AND stream < 'incident.' AND by_id > 0 GROUP BY by_id;
