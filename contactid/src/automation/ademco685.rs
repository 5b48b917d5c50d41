//! Ademco 685 records, and those of CAPS, CP-220 and FE100 receivers.
