//! Robofon 8.
