//! The character set of texts in DC-03 blocks.

use alloc::{borrow::Cow, string::String};

/// In which character set a panel writes its texts.
///
/// ```
/// use contactid::sia::TextPage;
/// assert_eq!(&*TextPage::CodePage850.utf8(b"K\x81che"), "Küche".as_bytes());
/// assert_eq!(&*TextPage::Utf8OrWindows1252.utf8(b"K\xFCche"), b"K\xFCche"); // told apart when the text is read
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TextPage {
    /// UTF-8, and what is none, Windows-1252: as in DC-09.
    #[default]
    Utf8OrWindows1252,
    /// Code page 850 of DOS. **Unverified**: a Galaxy is known to write in a page that is like those of DOS, and not in which.
    CodePage850,
}

/// Code page 850 from 0x80 on.
#[rustfmt::skip]
const CODE_PAGE_850: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å',
    'É', 'æ', 'Æ', 'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', 'ø', '£', 'Ø', '×', 'ƒ',
    'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '®', '¬', '½', '¼', '¡', '«', '»',
    '░', '▒', '▓', '│', '┤', 'Á', 'Â', 'À', '©', '╣', '║', '╗', '╝', '¢', '¥', '┐',
    '└', '┴', '┬', '├', '─', '┼', 'ã', 'Ã', '╚', '╔', '╩', '╦', '╠', '═', '╬', '¤',
    'ð', 'Ð', 'Ê', 'Ë', 'È', 'ı', 'Í', 'Î', 'Ï', '┘', '┌', '█', '▄', '¦', 'Ì', '▀',
    'Ó', 'ß', 'Ô', 'Ò', 'õ', 'Õ', 'µ', 'þ', 'Þ', 'Ú', 'Û', 'Ù', 'ý', 'Ý', '¯', '´',
    '\u{ad}', '±', '‗', '¾', '¶', '§', '÷', '¸', '°', '¨', '·', '¹', '³', '²', '■', '\u{a0}',
];

impl TextPage {
    /// The bytes as UTF-8, where this page says how to read them. ASCII, and so the marks of blocks, stays as it is.
    pub fn utf8(self, written: &[u8]) -> Cow<'_, [u8]> {
        if self == Self::Utf8OrWindows1252 || written.is_ascii() {
            return Cow::Borrowed(written);
        }
        let letter = |&byte: &u8| match byte {
            0x80.. => CODE_PAGE_850[usize::from(byte - 0x80)],
            _ => char::from(byte),
        };
        Cow::Owned(written.iter().map(letter).collect::<String>().into_bytes())
    }
}
