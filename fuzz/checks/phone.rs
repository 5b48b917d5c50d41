//! Digits of a telephone line, their text forms, and calls.

/// Each target by its name.
pub const TARGETS: &[super::Target] = &[];
