//! DC-07, D6500, MX8000, Silent Knight and ITI records.

/// Each target by its name.
pub const TARGETS: &[super::Target] = &[];
