//! What the fields of a record say as events.

use alloc::vec::Vec;

use super::{Form, SurgardRecord};
use crate::automation::{iti, layout::Layout};
use crate::cid::channels;
use crate::dtmf::Digit;
use crate::{CidMessage, Code, OwnCode, OwnList, Qualifier, SiaCode, SiaMessage, Signal};

/// The letter that receivers write for a Contact ID qualifier, as its digit.
pub(in crate::automation) const fn qualifier_digit(letter: u8) -> u8 {
    match letter {
        b'E' => b'1',
        b'R' => b'3',
        b'P' => b'6',
        other => other,
    }
}

/// The message in the fields `Q`, `X`, `G` and `C`.
pub(in crate::automation) fn contact_id(layout: Layout, bytes: &[u8]) -> Option<CidMessage> {
    let [qualifier]: [u8; 1] = layout.array(bytes, b'Q');
    let [x, y, z]: [u8; 3] = layout.array(bytes, b'X');
    let [g, h]: [u8; 2] = layout.array(bytes, b'G');
    let [a, b, c]: [u8; 3] = layout.array(bytes, b'C');
    CidMessage::packed([qualifier_digit(qualifier), x, y, z, g, h, a, b, c], 0).ok()
}

/// A code of a list of its own, with what its letter says of beginning and end.
pub(in crate::automation) fn own(list: OwnList, written: &[u8]) -> Option<Signal> {
    let code = OwnCode::new(list, written)?;
    Some(Signal::new(Code::Own(code), code.qualifier()))
}

pub(super) fn signals(record: &SurgardRecord<'_>) -> Vec<Signal> {
    let (layout, bytes) = (record.layout(), record.bytes);
    let number = |letter| layout.number(bytes, letter);
    let trimmed = |letter| {
        let held: [u8; OwnCode::MAX] = layout.array(bytes, letter);
        held
    };
    let one = |list, letter, signal_number| {
        let held = trimmed(letter);
        own(list, held.trim_ascii()).map(|signal| Signal { number: signal_number, ..signal })
    };
    let single = match record.form {
        Form::Heartbeat | Form::CallerId | Form::Other => None,
        Form::ContactId | Form::LongContactId => record.contact_id().map(|message| message.signal()),
        Form::Basic => one(OwnList::Surgard, b'X', number(b'Y')).map(|signal| Signal {
            group: number(b'G').and_then(|group| u16::try_from(group).ok()).filter(|&group| group > 0),
            ..signal
        }),
        Form::SiaEvent => sia_event(layout.array(bytes, b'X'), layout.array(bytes, b'Y')),
        Form::Modem => one(OwnList::Other, b'X', number(b'Y')),
        Form::Fsk1 => one(OwnList::Other, b'X', None),
        Form::Fsk2 => {
            let ([x], [y]) = (layout.array(bytes, b'X'), layout.array(bytes, b'Y'));
            own(OwnList::Other, [x, y].trim_ascii()).map(|signal| Signal { number: number(b'Z'), ..signal })
        }
        Form::Iti => iti::signal(layout, bytes),
        Form::Telenot => one(OwnList::Telenot, b'E', number(b'Z')),
        Form::Robofon => {
            let ([y], [z]) = (layout.array(bytes, b'Y'), layout.array(bytes, b'Z'));
            let told = crate::text::ascii([y, z].trim_ascii()).and_then(crate::text::decimal);
            one(OwnList::Robofon, b'E', told)
        }
        Form::Cesa => one(OwnList::Cesa, b'X', number(b'Z')),
        Form::Channels | Form::ManyChannels => return channel_states(layout, bytes),
        Form::Sia => {
            let content = record.bracket().map_or(&[][..], |(_, content)| content);
            let message = SiaMessage::parse(content).unwrap_or_default();
            return message.events.iter().map(|event| event.signal()).collect();
        }
    };
    single.into_iter().collect()
}

fn sia_event(code: [u8; 2], number: [u8; 4]) -> Option<Signal> {
    let code = SiaCode::new(code)?;
    let address = crate::text::ascii(number.trim_ascii());
    let qualifier = code.entry().map_or(Qualifier::New, |entry| entry.qualifier);
    Some(Signal {
        number: address.and_then(crate::text::decimal),
        address: address.filter(|address| !address.is_empty()).map(Into::into),
        ..Signal::new(Code::Sia(code), qualifier)
    })
}

/// Eight or sixteen channels, the last character being the status.
fn channel_states(layout: Layout, bytes: &[u8]) -> Vec<Signal> {
    let digits = layout.field(bytes, b'C').map(|byte| Digit::from_char(char::from(byte)));
    let digits: Option<Vec<Digit>> = digits.collect();
    match digits.as_deref() {
        Some([states @ .., status]) => channels::signals(OwnList::Scancom, states.iter().copied(), *status).collect(),
        _ => Vec::new(),
    }
}
