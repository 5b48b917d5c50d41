//! The alarm centre's command.

fn main() {}
