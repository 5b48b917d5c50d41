//! What people read on a screen at night: short enough to be read, and nothing in it that cannot be seen.

use super::{AccountCard, CardError};

/// Whether this can be the name of somebody or something.
pub(super) fn check_name(name: &str) -> Result<(), CardError> {
    if name.trim().is_empty() { Err(CardError::NoName) } else { check_text("name", name) }
}

/// Whether this can stand on a card; it may be empty.
pub(super) fn check_text(field: &'static str, text: &str) -> Result<(), CardError> {
    let characters = text.chars().count();
    if characters > AccountCard::TEXT_MAX {
        return Err(CardError::Long { field, characters });
    }
    match text.chars().find(|character| is_unseen(*character)) {
        Some(character) => Err(CardError::Unseen { field, character }),
        None => Ok(()),
    }
}

/// Control characters, those that change the direction of what follows, and those without width. Scripts that need the joiners between
/// letters keep them.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
