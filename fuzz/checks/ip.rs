//! Osborne-Hoffman, VdS 2465 and ISECNet.

/// Each target by its name.
pub const TARGETS: &[super::Target] = &[];
