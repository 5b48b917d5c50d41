//! Codec speed.
fn main() {}
