-- Closed incidents of which something is still to restore: when that is due. The desk starts with them.
ALTER TABLE incident ADD COLUMN restore_due bigint;
CREATE INDEX incident_restore_due ON incident (restore_due) WHERE restore_due IS NOT NULL;
