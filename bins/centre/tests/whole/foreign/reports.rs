//! Reports for foreign codecs: four by hand, and any number by chance, from a seed.

use contactid::{
    Code, EncodeError, Encoder, EventCode, Extended, Frame, Key, Pad, Qualifier, SiaCode, Signal, Stamp, Strictness,
    Token,
};

/// How many reports go to each foreign codec.
pub(super) const COUNT: usize = 10_000;

/// How often each difference between a foreign codec and ours was met.
#[derive(Debug, Default)]
pub(super) struct Differences(std::collections::BTreeMap<&'static str, usize>);

impl Differences {
    pub(super) fn note(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    /// Says how many messages each difference concerns. The page that readers have lists these, no others, and who is right.
    pub(super) fn say(&self, package: &str) {
        let listed: std::collections::BTreeSet<&str> = include_str!("../../../../../contactid/FOREIGN.md")
            .lines()
            .filter_map(|line| line.strip_prefix("| ")?.split(" | ").next())
            .filter(|what| what.split(' ').next() == Some(package))
            .collect();
        assert_eq!(self.0.keys().copied().collect::<std::collections::BTreeSet<_>>(), listed);
        for (what, count) in &self.0 {
            println!("{package}: {count} of {COUNT}: {what}");
        }
    }
}

/// 2025-03-07 12:34:56 UTC.
pub(super) const MOMENT: i64 = 1_741_350_896;
pub(super) const MOMENT_TEXT: &str = "12:34:56,03-07-2025";
pub(super) const RANDOM: &[u8] = b"q7Zp2LmX9aTeRv4KbYw0HsJd6GfNc1Qu";
const SIA_CODES: &[&[u8; 2]] = &[
    b"BA", b"BR", b"BT", b"FA", b"FR", b"FT", b"GA", b"GH", b"HA", b"HR", b"KA", b"MA", b"PA", b"PR", b"QA", b"SA",
    b"TA", b"TR", b"WA", b"YT", b"YR", b"AT", b"AR", b"OP", b"CL", b"RP", b"RX", b"LB", b"UA", b"ZA",
];
const TEXTS: &[&str] = &["Kitchen", "Front door", "Boiler room 2", "", "A~b!c {d} 100%", "临江镇解放路12号", "Улица"];

/// What a report says.
#[derive(Clone, Debug)]
pub(super) enum Said {
    Nothing,
    Cid { qualifier: Qualifier, code: u16, group: u16, number: u16 },
    Sia { user: Option<u16>, area: Option<u16>, code: [u8; 2], number: Option<u16>, text: Option<&'static str> },
}

/// A report as all sides name its parts.
#[derive(Clone, Debug)]
pub(super) struct Report {
    pub(super) sequence: u16,
    pub(super) receiver: Option<String>,
    pub(super) line: String,
    pub(super) account: String,
    pub(super) said: Said,
    pub(super) extended: Vec<(char, String)>,
    pub(super) stamped: bool,
    /// 16, 24 or 32 characters.
    pub(super) key: Option<&'static str>,
    /// Of the two pad rules the long one: never none.
    pub(super) long_pad: bool,
}

pub(super) const KEYS: [&str; 3] = ["0123456789ABCDEF", "0123456789ABCDEFFEDCBA98", "0123456789ABCDEFFEDCBA9876543210"];

/// Numbers by chance: splitmix64.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ mixed >> 31) as usize % bound
    }

    fn hex(&mut self, digits: usize) -> String {
        (0..digits).map(|_| char::from(b"0123456789ABCDEF"[self.below(16)])).collect()
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 0).then(|| make(self))
    }
}

/// `count` reports, the same ones each time.
pub(super) fn reports(count: usize) -> Vec<Report> {
    let mut chance = Chance(110);
    (0..count).map(|_| Report::any(&mut chance)).collect()
}

impl Report {
    fn any(chance: &mut Chance) -> Self {
        let key = [None, Some(KEYS[0]), Some(KEYS[1]), Some(KEYS[2])][chance.below(4)];
        let receiver = chance.maybe(|chance| chance.below(6) + 1).map(|digits| chance.hex(digits));
        let digits = 1 + chance.below(6);
        let line = chance.hex(digits);
        let digits = 3 + chance.below(14);
        let account = chance.hex(digits);
        let said = match chance.below(7) {
            0 => Said::Nothing,
            1..=3 => Said::Cid {
                qualifier: [Qualifier::New, Qualifier::Restore, Qualifier::Status][chance.below(3)],
                code: 100 + chance.below(900) as u16,
                group: chance.below(100) as u16,
                number: chance.below(1000) as u16,
            },
            _ => Said::Sia {
                user: chance.maybe(|chance| chance.below(1000) as u16),
                area: chance.maybe(|chance| 1 + chance.below(99) as u16),
                code: *SIA_CODES[chance.below(SIA_CODES.len())],
                number: chance.maybe(|chance| chance.below(10_000) as u16),
                text: chance.maybe(|chance| TEXTS[chance.below(3)]),
            },
        };
        let mut extended = Vec::new();
        extended.extend(chance.maybe(|chance| ('M', chance.hex(12))));
        extended.extend(chance.maybe(|chance| ('S', TEXTS[chance.below(TEXTS.len())].to_owned())));
        extended.extend(chance.maybe(|chance| ('V', format!("http://192.0.2.7/{}", chance.hex(8)))));
        Self {
            sequence: 1 + chance.below(9999) as u16,
            receiver,
            line,
            account,
            said,
            extended,
            stamped: key.is_some() || chance.below(2) == 0,
            key,
            long_pad: chance.below(2) == 0,
        }
    }

    pub(super) fn token(&self) -> Token<'static> {
        match self.said {
            Said::Nothing => Token::Null,
            Said::Cid { .. } => Token::AdmCid,
            Said::Sia { .. } => Token::SiaDcs,
        }
    }

    /// The data field, between `[` and `]`.
    pub(super) fn content(&self) -> String {
        let account = &self.account;
        match self.said {
            Said::Nothing => String::new(),
            Said::Cid { qualifier, code, group, number } => {
                format!("#{account}|{}{code:03} {group:02} {number:03}", qualifier.digit())
            }
            Said::Sia { user, area, code, number, text } => {
                let user = user.map(|user| format!("id{user}/")).unwrap_or_default();
                let area = area.map(|area| format!("ri{area}/")).unwrap_or_default();
                let code = String::from_utf8_lossy(&code);
                let number = number.map(|number| number.to_string()).unwrap_or_default();
                let text = text.map(|text| format!("|A{text}")).unwrap_or_default();
                format!("#{account}|N{user}{area}{code}{number}{text}")
            }
        }
    }

    pub(super) fn signals(&self) -> Vec<Signal> {
        match self.said {
            Said::Nothing => Vec::new(),
            Said::Cid { qualifier, code, group, number } => {
                let code = Code::Cid(EventCode::new(code).expect("three digits"));
                // Group 00 and number 000 say that there is none.
                let (group, number) =
                    (Some(group).filter(|&group| group != 0), Some(u32::from(number)).filter(|&number| number != 0));
                vec![Signal { group, number, ..Signal::new(code, qualifier) }]
            }
            Said::Sia { user, area, code, number, text } => {
                let code = SiaCode::new(code).expect("two letters");
                vec![Signal {
                    group: area,
                    user: user.map(u32::from),
                    number: number.map(u32::from),
                    address: number.map(|number| number.to_string()),
                    text: text.map(str::to_owned),
                    ..Signal::new(Code::Sia(code), code.entry().map_or(Qualifier::New, |entry| entry.qualifier))
                }]
            }
        }
    }

    pub(super) fn contactid_key(&self) -> Option<Key> {
        self.key.map(|key| Key::new(key.as_bytes()).expect("a key's length"))
    }

    /// The frame that we write.
    pub(super) fn frame(&self) -> Result<Vec<u8>, EncodeError> {
        let extended: Vec<Extended<'_>> = self.extended.iter().map(|(id, text)| Extended::new(*id, text)).collect();
        let content = self.content();
        let encoder = Encoder {
            receiver: self.receiver.as_deref(),
            line: Some(&self.line),
            account: Some(&self.account),
            data: content.as_bytes(),
            extended: &extended,
            stamp: self.stamped.then(|| Stamp::from_unix(MOMENT)),
            ..Encoder::new(self.token(), self.sequence)
        };
        match self.contactid_key() {
            Some(key) => encoder.encrypt(&key, if self.long_pad { Pad::Long(RANDOM) } else { Pad::Short(RANDOM) }),
            None => encoder.encode(),
        }
    }

    /// What we read in a frame that says this, and whether it has a time stamp.
    pub(super) fn read(&self) -> Read {
        Read {
            token: self.token().as_str().to_owned(),
            encrypted: self.key.is_some(),
            sequence: Some(self.sequence),
            receiver: self.receiver.clone(),
            line: Some(self.line.clone()),
            account: Some(self.account.clone()),
            content: self.content(),
            extended: self.extended.clone(),
            stamped: self.stamped,
            signals: self.signals(),
        }
    }
}

/// What we read in a frame.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Read {
    pub(super) token: String,
    pub(super) encrypted: bool,
    pub(super) sequence: Option<u16>,
    pub(super) receiver: Option<String>,
    pub(super) line: Option<String>,
    pub(super) account: Option<String>,
    pub(super) content: String,
    pub(super) extended: Vec<(char, String)>,
    pub(super) stamped: bool,
    pub(super) signals: Vec<Signal>,
}

/// Reads a foreign frame; strictly, if nothing about it should need bearing.
pub(super) fn read(bytes: &[u8], key: Option<&Key>, strictness: Strictness) -> Read {
    let text = String::from_utf8_lossy(bytes);
    let frame = Frame::parse(bytes, strictness).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    let message = frame.open(key).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    Read {
        token: frame.token().as_str().to_owned(),
        encrypted: frame.is_encrypted(),
        sequence: frame.sequence(),
        receiver: frame.receiver().map(str::to_owned),
        line: frame.line().map(str::to_owned),
        account: frame.account().map(str::to_owned),
        content: message.data_text().into_owned(),
        extended: message.extended().map(|field| (field.id, field.text().into_owned())).collect(),
        stamped: message.stamp().is_some(),
        signals: message.events().unwrap_or_else(|error| panic!("{text:?}: {error}")),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn unhex(digits: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
    (0..digits.len()).step_by(2).map(digit).collect()
}
