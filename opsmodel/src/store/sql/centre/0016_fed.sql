-- The offers of incidents to operators: what the report of offers reads, of however long a journal.
CREATE INDEX journal_fed ON journal (at) WHERE kind = 'fed';
