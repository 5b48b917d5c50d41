-- Which incidents show a signal: what only rules of the policy logged is known to be shown by it, when these rules hold no longer.
CREATE INDEX incident_signal_signal ON incident_signal (signal);
