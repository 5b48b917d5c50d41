//! Simulated panels: one that can be typed at or scripted, and thousands that measure a receiver. And a simulated authority at
//! the other end of a centre.

pub mod accounts;
mod clock;
mod link;
pub mod load;
pub mod panel;
pub mod psap;

pub use link::Transport;
