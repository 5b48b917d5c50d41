//! The bracketed fields behind the data: `[M0026B9E4268B]`.

mod id;
mod place;
mod value;

use alloc::borrow::Cow;

use crate::text;

pub use id::ExtendedId;
pub use place::{Altitude, Angle, Decimal, Latitude, Longitude};
pub use value::{KeyDigits, Trigger, Value};

/// One extended field, known or not: [`ExtendedId`] lists the letters, and [`Extended::read`] reads the value by them.
///
/// Letters that only some makers have (`B` battery, `$P` position) stay as they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extended<'a> {
    /// The letter that says what it is.
    pub id: char,
    /// What follows the letter.
    pub value: &'a [u8],
}

impl<'a> Extended<'a> {
    /// A field of this letter and text.
    pub const fn new(id: char, text: &'a str) -> Self {
        Self { id, value: text.as_bytes() }
    }

    /// The value as text: UTF-8, or else Windows-1252.
    pub fn text(&self) -> Cow<'a, str> {
        text::decode(self.value)
    }
}

/// Takes the next `[…]` off the front of `rest`.
pub(crate) fn take<'a>(rest: &mut &'a [u8]) -> Option<Extended<'a>> {
    let inside = rest.strip_prefix(b"[")?;
    let end = memchr::memchr(b']', inside)?;
    let (&id, value) = inside[..end].split_first().unwrap_or((&0, &[]));
    *rest = &inside[end + 1..];
    Some(Extended { id: char::from(id), value })
}
