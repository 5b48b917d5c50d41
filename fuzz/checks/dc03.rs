//! DC-03 blocks, reports, Galaxy and Texecom links.

/// Each target by its name.
pub const TARGETS: &[super::Target] = &[];
