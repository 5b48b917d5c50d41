//! A line of a script as words and fields.

use serde_json::{Map, Value};

/// Words, except that "double quotes" hold some together.
pub(super) fn split(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (place, letter) in line.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            ' ' if !quoted => {
                words.push(&line[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    words.push(&line[start..]);
    words.retain(|word| !word.is_empty());
    words
}

pub(super) fn object(fields: &[&str]) -> Map<String, Value> {
    let pair = |field: &&str| {
        let (name, value) = field.split_once('=').unwrap();
        let value = value.trim_matches('"');
        let text = || Value::String(value.into());
        // An account's number is text, although it looks like a number.
        let value = if name == "account" { text() } else { serde_json::from_str(value).unwrap_or_else(|_| text()) };
        (name.to_owned(), value)
    };
    fields.iter().map(pair).collect()
}
