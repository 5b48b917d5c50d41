//! The formats this crate reads, each under one word.

mod detect;

use core::{fmt, str::FromStr};

macro_rules! formats {
    ($($(#[$doc:meta])* $name:ident $word:literal,)*) => {
        /// A format of alarm reports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Format {
            $($(#[$doc])* $name,)*
        }

        impl Format {
            /// Every format, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The stable word for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

formats! {
    /// SIA DC-09 frames: IP panels.
    Dc09 "dc09",
    /// The sixteen digits of Contact ID (SIA DC-05).
    ContactId "contact-id-dtmf",
    /// Ademco Express 4+1: eight digits.
    Express41 "ademco-express-4-1",
    /// Ademco Express 4+2: nine digits.
    Express42 "ademco-express-4-2",
    /// Ademco High Speed: sixteen digits.
    HighSpeed "ademco-high-speed",
    /// Ademco Super Fast: fifteen digits.
    SuperFast "ademco-super-fast",
    /// Pulse formats: 3/1, 4/1, 4/2.
    Pulse "pulse",
    /// Scancom fast format.
    Scancom "scancom",
    /// Robofon 8.
    Robofon "robofon",
    /// CESA FSK 200.
    Cesa "cesa",
    /// SIA DC-03 blocks, raw: modems and Honeywell Galaxy.
    Dc03 "dc03-block",
    /// The Galaxy's own line check.
    GalaxyCheck "galaxy-ip-check",
    /// The Galaxy's text message.
    GalaxySms "galaxy-sms",
    /// Texecom Premier's link to a receiving centre.
    Texecom "texecom-arc",
    /// Contact ID as `AL00` text.
    CidAl00 "cid-al00",
    /// Contact ID in brackets.
    CidBracket "cid-bracket",
    /// Contact ID as sixteen bare characters of text.
    CidBare "cid-bare",
    /// Contact ID as comma-separated text.
    CidCsv "cid-csv-ip",
    /// Contact ID as Eldes panels write it: a `3` and sixteen digits.
    CidEldes "cid-eldes",
    /// SIA DC-07 as Bosch receivers speak it to automation.
    Dc07 "dc07",
    /// Radionics D6500 records.
    D6500 "d6500",
    /// Sur-Gard records.
    Surgard "surgard",
    /// Sur-Gard records with the length header of option B32.
    SurgardB32 "surgard-b32",
    /// Ademco 685 records.
    Ademco685 "ademco685",
    /// Ademco CAPS records.
    Caps "ademco-caps",
    /// Ademco CP-220 records.
    Cp220 "ademco-cp220",
    /// Congwin FE100 records.
    Fe100 "congwin-fe100",
    /// Honeywell MX8000 native calls.
    Mx8000 "mx8000",
    /// Silent Knight 9000, 9500 and 9800 calls.
    SilentKnight "silent-knight",
    /// ITI generic records.
    Iti "iti",
    /// ITI computer interface records.
    ItiComputer "iti-computer",
    /// Osborne-Hoffman / XSIA lines, deciphered.
    OhPlain "oh-plain",
    /// Osborne-Hoffman / XSIA lines under 3DES.
    OhSealed "oh-3des",
    /// VdS 2465-S2 over TCP.
    Vds "vds2465-s2",
    /// Intelbras ISECNet.
    Isecnet "intelbras-isecnet",
}

/// The word names no format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no format has this name")]
pub struct FormatError;

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(word: &str) -> Result<Self, FormatError> {
        Self::ALL.iter().copied().find(|format| format.as_str() == word).ok_or(FormatError)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
