//! Every format as JSON: bytes to fields, and fields to bytes.

pub mod automation;
pub mod contact_id;
pub mod dc03;
pub mod dc09;
pub mod fields;
pub mod ip;
pub mod phone;
pub mod surgard;

use contactid::Format;
pub use fields::{Answer, Fields, Question};

/// Reads one record of this format; every failure is an answer, too.
pub fn decode(format: Format, bytes: &[u8], question: &Question) -> Answer {
    use Format as F;
    match format {
        F::Dc09 => dc09::decode(bytes, question),
        F::ContactId | F::Express41 | F::Express42 | F::HighSpeed | F::SuperFast | F::Pulse | F::Scancom => {
            phone::decode(format, bytes)
        }
        F::Robofon | F::Cesa => phone::decode(format, bytes),
        F::CidAl00 | F::CidBracket | F::CidBare | F::CidCsv | F::CidEldes => phone::decode(format, bytes),
        F::Dc03 | F::GalaxyCheck | F::GalaxySms | F::Texecom => dc03::decode(format, bytes),
        F::Surgard | F::SurgardB32 | F::Ademco685 | F::Caps | F::Cp220 | F::Fe100 => surgard::decode(format, bytes),
        F::Dc07 | F::D6500 | F::Mx8000 | F::SilentKnight | F::Iti | F::ItiComputer => automation::decode(format, bytes),
        F::OhPlain | F::OhSealed | F::Vds | F::Isecnet => ip::decode(format, bytes, question),
        _ => Answer::refused("format: not read here"),
    }
}

/// Writes one record of this format from the fields that [`decode`] gives.
///
/// # Errors
/// What is missing or cannot be written, in words.
pub fn encode(format: Format, fields: &Fields<'_>) -> Result<Vec<u8>, String> {
    use Format as F;
    match format {
        F::Dc09 => dc09::encode(fields),
        F::ContactId | F::Express41 | F::Express42 | F::HighSpeed | F::SuperFast | F::Pulse | F::Scancom => {
            phone::encode(format, fields)
        }
        F::Robofon | F::Cesa => phone::encode(format, fields),
        F::CidAl00 | F::CidBracket | F::CidBare | F::CidCsv | F::CidEldes => phone::encode(format, fields),
        F::Dc03 | F::GalaxyCheck | F::GalaxySms | F::Texecom => dc03::encode(format, fields),
        F::Surgard | F::SurgardB32 | F::Ademco685 | F::Caps | F::Cp220 | F::Fe100 => surgard::encode(format, fields),
        F::Dc07 | F::D6500 | F::Mx8000 | F::SilentKnight | F::Iti | F::ItiComputer => {
            automation::encode(format, fields)
        }
        F::OhPlain | F::OhSealed | F::Vds | F::Isecnet => ip::encode(format, fields),
        _ => Err("format: not written here".into()),
    }
}
