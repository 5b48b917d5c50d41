//! The paths by which a panel reports, as far as the code of a failing one names its technology.

use contactid::{Class, Code, Signal};

use super::AccountState;
use crate::expect::Expected;
use crate::id::SignalId;
use crate::report::{Marks, Received};
use crate::time::Timestamp;

/// What a path is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Technology {
    Telephone,
    Radio,
    Network,
}

impl Technology {
    /// Of the path whose failing this code reports; `None` where it does not say. Two telephone lines are one technology.
    fn of(code: Code) -> Option<Self> {
        match code {
            Code::Cid(code) => match code.number() {
                351 | 352 => Some(Self::Telephone),
                353 | 355 | 356 | 357 => Some(Self::Radio),
                359 | 555 => Some(Self::Network),
                _ => None,
            },
            Code::Sia(code) => match &code.letters() {
                b"LT" => Some(Self::Telephone),
                b"NT" => Some(Self::Network),
                _ => None,
            },
            Code::Own(_) => None,
        }
    }

    /// Of the path that this report says has failed. What the centre itself supervises is a line of the network.
    pub(crate) fn failing(received: &Received, signal: &Signal) -> Option<Self> {
        let silent = signal.code == Code::Cid(Expected::SILENT);
        match received.report.marks.contains(Marks::SUPERVISION) {
            true => silent.then_some(Self::Network),
            false => Self::of(signal.code),
        }
    }
}

impl AccountState {
    /// Does a path fail, as the panel or the centre's own supervision says?
    pub(crate) fn path_fails(&self) -> bool {
        self.silent_since.is_some() || self.troubles.iter().any(|trouble| trouble.class == Class::Communication)
    }

    /// Did a path begin to fail with this report? What is said again of one that fails already is nothing new.
    pub(crate) fn begins_failing(&self, signal: SignalId) -> bool {
        self.silent_signal == Some(signal) || self.troubles.iter().any(|trouble| trouble.signal == signal)
    }

    /// Since when each path of another technology has been failing, as the panel or the centre's own supervision says.
    pub(crate) fn others_failing(&self, than: Technology) -> impl Iterator<Item = Timestamp> {
        let told = self.troubles.iter().map(|trouble| (Technology::of(trouble.code), trouble.since));
        let silent = self.silent_since.map(|since| (Some(Technology::Network), since));
        told.chain(silent).filter(move |(path, _)| path.is_some_and(|path| path != than)).map(|(_, since)| since)
    }
}
