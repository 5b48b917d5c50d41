//! An expectation read from its line; what cannot be read is named with its place.

use core::str::FromStr;

use contactid::{Class, Code, Lang, NumberIs, Qualifier};

use super::{Begins, Event, Expectation, Number, What};
use crate::expect::Expected;
use crate::policy::is_life_safety;
use crate::queue::Priority;
use crate::schedule::{Phrase, Schedule, ScheduleError, Word, once, one, read_tolerance, words, wrong};
use crate::time::Timestamp;

/// Why a line is no expectation: the place, what should stand there, and what does.
pub type ExpectationError = ScheduleError;

/// Why several lines are no expectations of one card.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.label(Lang::En))]
pub enum ExpectationsError {
    /// One of them cannot be read.
    Line {
        /// Which, the first being 1.
        place: usize,
        /// Why not.
        error: ExpectationError,
    },
    /// Two have one name.
    NameTwice {
        /// The second of them, the first of all being 1.
        place: usize,
        /// The name.
        name: String,
    },
    /// Two would be reported alike, and nobody could tell which of them came.
    RaisedTwice {
        /// The second of them, the first of all being 1.
        place: usize,
        /// The name of the first.
        name: String,
    },
    /// More than a card holds.
    TooMany {
        /// How many.
        found: usize,
    },
}

impl ExpectationsError {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        let max = Expectation::MAX;
        match (self, lang) {
            (Self::Line { place, error }, Lang::En) => format!("expectation {place}, {}", error.label(lang)),
            (Self::Line { place, error }, Lang::Zh) => format!("第 {place} 条，{}", error.label(lang)),
            (Self::NameTwice { place, name }, Lang::En) => {
                format!("expectation {place}: the name {name:?} is another's already; give each its own")
            }
            (Self::NameTwice { place, name }, Lang::Zh) => {
                format!("第 {place} 条：名称 {name:?} 已被使用，请各用不同名称")
            }
            (Self::RaisedTwice { place, name }, Lang::En) => format!(
                "expectation {place}: it raises the same code for the same zone or user and area as {name:?}; raise another code"
            ),
            (Self::RaisedTwice { place, name }, Lang::Zh) => {
                format!("第 {place} 条：所生成的代码、防区或用户及分区与 {name:?} 相同，请改用其他代码")
            }
            (Self::TooMany { found }, Lang::En) => format!("{found} expectations, and a card holds {max}"),
            (Self::TooMany { found }, Lang::Zh) => format!("共 {found} 条，一份档案最多 {max} 条"),
        }
    }
}

impl Expectation {
    /// Those of one card, one a line or parted by `|`.
    ///
    /// # Errors
    /// What is wrong first, and with which of them.
    pub fn read_all(text: &str) -> Result<Vec<Self>, ExpectationsError> {
        let lines = text.split(['\n', '|']).map(str::trim).filter(|line| !line.is_empty());
        let read = lines
            .enumerate()
            .map(|(index, line)| line.parse().map_err(|error| ExpectationsError::Line { place: index + 1, error }));
        let all = read.collect::<Result<Vec<Self>, _>>()?;
        Self::check_all(&all)?;
        Ok(all)
    }

    /// Whether one card can have all of these.
    ///
    /// # Errors
    /// The first that cannot be told from another, or that there are too many.
    pub fn check_all(all: &[Self]) -> Result<(), ExpectationsError> {
        for (index, one) in all.iter().enumerate() {
            let (place, before) = (index + 1, &all[..index]);
            if before.iter().any(|other| other.name == one.name) {
                return Err(ExpectationsError::NameTwice { place, name: one.name.to_string() });
            }
            if let Some(other) = before.iter().find(|other| other.place() == one.place()) {
                return Err(ExpectationsError::RaisedTwice { place, name: other.name.to_string() });
            }
        }
        if all.len() > Self::MAX { Err(ExpectationsError::TooMany { found: all.len() }) } else { Ok(()) }
    }
}

impl FromStr for Expectation {
    type Err = ExpectationError;

    fn from_str(text: &str) -> Result<Self, ExpectationError> {
        let (mut name, mut event, mut begins, mut until, mut within) = (None, None, None, None, None);
        let (mut tolerance, mut raise, mut priority, mut again) = (None, None, None, None);
        // What is left over speaks of hours. Blanks stand for the rest, so that the places in it are those of the line.
        let (mut hours, mut has_hours) = (String::new(), false);
        let mut at = 1;
        for entry in text.split(';') {
            let all = words(entry, at);
            let length = entry.chars().count();
            let end = (at + length, "");
            at += length + 1;
            let Some((first, rest)) = all.split_first() else {
                hours.extend(core::iter::repeat_n(' ', length + 1));
                continue;
            };
            match first.1 {
                "name" => once(&mut name, *first, read_name(*first, entry, end)?)?,
                "expect" => once(&mut event, *first, read_event(rest, end)?)?,
                "after" if rest.first().is_some_and(|word| word.1 == "itself") => {
                    one(rest, end)?;
                    once(&mut begins, *first, Begins::Itself)?;
                }
                "after" => once(&mut begins, *first, Begins::After(read_event(rest, end)?))?,
                "until" => once(&mut until, *first, read_event(rest, end)?)?,
                "within" => once(&mut within, *first, read_time(one(rest, end)?)?)?,
                "tolerance" => once(&mut tolerance, *first, read_tolerance(one(rest, end)?)?)?,
                "raise" => once(&mut raise, *first, read_raise(one(rest, end)?)?)?,
                "priority" => once(&mut priority, *first, (one(rest, end)?, read_priority(one(rest, end)?)?))?,
                "again" => once(&mut again, *first, read_time(one(rest, end)?)?)?,
                "area" | "user" => {
                    return Err(wrong(
                        *first,
                        Phrase(
                            "hours of everybody: an expectation has no others",
                            "所有人的时段：应到信号不分区、不分用户",
                        ),
                    ));
                }
                _ => {
                    has_hours = true;
                    hours.push_str(entry);
                    hours.push(';');
                    continue;
                }
            }
            hours.extend(core::iter::repeat_n(' ', length));
            hours.push(';');
        }
        let end = (at.saturating_sub(1).max(1), "");
        let tolerance_min = tolerance.unwrap_or(0);
        let hours = if has_hours { Some(hours.parse::<Schedule>()?.tolerating(tolerance_min)) } else { None };
        let begins = match (begins, &hours) {
            (Some(begins), _) => begins,
            (None, Some(_)) => Begins::Hours,
            (None, None) => {
                return Err(wrong(
                    end,
                    Phrase(
                        "what begins it: `after` an event, `after itself`, or hours",
                        "起始条件：`after` 某事件、`after itself` 或时段",
                    ),
                ));
            }
        };
        let usual = || (begins == Begins::Itself).then(check_in).flatten();
        let raise = raise
            .or_else(usual)
            .ok_or_else(|| wrong(end, Phrase("what it raises, such as `raise 102`", "所生成的事件，如 `raise 102`")))?;
        if let Some((word, _)) =
            priority.filter(|(_, wanted)| is_life_safety(raise.class()) && *wanted != Priority::LIFE_SAFETY)
        {
            return Err(wrong(
                word,
                Phrase("no priority but 1: what it raises is life safety", "优先级 1：所生成的事件涉及人身安全"),
            ));
        }
        let event = event.ok_or_else(|| {
            wrong(end, Phrase("the event, such as `expect E422 user 7`", "事件，如 `expect E422 user 7`"))
        })?;
        if begins == Begins::After(event) {
            return Err(wrong(
                end,
                Phrase("`after itself` instead of the same event twice", " `after itself`，而非两次写同一事件"),
            ));
        }
        Ok(Self {
            name: name
                .ok_or_else(|| wrong(end, Phrase("a name, such as `name East gate`", "名称，如 `name 东门`")))?
                .into(),
            event,
            begins,
            until,
            hours,
            within_s: within
                .ok_or_else(|| wrong(end, Phrase("a time, such as `within 30m`", "时限，如 `within 30m`")))?,
            tolerance_min,
            raise,
            priority: priority.map(|(_, priority)| priority),
            again_s: again,
            since: Timestamp::default(),
        })
    }
}

fn check_in() -> Option<Code> {
    contactid::EventCode::new(Expectation::CHECK_IN).map(Code::Cid)
}

/// All that stands after the word `name`.
fn read_name(first: Word<'_>, entry: &str, end: Word<'_>) -> Result<String, ExpectationError> {
    let name = entry.trim_start().strip_prefix(first.1).unwrap_or_default().trim();
    let fits = !name.is_empty() && name.chars().count() <= Expectation::NAME_MAX;
    let word = if name.is_empty() { end } else { (first.0, name) };
    if fits {
        Ok(name.to_owned())
    } else {
        Err(wrong(word, Phrase("a name of 1 to 64 characters", " 1 至 64 个字符的名称")))
    }
}

/// Seconds, minutes, hours or days, up to a week.
fn read_time(word: Word<'_>) -> Result<u32, ExpectationError> {
    let units = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)];
    let read = units.iter().find_map(|(unit, secs)| {
        let number: u32 = word.1.strip_suffix(*unit)?.parse().ok()?;
        number.checked_mul(*secs)
    });
    let secs =
        read.ok_or_else(|| wrong(word, Phrase("a time such as 45s, 30m, 2h or 1d", "时长，如 45s、30m、2h 或 1d")))?;
    let fits = (1..=Expectation::TIME_MAX_S).contains(&secs);
    if fits { Ok(secs) } else { Err(wrong(word, Phrase("a time from 1s to 7d", " 1s 至 7d 的时长"))) }
}

fn read_priority(word: Word<'_>) -> Result<Priority, ExpectationError> {
    let number = word.1.parse().ok().filter(|number| (1..=10).contains(number));
    number.map(Priority::clamped).ok_or_else(|| wrong(word, Phrase("a priority from 1 to 10", " 1 至 10 的优先级")))
}

/// A code without qualifier. Those under which the centre reports that tests, heartbeats or hours are missing stay theirs.
fn read_raise(word: Word<'_>) -> Result<Code, ExpectationError> {
    let read = word.1.parse().ok().filter(|code| matches!(code, Code::Cid(_)));
    let code: Code =
        read.ok_or_else(|| wrong(word, Phrase("a code of Contact ID such as 102", " Contact ID 代码，如 102")))?;
    if code.name(contactid::Lang::En).is_none() {
        return Err(wrong(word, Phrase("a code that a list explains", "代码表中已有说明的代码")));
    }
    if Expected::of(code).is_some() || matches!(code.class(), Class::OpenClose | Class::Test | Class::Cancel) {
        return Err(wrong(
            word,
            Phrase(
                "a code that is no opening, closing, test or cancel and that no other supervision reports",
                "不属于布撤防、测试或取消、且不由其他监督生成的代码",
            ),
        ));
    }
    Ok(code)
}

impl FromStr for Event {
    type Err = ExpectationError;

    fn from_str(text: &str) -> Result<Self, ExpectationError> {
        read_event(&words(text, 1), (text.chars().count() + 1, ""))
    }
}

fn read_event(words: &[Word<'_>], end: Word<'_>) -> Result<Event, ExpectationError> {
    let (first, rest) = words.split_first().ok_or_else(|| {
        wrong(end, Phrase("an event such as E422, opening or access", "事件，如 E422、opening 或 access"))
    })?;
    let what = read_what(*first)?;
    let mut event = Event { what, number: None, area: None };
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        let number = *rest.next().unwrap_or(&end);
        let read = || number.1.parse::<u32>().map_err(|_| wrong(number, Phrase("a number", "数字")));
        match word.1 {
            "zone" => once(&mut event.number, *word, Number::Zone(read()?))?,
            "user" => once(&mut event.number, *word, Number::User(read()?))?,
            "area" => {
                let area =
                    read()?.try_into().map_err(|_| wrong(number, Phrase("the number of a group", "分区编号")))?;
                once(&mut event.area, *word, area)?;
            }
            _ => {
                return Err(wrong(
                    *word,
                    Phrase("zone, user or area, or the end of the entry", " zone、user、area 或该项结束"),
                ));
            }
        }
        let told = match (event.what, event.number) {
            (What::Opening | What::Closing, number) => !matches!(number, Some(Number::Zone(_))),
            (What::Test, number) => number.is_none() && event.area.is_none(),
            (What::Code(code, _), Some(Number::Zone(_))) => code.number_is() != NumberIs::User,
            (What::Code(..) | What::Class(_), _) => true,
        };
        if !told {
            return Err(wrong(
                *word,
                Phrase(
                    "what this event says: an opening names users, a test names neither, an event of users no zone",
                    "与该事件相符的内容：布撤防可写用户，测试均不写，用户类事件不写防区",
                ),
            ));
        }
    }
    Ok(event)
}

fn read_what(word: Word<'_>) -> Result<What, ExpectationError> {
    let (letter, digits) = word.1.split_at_checked(1).unwrap_or((word.1, ""));
    let qualifier = match letter {
        "E" => Some(Qualifier::New),
        "R" => Some(Qualifier::Restore),
        "P" => Some(Qualifier::Status),
        _ => None,
    };
    let is_number = digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit());
    let what = match (word.1, qualifier.filter(|_| is_number)) {
        ("opening", _) => What::Opening,
        ("closing", _) => What::Closing,
        ("test", _) => What::Test,
        (_, Some(qualifier)) => What::Code(
            digits
                .parse()
                .map_err(|_| wrong(word, Phrase("a code of Contact ID such as E422", " Contact ID 代码，如 E422")))?,
            qualifier,
        ),
        (other, None) => match Class::ALL.iter().find(|class| class.as_str() == other) {
            Some(class) => What::Class(*class),
            None => match other.parse::<Code>() {
                Ok(Code::Sia(code)) => {
                    What::Code(Code::Sia(code), code.entry().map_or(Qualifier::New, |entry| entry.qualifier))
                }
                Ok(Code::Cid(_) | Code::Own(_)) | Err(_) => {
                    return Err(wrong(
                        word,
                        Phrase(
                            "an event such as E422, opening, closing, test or access",
                            "事件，如 E422、opening、closing、test 或 access",
                        ),
                    ));
                }
            },
        },
    };
    let class = match what {
        What::Code(code, _) => code.class(),
        What::Class(class) => class,
        What::Opening | What::Closing | What::Test => return Ok(what),
    };
    match class {
        Class::OpenClose => Err(wrong(
            word,
            Phrase("`opening` or `closing`, whatever code says so", " `opening` 或 `closing`，不论以何代码报告"),
        )),
        Class::Test => Err(wrong(word, Phrase("`test`, whatever code says so", " `test`，不论以何代码报告"))),
        _ => Ok(what),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is missing at the end is missing behind the last character.
    #[test]
    fn a_number_that_is_missing_stands_at_the_end() {
        let wrong = "E130 zone".parse::<Event>().unwrap_err();
        assert_eq!((wrong.at, wrong.found.as_str()), (10, ""));
    }
}
