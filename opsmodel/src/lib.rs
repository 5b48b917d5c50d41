//! The business of an alarm centre: its cards, and the store that keeps them together with every signal and decision.

pub mod crm;
#[cfg(feature = "sqlite")]
pub mod store;
