//! The Scancom fast format.
