//! The clock of a simulated panel: the system's, and how far the panel's own is off.

use std::time::{SystemTime, UNIX_EPOCH};

use contactid::Stamp;

/// The time stamp of a panel whose clock is so many seconds ahead; negative for one that is behind.
pub(crate) fn stamp(ahead_secs: i64) -> Stamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Stamp::from_unix(since.as_secs().cast_signed().saturating_add(ahead_secs))
}
