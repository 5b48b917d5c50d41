//! A schedule read from its line; what cannot be read is named with its place.

use core::str::FromStr;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use contactid::Lang;

use super::{Hours, Schedule, WEEKDAYS, Week, Whose};

/// The tolerance where none is said, and the largest, in minutes.
const TOLERANCE: u16 = 15;
const TOLERANCE_MAX: u16 = 240;

/// What should stand somewhere, in English and in Chinese.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase(pub &'static str, pub &'static str);

/// Why a line is no schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.label(Lang::En))]
pub struct ScheduleError {
    /// The character of the line at which it stands, the first being 1.
    pub at: usize,
    /// What should stand there.
    pub expected: Phrase,
    /// What stands there; empty at the end of an entry.
    pub found: String,
}

impl ScheduleError {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        let Self { at, expected: Phrase(en, zh), found } = self;
        match lang {
            Lang::En => format!("character {at}: expected {en}, found {found:?}"),
            Lang::Zh => format!("第 {at} 个字符：应为{zh}，现为 {found:?}"),
        }
    }
}

/// A word, and where it begins.
pub(crate) type Word<'a> = (usize, &'a str);

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let schedule = Self::read(text)?;
        if schedule.hours.is_empty() {
            return Err(wrong(
                (text.chars().count() + 1, ""),
                Phrase("hours such as `Mon-Fri 08:30-18:00`", "时段，如 `Mon-Fri 08:30-18:00`"),
            ));
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
                        Whose::Area(
                            number
                                .1
                                .parse()
                                .map_err(|_| wrong(*number, Phrase("the number of a group", "分区编号")))?,
                        )
                    } else {
                        Whose::User(
                            number.1.parse().map_err(|_| wrong(*number, Phrase("the number of a user", "用户编号")))?,
                        )
                    };
                    read_week(hours.entry(whose).or_default(), rest, end)?;
                }
                word if word.starts_with(|letter: char| letter.is_ascii_digit()) => {
                    let day = read_date(*first, first.1)?;
                    let of_day = read_hours(rest, end)?;
                    if days.insert(day, of_day).is_some() {
                        return Err(wrong(*first, Phrase("each day only once", "每天只写一次")));
                    }
                }
                _ => read_week(hours.entry(Whose::Account).or_default(), &words, end)?,
            }
        }
        let end = (at.saturating_sub(1).max(1), "");
        let zone = zone.ok_or_else(|| {
            wrong(end, Phrase("a time zone such as `zone Asia/Shanghai`", "时区，如 `zone Asia/Shanghai`"))
        })?;
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

pub(crate) fn wrong((at, found): Word<'_>, expected: Phrase) -> ScheduleError {
    ScheduleError { at, expected, found: found.to_owned() }
}

/// The only word.
pub(crate) fn one<'a>(words: &[Word<'a>], end: Word<'a>) -> Result<Word<'a>, ScheduleError> {
    match words {
        [] => Err(wrong(end, Phrase("a word more", "后续内容"))),
        [word] => Ok(*word),
        [_, more, ..] => Err(wrong(*more, Phrase("the end of the entry", "该项结束"))),
    }
}

pub(crate) fn once<T>(place: &mut Option<T>, word: Word<'_>, value: T) -> Result<(), ScheduleError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(wrong(word, Phrase("this entry only once", "该项只写一次"))),
    }
}

fn read_zone(word: Word<'_>) -> Result<Tz, ScheduleError> {
    word.1
        .parse()
        .map_err(|_| wrong(word, Phrase("an IANA time zone such as Asia/Shanghai", "IANA 时区，如 Asia/Shanghai")))
}

pub(crate) fn read_tolerance(word: Word<'_>) -> Result<u16, ScheduleError> {
    let minutes = word.1.strip_suffix('m').and_then(|minutes| minutes.parse().ok());
    minutes.filter(|minutes| *minutes <= TOLERANCE_MAX).ok_or_else(|| wrong(word, Phrase("0m to 240m", " 0m 至 240m")))
}

fn read_date(word: Word<'_>, text: &str) -> Result<NaiveDate, ScheduleError> {
    NaiveDate::from_str(text).map_err(|_| wrong(word, Phrase("a day such as 2026-12-31", "日期，如 2026-12-31")))
}

/// One day, or the first and the last of several.
fn read_range(word: Word<'_>) -> Result<(NaiveDate, NaiveDate), ScheduleError> {
    let (from, to) = word.1.split_once("..").unwrap_or((word.1, word.1));
    let range = (read_date(word, from)?, read_date(word, to)?);
    if range.0 <= range.1 {
        Ok(range)
    } else {
        Err(wrong(word, Phrase("the first day before the last", "先写首日再写末日")))
    }
}

/// Weekdays, then their hours.
fn read_week(week: &mut Week, words: &[Word<'_>], end: Word<'_>) -> Result<(), ScheduleError> {
    let days = words.iter().take_while(|word| !word.1.starts_with(|letter: char| letter.is_ascii_digit())).count();
    let (days, hours) = words.split_at(days);
    if days.is_empty() {
        return Err(wrong(
            hours.first().copied().unwrap_or(end),
            Phrase("a weekday such as Mon or Mon-Fri", "星期，如 Mon 或 Mon-Fri"),
        ));
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
    day.ok_or_else(|| {
        wrong(
            word,
            Phrase(
                "a weekday such as Mon or Mon-Fri, or zone, tolerance, area, user, closed or a day",
                "星期（如 Mon 或 Mon-Fri）、zone、tolerance、area、user、closed 或日期",
            ),
        )
    })
}

fn read_hours(words: &[Word<'_>], end: Word<'_>) -> Result<Vec<Hours>, ScheduleError> {
    let mut hours = Vec::new();
    for word in words {
        let read = word.1.split_once('-').and_then(|(opens, closes)| Some((clock(opens)?, clock(closes)?)));
        let (opens, closes) = read
            .filter(|(opens, closes)| *opens < 1440 && opens != closes)
            .ok_or_else(|| wrong(*word, Phrase("hours such as 08:30-18:00", "时段，如 08:30-18:00")))?;
        hours.push(Hours { opens, closes: if closes > opens { closes } else { closes + 1440 } });
        apart(&mut hours, *word)?;
    }
    if hours.is_empty() {
        Err(wrong(end, Phrase("hours such as 08:30-18:00", "时段，如 08:30-18:00")))
    } else {
        Ok(hours)
    }
}

/// Puts the hours of a day in order.
fn apart(hours: &mut [Hours], word: Word<'_>) -> Result<(), ScheduleError> {
    hours.sort_unstable();
    match hours.is_sorted_by(|one, next| one.closes <= next.opens) {
        true => Ok(()),
        false => Err(wrong(word, Phrase("hours of a day that do not overlap", "同一天内不重叠的时段"))),
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
