//! Radionics D6500 records.
