-- Closed incidents that an authority still has: its last word is awaited until then.
ALTER TABLE incident ADD COLUMN followed_until bigint;
CREATE INDEX incident_followed ON incident (followed_until) WHERE followed_until IS NOT NULL;
