//! Sur-Gard and Ademco 685 records, and the link that carries them.

/// Each target by its name.
pub const TARGETS: &[super::Target] = &[];
