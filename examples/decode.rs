//! Decodes JSON lines.
fn main() {}
