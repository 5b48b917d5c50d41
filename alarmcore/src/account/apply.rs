//! The fold: what one signal does to the state of its account. No policy has a say in it.

use super::AccountState;
use crate::report::Received;

impl AccountState {
    /// Adds one signal. The state at any past moment is the fold of the signals up to it.
    pub fn apply(&mut self, received: &Received) {
        let _ = received;
    }
}
