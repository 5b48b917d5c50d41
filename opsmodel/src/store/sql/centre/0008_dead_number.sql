-- Incidents in which a telephone number turned out dead: by when the last of them is to be corrected.
ALTER TABLE incident ADD COLUMN correct_by bigint;
CREATE INDEX incident_correct_by ON incident (correct_by) WHERE correct_by IS NOT NULL;
