//! Honeywell MX8000 native calls.
