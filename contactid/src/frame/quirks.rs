//! Departures from the standard that were read all the same, each with a name.

use core::fmt;

macro_rules! quirks {
    ($($(#[$doc:meta])* $name:ident $word:literal,)*) => {
        #[expect(non_camel_case_types, reason = "the places carry the names of the constants they number")]
        enum Place { $($name),* }

        impl Quirks {
            $($(#[$doc])* pub const $name: Self = Self(1 << Place::$name as u64);)*
            const WORDS: &'static [(Self, &'static str)] = &[$((Self::$name, $word)),*];
        }
    };
}

/// A set of departures from the standard that a frame was read in spite of.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Quirks(u64);

quirks! {
    /// The CRC came as two raw bytes instead of four hexadecimal digits (Lupusec XT1, Trikdis E16). Answered alike.
    BINARY_CRC "binary-crc",
    /// CRC, and perhaps length, take in the CR (Eldes).
    CRC_OVER_CR "crc-over-cr",
    /// CRC or length written with lower-case digits.
    LOWER_CASE_HEADER "lower-case-header",
    /// No LF before the frame.
    NO_LF "no-lf",
    /// No CR behind the frame.
    NO_CR "no-cr",
    /// NUL behind the CR (G90B, Lupusec).
    NUL_AFTER_CR "nul-after-cr",
    /// Other bytes behind the CR (comXline).
    GARBAGE_AFTER_CR "garbage-after-cr",
    /// Bytes other than LF, CR and NUL before the frame.
    GARBAGE_BEFORE_LF "garbage-before-lf",
    /// An LF inside the frame.
    LF_INSIDE "lf-inside",
    /// The sequence number is not four decimal digits; it is echoed as it came.
    ODD_SEQUENCE "odd-sequence",
    /// No `L` field, which the standard demands (Tellmon).
    NO_LINE_FIELD "no-line-field",
    /// `L` without a number (G90B).
    EMPTY_LINE_FIELD "empty-line-field",
    /// No `#` and account before the data.
    NO_ACCOUNT "no-account",
    /// Something unknown between the account and the data.
    STRAY_HEADER "stray-header",
    /// No brackets: neither data nor an empty pair.
    NO_BRACKETS "no-brackets",
    /// The closing bracket is missing.
    UNCLOSED_BRACKET "unclosed-bracket",
    /// The time stamp is malformed or no date of the calendar.
    ODD_TIMESTAMP "odd-timestamp",
    /// Bytes behind the last field.
    STRAY_TAIL "stray-tail",
    /// The account inside the brackets is another than the one before them (Satel).
    INNER_ACCOUNT_DIFFERS "inner-account-differs",
    /// The account inside the brackets lacks its `#` (Lupus).
    INNER_ACCOUNT_BARE "inner-account-bare",
    /// The brackets hold content without an account.
    NO_INNER_ACCOUNT "no-inner-account",
    /// Contact ID restore written as qualifier 2 instead of 3.
    RESTORE_AS_2 "restore-as-2",
    /// Contact ID fields not parted by single spaces.
    MISSING_SPACES "missing-spaces",
    /// Contact ID group or number with other than decimal digits.
    ODD_DIGITS "odd-digits",
    /// SIA packets without the `/` between them.
    GLUED_PACKETS "glued-packets",
    /// A SIA modifier that DC-03 does not list.
    UNKNOWN_MODIFIER "unknown-modifier",
    /// A part of the content that could not be read; the rest was.
    UNREAD_PART "unread-part",
    /// A digit `A`, which no Ademco format has: the pair 941/1633 Hz. It counts ten, as `0` does.
    DIGIT_A "digit-a",
    /// Digits beyond 9 written in lower case.
    LOWER_CASE_DIGITS "lower-case-digits",
    /// A DC-03 acknowledgement or refusal under the bytes 08 and 09 instead of the characters.
    CONTROL_CODE_FUNCTION "control-code-function",
    /// Texecom: a zero of the account written `0` instead of `A`.
    PLAIN_ZERO "plain-zero",
    /// A record that ends without DC4.
    NO_DC4 "no-dc4",
    /// Something stands where a record's layout has blanks: an account too long for its field (VisorAlarm).
    FILLED_BLANKS "filled-blanks",
    /// An Ademco 685 record without the blank before its CR (VisorAlarm).
    NO_LAST_BLANK "no-last-blank",
    /// ISECNet: the check byte of a request for the time is wrong, as some firmware has it.
    WRONG_TIME_CHECK "wrong-time-check",
    /// Ten pulses written `0` instead of `A`: a panel that is programmed with 0 sends nothing.
    ZERO_FOR_TEN_PULSES "zero-for-ten-pulses",
    /// DC-07: the account is not written as usual, in upper case with blanks before it up to four characters and a bar behind.
    ODD_ACCOUNT "odd-account",
    /// DC-03 blocks of a Texecom panel without one that ends the data.
    NO_END_OF_DATA "no-end-of-data",
}

impl Quirks {
    /// No departure.
    pub const NONE: Self = Self(0);

    /// Both sets together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every quirk of `other` is in this set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the set is empty: the frame follows the standard.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The stable words of the quirks in the set, such as `binary-crc`.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::WORDS.iter().filter(move |(quirk, _)| self.contains(*quirk)).map(|&(_, word)| word)
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Display for Quirks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.names().enumerate().try_for_each(|(place, word)| {
            f.write_str(if place == 0 { "" } else { ", " })?;
            f.write_str(word)
        })
    }
}

impl fmt::Debug for Quirks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
