-- The incidents that were handed off: what the report of hand-offs reads, of however many incidents.
CREATE INDEX incident_handed ON incident (opened_at, id) WHERE json_array_length(body, '$.hand_offs') > 0;
