//! centre
fn main() {}
