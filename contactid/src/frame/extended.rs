//! The bracketed fields behind the data: `[M0026B9E4268B]`.

use alloc::borrow::Cow;

use crate::text;

/// One extended field, known or not.
///
/// Letters that DC-09 lists: A authentication, C supervision category, G network path, H time of the event, I alarm text,
/// J path (2013) or JSON (2026), K key, L location, M MAC, N network address, O building, P programming, R room, S site,
/// T trigger, V verification address, X longitude, Y latitude, Z altitude.
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
