//! What the examples `decode` and `encode` share; `tests/` holds the shape of the workspace.

pub mod wire;
