//! Text as panels send it: UTF-8, and Windows-1252 where it is not.

use alloc::{borrow::Cow, string::String, vec::Vec};

/// Windows-1252 in 0x80 to 0x9F; the five places it leaves open stay control characters, as in the WHATWG index.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Reads UTF-8 (DC-09-2026), or else Windows-1252 (2013 and 2021), which gives every byte a meaning.
pub(crate) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match core::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(
            bytes
                .iter()
                .map(|&byte| match byte {
                    0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
                    _ => char::from(byte),
                })
                .collect::<String>(),
        ),
    }
}

/// Appends text as Windows-1252; the first character that it has no byte for, and then nothing is appended.
pub(crate) fn encode_1252(text: &str, out: &mut Vec<u8>) -> Result<(), char> {
    let start = out.len();
    for letter in text.chars() {
        let byte = match letter {
            '\0'..='\x7f' | '\u{a0}'..='\u{ff}' => letter as u8,
            _ => match HIGH.iter().position(|&high| high == letter) {
                Some(place) => 0x80 + place as u8,
                None => {
                    out.truncate(start);
                    return Err(letter);
                }
            },
        };
        out.push(byte);
    }
    Ok(())
}

/// Text of printable ASCII characters only; `None` if there is any other byte.
pub(crate) fn ascii(bytes: &[u8]) -> Option<&str> {
    core::str::from_utf8(bytes).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_graphic()))
}

/// Text of printable ASCII characters and blanks; `None` if there is any other byte.
pub(crate) fn printable(bytes: &[u8]) -> Option<&str> {
    core::str::from_utf8(bytes).ok().filter(|text| text.bytes().all(|byte| matches!(byte, b' '..=b'~')))
}

/// The decimal reading of a field: digits only, and no more than fit.
pub(crate) fn decimal(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// The hexadecimal reading of a field: digits only, and no more than fit.
pub(crate) fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let text = core::str::from_utf8(digits).ok()?;
    digits.iter().all(u8::is_ascii_hexdigit).then(|| u32::from_str_radix(text, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_first_then_windows_1252() {
        assert_eq!(decode("Улица".as_bytes()), "Улица");
        assert_eq!(decode(b"Caf\xE9 \x80"), "Café €");
    }

    #[test]
    fn windows_1252_there_and_back() {
        for byte in 0..=255u8 {
            let text = decode(&[b'a', byte, 0xFF]).into_owned();
            let mut written = Vec::new();
            assert_eq!((encode_1252(&text, &mut written), written), (Ok(()), alloc::vec![b'a', byte, 0xFF]));
        }
        let mut written = b"kept".to_vec();
        assert_eq!((encode_1252("Café Улица", &mut written), written), (Err('У'), b"kept".to_vec()));
    }
}
