//! The nearest code of each kind of event, for events that no pair of codes says.

use super::sia as letters;
use crate::{Class, Code, EventCode, Qualifier};

/// What stands for a class: Contact ID, and SIA's beginning and end.
const fn pair(class: Class) -> Option<(u16, &'static [u8; 2], &'static [u8; 2])> {
    Some(match class {
        Class::Medical => (100, b"MA", b"MH"),
        Class::Fire => (110, b"FA", b"FH"),
        Class::HoldUp => (120, b"PA", b"PH"),
        Class::Duress => (121, b"HA", b"HH"),
        Class::Burglary => (130, b"BA", b"BH"),
        Class::Gas => (151, b"GA", b"GH"),
        Class::Environment | Class::General => (150, b"UA", b"UH"),
        Class::Tamper => (144, b"TA", b"TR"),
        Class::MainsPower => (301, b"AT", b"AR"),
        Class::Battery => (302, b"YT", b"YR"),
        Class::System | Class::Peripheral | Class::Sounder => (300, b"YX", b"YZ"),
        Class::Communication => (350, b"YC", b"YK"),
        Class::Sensor => (380, b"UT", b"UJ"),
        Class::FireSupervisory => (200, b"FS", b"FV"),
        Class::OpenClose => (400, b"OP", b"CL"),
        Class::Cancel => (406, b"OC", b"OC"),
        Class::RemoteAccess => (412, b"RB", b"RS"),
        Class::Access => (422, b"DG", b"DG"),
        Class::Disable | Class::Bypass => (570, b"UB", b"UU"),
        Class::Test => (602, b"RP", b"RP"),
        Class::TestMode => (607, b"TS", b"TE"),
        Class::Schedule => (630, b"JS", b"JS"),
        Class::Personnel => (654, b"NA", b"NS"),
        Class::Program => (627, b"LB", b"LX"),
        Class::Log => (624, b"JO", b"JO"),
        Class::Vendor | Class::Other => return None,
    })
}

/// The Contact ID code that stands for a class.
pub(super) fn cid(class: Class) -> Option<EventCode> {
    pair(class).and_then(|(code, ..)| EventCode::new(code))
}

/// The SIA code that stands for a class at this qualifier, with the qualifier that it has by itself.
pub(super) fn sia(class: Class, qualifier: Qualifier) -> Option<(Code, Qualifier)> {
    let (_, event, restore) = pair(class)?;
    let code = letters(if qualifier == Qualifier::Restore { restore } else { event });
    Some((Code::Sia(code), code.entry().map_or(qualifier, |entry| entry.qualifier)))
}

/// The letter of a Sur-Gard basic record, with the qualifier that it has by itself.
pub(super) const fn surgard(class: Class, qualifier: Qualifier) -> Option<(u8, Qualifier)> {
    let ends = matches!(qualifier, Qualifier::Restore);
    Some(match (class, ends) {
        (Class::OpenClose, false) => (b'O', Qualifier::New),
        (Class::OpenClose, true) => (b'C', Qualifier::Restore),
        (Class::Bypass | Class::Disable, false) => (b'B', Qualifier::New),
        (Class::Bypass | Class::Disable, true) => (b'H', Qualifier::Restore),
        (Class::Cancel, _) => (b'F', Qualifier::New),
        (
            Class::Medical
            | Class::Fire
            | Class::HoldUp
            | Class::Duress
            | Class::Burglary
            | Class::Gas
            | Class::Environment
            | Class::General
            | Class::Tamper,
            false,
        ) => (b'A', Qualifier::New),
        (
            Class::MainsPower
            | Class::Battery
            | Class::System
            | Class::Peripheral
            | Class::Sounder
            | Class::Communication
            | Class::Sensor
            | Class::FireSupervisory,
            false,
        ) => (b'T', Qualifier::New),
        (
            Class::RemoteAccess
            | Class::Access
            | Class::Test
            | Class::TestMode
            | Class::Schedule
            | Class::Personnel
            | Class::Program
            | Class::Log,
            _,
        ) => (b'Z', Qualifier::New),
        (Class::Vendor | Class::Other, _) => return None,
        (_, true) => (b'R', Qualifier::Restore),
    })
}
