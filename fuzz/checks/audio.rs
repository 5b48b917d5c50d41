//! Samples of a telephone line.

/// Each target by its name.
pub const TARGETS: &[super::Target] = &[];
