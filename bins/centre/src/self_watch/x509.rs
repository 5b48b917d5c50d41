//! Of a certificate, only how long it is valid: the few bytes of DER (X.690) that lead to it (RFC 5280, 4.1.2.5).

use alarmcore::Timestamp;
use chrono::{NaiveDateTime, TimeZone as _, Utc};

const SEQUENCE: u8 = 0x30;
/// `[0]`, the version, which may be left out.
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// Until when a certificate is valid; nothing where these bytes are none.
pub(super) fn valid_until(certificate: &[u8]) -> Option<Timestamp> {
    let (tag, certificate, _) = element(certificate)?;
    let (inner, to_be_signed, _) = element(certificate)?;
    if (tag, inner) != (SEQUENCE, SEQUENCE) {
        return None;
    }
    let mut rest = to_be_signed;
    if rest.first() == Some(&VERSION) {
        rest = element(rest)?.2;
    }
    // Serial number, algorithm, issuer.
    for _ in 0..3 {
        rest = element(rest)?.2;
    }
    let (SEQUENCE, validity, _) = element(rest)? else { return None };
    let (_, _, after) = element(validity)?;
    let (tag, time, _) = element(after)?;
    let time = std::str::from_utf8(time).ok()?;
    let whole = match tag {
        // Years 50 to 99 are those of the last century.
        UTC_TIME => format!("{}{time}", if time.get(..2)? < "50" { "20" } else { "19" }),
        GENERALIZED_TIME => time.to_owned(),
        _ => return None,
    };
    let moment = NaiveDateTime::parse_from_str(&whole, "%Y%m%d%H%M%SZ").ok()?;
    Some(Timestamp::from_millis(Utc.from_utc_datetime(&moment).timestamp_millis()))
}

/// The first element of some bytes: its tag, what is in it, and what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        // No certificate is longer than four bytes can say, and none is without a length.
        0x81..=0x84 => {
            let (length, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
            (length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (inside, after) = rest.split_at_checked(length)?;
    Some((tag, inside, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A certificate of version 3 with the validity of a test, and nothing else that is read.
    fn certificate(until: &[u8]) -> Vec<u8> {
        let of = |tag: u8, inside: &[u8]| [&[tag, u8::try_from(inside.len()).unwrap()], inside].concat();
        let from = of(UTC_TIME, b"260101000000Z");
        let validity = of(SEQUENCE, &[from.as_slice(), until].concat());
        let head = [of(VERSION, &[2, 1, 2]), of(2, &[7]), of(SEQUENCE, &[]), of(SEQUENCE, &[])].concat();
        of(SEQUENCE, &of(SEQUENCE, &[head, validity].concat()))
    }

    #[test]
    fn both_spellings_of_time_are_read() {
        let until = |spelled: &[u8]| valid_until(&certificate(spelled)).map(|at| at.to_string());
        assert_eq!(until(b"\x17\x0d270312235959Z").as_deref(), Some("2027-03-12T23:59:59.000Z"));
        assert_eq!(until(b"\x17\x0d500101000000Z").as_deref(), Some("1950-01-01T00:00:00.000Z"));
        assert_eq!(until(b"\x18\x0f21260101000000Z").as_deref(), Some("2126-01-01T00:00:00.000Z"));
        assert_eq!(until(b"\x17\x0d279912235959Z"), None);
        assert_eq!(until(b"\x04\x0d270312235959Z"), None);
    }

    #[test]
    fn bytes_that_are_no_certificate_are_none() {
        let whole = certificate(b"\x17\x0d270312235959Z");
        for end in 0..whole.len() {
            assert_eq!(valid_until(&whole[..end]), None, "{end}");
        }
        assert_eq!(valid_until(b"\x30\x84\xff\xff\xff\xff"), None);
        assert_eq!(valid_until(b"\x30\x80\x30\x00\x00\x00"), None);
    }
}
