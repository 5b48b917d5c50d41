//! DC-09 sessions, under any sequence of operations.

/// Each target by its name.
pub const TARGETS: &[super::Target] = &[];
