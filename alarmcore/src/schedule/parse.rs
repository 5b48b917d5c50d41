//! A schedule read from its line; what cannot be read is named with its place.

use core::str::FromStr;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{Hours, Schedule, WEEKDAYS, Week, Whose};

/// The tolerance where none is said, and the largest, in minutes.
const TOLERANCE: u16 = 15;
const TOLERANCE_MAX: u16 = 240;

/// Why a line is no schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("character {at}: expected {expected}, found {found:?}")]
pub struct ScheduleError {
    /// The character of the line at which it stands, the first being 1.
    pub at: usize,
    /// What should stand there.
    pub expected: &'static str,
    /// What stands there; empty at the end of an entry.
    pub found: String,
}

/// A word, and where it begins.
pub(crate) type Word<'a> = (usize, &'a str);

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let schedule = Self::read(text)?;
        if schedule.hours.is_empty() {
            return Err(wrong((text.chars().count() + 1, ""), "hours such as `Mon-Fri 08:30-18:00`"));
        }
        Ok(schedule)
    }
}

impl Schedule {
    /// The same, where hours of single days may stand alone.
    pub(crate) fn read(text: &str) -> Result<Self, ScheduleError> {
        let (mut zone, mut tolerance) = (None, None);
        let (mut hours, mut days, mut closed) = (BTreeMap::<Whose, Week>::new(), BTreeMap::new(), Vec::new());
        let mut at = 1;
        for entry in text.split(';') {
            let words = words(entry, at);
            let end = at + entry.chars().count();
            at = end + 1;
            let Some((first, rest)) = words.split_first() else { continue };
            let end = (end, "");
            match first.1 {
                "zone" => once(&mut zone, *first, read_zone(one(rest, end)?)?)?,
                "tolerance" => once(&mut tolerance, *first, read_tolerance(one(rest, end)?)?)?,
                "closed" => {
                    one(rest.get(..1).unwrap_or_default(), end)?;
                    for word in rest {
                        closed.push(read_range(*word)?);
                    }
                }
                "area" | "user" => {
                    let (number, rest) = rest.split_first().unwrap_or((&end, &[]));
                    let whose = if first.1 == "area" {
                        Whose::Area(number.1.parse().map_err(|_| wrong(*number, "the number of a group"))?)
                    } else {
                        Whose::User(number.1.parse().map_err(|_| wrong(*number, "the number of a user"))?)
                    };
                    read_week(hours.entry(whose).or_default(), rest, end)?;
                }
                word if word.starts_with(|letter: char| letter.is_ascii_digit()) => {
                    let day = read_date(*first, first.1)?;
                    let of_day = read_hours(rest, end)?;
                    if days.insert(day, of_day).is_some() {
                        return Err(wrong(*first, "each day only once"));
                    }
                }
                _ => read_week(hours.entry(Whose::Account).or_default(), &words, end)?,
            }
        }
        let end = (at.saturating_sub(1).max(1), "");
        let zone = zone.ok_or_else(|| wrong(end, "a time zone such as `zone Asia/Shanghai`"))?;
        closed.sort_unstable();
        Ok(Self { zone, tolerance_min: tolerance.unwrap_or(TOLERANCE), hours, days, closed })
    }
}

/// The words of an entry that begins at this character. Commas part words as spaces do.
pub(crate) fn words(entry: &str, at: usize) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    let places = entry.char_indices().chain([(entry.len(), ' ')]);
    for (count, (place, letter)) in places.enumerate() {
        match (letter.is_whitespace() || letter == ',', start) {
            (false, None) => start = Some((at + count, place)),
            (true, Some((character, from))) => {
                words.push((character, &entry[from..place]));
                start = None;
            }
            (true, None) | (false, Some(_)) => {}
        }
    }
    words
}

pub(crate) fn wrong((at, found): Word<'_>, expected: &'static str) -> ScheduleError {
    ScheduleError { at, expected, found: found.to_owned() }
}

/// The only word.
pub(crate) fn one<'a>(words: &[Word<'a>], end: Word<'a>) -> Result<Word<'a>, ScheduleError> {
    match words {
        [] => Err(wrong(end, "a word more")),
        [word] => Ok(*word),
        [_, more, ..] => Err(wrong(*more, "the end of the entry")),
    }
}

pub(crate) fn once<T>(place: &mut Option<T>, word: Word<'_>, value: T) -> Result<(), ScheduleError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(wrong(word, "this entry only once")),
    }
}

fn read_zone(word: Word<'_>) -> Result<Tz, ScheduleError> {
    word.1.parse().map_err(|_| wrong(word, "an IANA time zone such as Asia/Shanghai"))
}

pub(crate) fn read_tolerance(word: Word<'_>) -> Result<u16, ScheduleError> {
    let minutes = word.1.strip_suffix('m').and_then(|minutes| minutes.parse().ok());
    minutes.filter(|minutes| *minutes <= TOLERANCE_MAX).ok_or_else(|| wrong(word, "0m to 240m"))
}

fn read_date(word: Word<'_>, text: &str) -> Result<NaiveDate, ScheduleError> {
    NaiveDate::from_str(text).map_err(|_| wrong(word, "a day such as 2026-12-31"))
}

/// One day, or the first and the last of several.
fn read_range(word: Word<'_>) -> Result<(NaiveDate, NaiveDate), ScheduleError> {
    let (from, to) = word.1.split_once("..").unwrap_or((word.1, word.1));
    let range = (read_date(word, from)?, read_date(word, to)?);
    if range.0 <= range.1 { Ok(range) } else { Err(wrong(word, "the first day before the last")) }
}

/// Weekdays, then their hours.
fn read_week(week: &mut Week, words: &[Word<'_>], end: Word<'_>) -> Result<(), ScheduleError> {
    let days = words.iter().take_while(|word| !word.1.starts_with(|letter: char| letter.is_ascii_digit())).count();
    let (days, hours) = words.split_at(days);
    if days.is_empty() {
        return Err(wrong(hours.first().copied().unwrap_or(end), "a weekday such as Mon or Mon-Fri"));
    }
    let hours = read_hours(hours, end)?;
    for word in days {
        let (from, to) = word.1.split_once('-').unwrap_or((word.1, word.1));
        let (from, to) = (weekday(*word, from)?, weekday(*word, to)?);
        // From Friday to Monday goes over the weekend.
        for day in (from..).take((to + 7 - from) % 7 + 1) {
            let of_day = &mut week[day % 7];
            of_day.extend_from_slice(&hours);
            apart(of_day, *word)?;
        }
    }
    Ok(())
}

fn weekday(word: Word<'_>, text: &str) -> Result<usize, ScheduleError> {
    let day = WEEKDAYS.iter().position(|day| day.eq_ignore_ascii_case(text));
    day.ok_or_else(|| wrong(word, "a weekday such as Mon or Mon-Fri, or zone, tolerance, area, user, closed or a day"))
}

fn read_hours(words: &[Word<'_>], end: Word<'_>) -> Result<Vec<Hours>, ScheduleError> {
    let mut hours = Vec::new();
    for word in words {
        let read = word.1.split_once('-').and_then(|(opens, closes)| Some((clock(opens)?, clock(closes)?)));
        let (opens, closes) = read
            .filter(|(opens, closes)| *opens < 1440 && opens != closes)
            .ok_or_else(|| wrong(*word, "hours such as 08:30-18:00"))?;
        hours.push(Hours { opens, closes: if closes > opens { closes } else { closes + 1440 } });
        apart(&mut hours, *word)?;
    }
    if hours.is_empty() { Err(wrong(end, "hours such as 08:30-18:00")) } else { Ok(hours) }
}

/// Puts the hours of a day in order.
fn apart(hours: &mut [Hours], word: Word<'_>) -> Result<(), ScheduleError> {
    hours.sort_unstable();
    match hours.is_sorted_by(|one, next| one.closes <= next.opens) {
        true => Ok(()),
        false => Err(wrong(word, "hours of a day that do not overlap")),
    }
}

/// Minutes from midnight, up to 24:00.
fn clock(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit()) && text.len() <= 2;
    let (hours, minutes): (u16, u16) = match digits(hours) && digits(minutes) && minutes.len() == 2 {
        true => (hours.parse().ok()?, minutes.parse().ok()?),
        false => return None,
    };
    (minutes < 60 && hours * 60 + minutes <= 1440).then_some(hours * 60 + minutes)
}
