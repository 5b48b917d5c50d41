-- What waits in a queue that is only for its members: what every answer to somebody else leaves out. Few rows, of however many
-- open incidents; none where no queue is so.
CREATE INDEX incident_kept ON incident (id)
    WHERE closed_at IS NULL AND owner IS NULL AND json_extract(body, '$.queue.exclusive') AND json_extract(body, '$.queue.overflow') IS NULL;
