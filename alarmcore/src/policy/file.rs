//! A policy as one TOML file: read with the place of every fault, and documented key by key.

use serde::Deserialize;

use super::Policy;
use super::overrides::{Written, misplaced};
use crate::pack::Rulebook;

/// What is wrong with the text of a policy or of plans, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// The line, counted from 1.
    pub line: usize,
    /// The place in the line, in characters, counted from 1.
    pub column: usize,
    /// What was found there, and what is allowed.
    pub fault: String,
    /// The word that was probably meant, where there is one.
    pub nearest: Option<String>,
    /// The line as it stands in the file.
    pub text: String,
}

impl core::fmt::Display for PolicyError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.fault)?;
        if let Some(nearest) = &self.nearest {
            write!(f, "; did you mean `{nearest}`?")?;
        }
        if self.text.trim().is_empty() {
            return Ok(());
        }
        write!(f, "\n  {}\n  {:>column$}", self.text.trim_end(), "^", column = self.column)
    }
}

impl std::error::Error for PolicyError {}

impl Policy {
    /// The documented file: every key, what it does, and its default. It reads back as [`Policy::default`].
    pub const DOCUMENTED: &'static str = include_str!("../../policy.toml");

    /// Reads the text of a policy file. What it leaves out keeps its default; a key that does not belong there is a fault.
    /// Packs that it names must be built in: for packs in files, see [`Rulebook::read`].
    ///
    /// ```
    /// use alarmcore::Policy;
    ///
    /// let policy = Policy::from_toml("version = 2\nrepeat_window_s = 90\n")?;
    /// assert_eq!((policy.version, policy.repeat_window_s, policy.battery_hours), (2, 90, 8));
    /// let error = Policy::from_toml("version = 2\nrepeat_windw_s = 90\n").err().map(|error| (error.line, error.nearest));
    /// assert_eq!(error, Some((2, Some("repeat_window_s".to_owned()))));
    /// # Ok::<(), alarmcore::PolicyError>(())
    /// ```
    ///
    /// # Errors
    /// The first fault, with its line and column and what is allowed there.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let no_file = |_: &str| Err("a pack in a file of its own cannot be read here".to_owned());
        Rulebook::read(text, &no_file).map(|book| book.policy)
    }
}

impl PolicyError {
    /// What a reader of a policy found in its text.
    pub(crate) fn of_policy(text: &str, error: &toml::de::Error) -> Self {
        match override_at(text) {
            Some(at) => fault(text, at, error.message()),
            None => Self::of(text, error),
        }
    }

    /// What a reader found in the text.
    pub(crate) fn of(text: &str, error: &toml::de::Error) -> Self {
        let at = error.span().map_or(text.len(), |span| span.start).min(text.len());
        fault(text, at, error.message())
    }
}

/// The overrides of a text with their places.
#[derive(Deserialize)]
struct Places {
    #[serde(rename = "override")]
    overrides: Vec<toml::Spanned<Written>>,
}

/// Where the first override begins that is wrong as a whole. The reader names the place of a fault inside one by itself, and of
/// one that contradicts itself or another only that of them all.
fn override_at(text: &str) -> Option<usize> {
    let places: Places = toml::from_str(text).ok()?;
    let wrong = misplaced(places.overrides.iter().map(|one| one.get_ref().clone()))?;
    Some(places.overrides.get(wrong)?.span().start)
}

/// Where the override at this place begins, counted from 0; the beginning of the text where it is not one of the text's own.
pub(crate) fn override_begins(text: &str, place: usize) -> usize {
    let places = toml::from_str::<Places>(text).ok();
    places.and_then(|places| Some(places.overrides.get(place)?.span().start)).unwrap_or_default()
}

/// A fault at this place of the text, in bytes.
pub(crate) fn fault(text: &str, at: usize, message: &str) -> PolicyError {
    let before = text.get(..at).unwrap_or(text);
    let begins = before.rfind('\n').map_or(0, |end| end + 1);
    PolicyError {
        line: before.matches('\n').count() + 1,
        column: before[begins..].chars().count() + 1,
        fault: plain(message),
        nearest: nearest(message),
        text: text[begins..].lines().next().unwrap_or_default().to_owned(),
    }
}

/// The reader's words for the types of this language, in words of the file.
fn plain(message: &str) -> String {
    let types = [
        ("expected u32", "expected a whole number from 0 to 4294967295"),
        ("expected a nonzero u32", "expected a whole number from 1 to 4294967295"),
        ("expected i64", "expected a whole number"),
        ("expected a map", "expected a table"),
    ];
    let known = types.iter().find_map(|(rust, file)| Some(format!("{}{file}", message.strip_suffix(rust)?)));
    known.unwrap_or_else(|| message.to_owned())
}

/// Of the words that the message lists as expected, the one most like the word that it complains of.
fn nearest(message: &str) -> Option<String> {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (wrong, expected) = quoted.split_first().filter(|_| message.starts_with("unknown "))?;
    nearest_of(wrong, expected)
}

/// Of the words that can stand there, the one most like the wrong one.
pub(crate) fn nearest_of(wrong: &str, expected: &[&str]) -> Option<String> {
    let (changes, word) = expected.iter().map(|word| (distance(wrong, word), *word)).min()?;
    (changes <= wrong.chars().count().div_ceil(3)).then(|| word.to_owned())
}

/// How many letters must be put in, taken out or changed to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], above + 1);
        for (place, same) in other.iter().enumerate() {
            let changed = diagonal + usize::from(*same != letter);
            diagonal = row[place + 1];
            row[place + 1] = changed.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[other.len()]
}
