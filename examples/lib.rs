//! Runnable examples live beside this file; `tests/` holds the shape of the workspace.
