//! Receiver to automation: the records that receivers print, and the links that carry them.

pub mod ademco685;
pub mod d6500;
pub mod dc07;
pub mod iti;
mod layout;
pub mod native;
pub mod surgard;
