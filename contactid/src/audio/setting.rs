//! What a listener can be set to.

/// A setting that no listener can work with: nothing is taken for the nearest value that would do.
///
/// ```
/// use contactid::audio::{DtmfListener, DtmfOptions};
/// let error = DtmfListener::new(DtmfOptions { min_share: 1.5, ..DtmfOptions::default() }).unwrap_err();
/// assert_eq!(error.to_string(), "min_share: 0 to 1 was expected, and 1.5 found");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{setting}: {from} to {to} was expected, and {found} found")]
pub struct SettingError {
    /// The field of the options.
    pub setting: &'static str,
    /// The lowest value that can be, in the unit of the field.
    pub from: f32,
    /// The highest value that can be.
    pub to: f32,
    /// What was asked for.
    pub found: f32,
}

/// That a setting lies between these two. What is no number lies nowhere.
pub(super) fn within(setting: &'static str, found: f32, from: f32, to: f32) -> Result<(), SettingError> {
    if (from..=to).contains(&found) { Ok(()) } else { Err(SettingError { setting, from, to, found }) }
}

/// That a frequency is one that a telephone line carries.
pub(super) fn carried(setting: &'static str, hz: u16) -> Result<(), SettingError> {
    within(setting, hz.into(), 300.0, 3400.0)
}

/// That a level is one that samples of 16 bits hold.
pub(super) fn level(db: f32) -> Result<(), SettingError> {
    within("min_level_db", db, -90.0, 0.0)
}
