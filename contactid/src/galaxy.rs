//! Honeywell Galaxy: its line check and its text message, around DC-03 blocks.
