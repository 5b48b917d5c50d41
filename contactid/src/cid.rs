//! Contact ID: the event message of SIA DC-05.

pub mod code;
pub mod table;

/// What an event says of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "kebab-case"))]
pub enum Qualifier {
    /// A new event, or an opening: digit 1.
    New,
    /// A restoral, or a closing: digit 3.
    Restore,
    /// Reported before and still present: digit 6.
    Status,
}
