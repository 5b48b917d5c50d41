//! When an override ends, as a file writes it: a date, with whose end in UTC it ends, or a moment.

use chrono::{Days, NaiveDate, NaiveTime};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::Timestamp;

pub(super) fn serialize<S: Serializer>(until: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    until.map(|until| until.to_string()).serialize(to)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let text = String::deserialize(from)?;
    let until = date(&text).or_else(|| Timestamp::from_rfc3339(&text));
    let wrong = || format!("{text:?} is no date: write \"2027-03-31\", or a moment as \"2027-03-31T18:00:00+08:00\"");
    until.map(Some).ok_or_else(|| D::Error::custom(wrong()))
}

/// The end of a date.
fn date(text: &str) -> Option<Timestamp> {
    let next = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.checked_add_days(Days::new(1))?;
    Some(Timestamp::from_millis(next.and_time(NaiveTime::MIN).and_utc().timestamp_millis()))
}
