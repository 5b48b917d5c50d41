//! Simulated panels: one that can be typed at or scripted, and thousands that measure a receiver.

pub mod accounts;
mod clock;
mod link;
pub mod load;
pub mod panel;

pub use link::Transport;
