//! Silent Knight 9000, 9500 and 9800 calls.
