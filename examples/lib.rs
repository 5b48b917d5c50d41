//! What the examples `decode`, `encode` and `audio` share; `tests/` holds the shape of the workspace.

/// What the example `audio` does, so that tests can do it, too.
pub mod audio {
    pub mod listen;
    pub mod snr;
    pub mod speak;
    pub mod wav;
}
pub mod wire;
