//! DC-09: frames, streams, answers.

use contactid::{
    Deframer, Edition, Encoder, Extended, FRAME_MAX, Frame, Key, Message, MessageError, Pad, Quirks, Reply, Stamp,
    Strictness, Token, Window,
};

const NOW: Stamp = Stamp::from_unix(1_741_350_896);

fn key() -> Key {
    Key::new(b"0123456789abcdef").expect("sixteen bytes")
}

/// Reads everything there is to read of a frame, and answers it in every way.
fn read(frame: &Frame<'_>, key: Option<&Key>) {
    let opened = frame.open(key);
    let reply = match &opened {
        Ok(message) => {
            assert!(message.account_number().is_none_or(|account| account.as_str().parse() == Ok(account)));
            for field in message.extended() {
                assert!(!field.value.contains(&b']'));
                for edition in Edition::ALL {
                    let value = field.read();
                    if let Ok(bytes) = value.bytes(edition) {
                        let again = Extended { id: value.letter(edition), value: &bytes };
                        assert_eq!(again.read().letter(edition), again.id);
                    }
                }
            }
            let _ = (message.offered_key(), message.record_events());
            again(frame, message);
            for signal in message.events().unwrap_or_default() {
                assert!(!signal.name(contactid::Lang::Zh).is_empty());
                let _ = (signal.group_text(), signal.number_text(), signal.class());
            }
            message.check_clock(NOW, Window::STANDARD).map_or_else(MessageError::reply, |()| Reply::Ack)
        }
        Err(error) => error.reply(),
    };
    for reply in [reply, Reply::Ack, Reply::Nak, Reply::Duh, Reply::Silence] {
        let answer = reply.encode(frame, NOW, key, Pad::Long(b"pad"));
        if reply == Reply::Silence {
            assert!(answer.is_empty());
            continue;
        }
        let answer = Frame::parse(&answer, Strictness::Tolerant).expect("our own answer reads");
        assert!(answer.token().is_answer());
        assert!(!frame.is_encrypted() || answer.token() != Token::Ack || answer.is_encrypted());
    }
}

/// What was read and can be written reads the same again, however it had come.
fn again(frame: &Frame<'_>, message: &Message<'_>) {
    let extended: Vec<_> = message.extended().collect();
    let written = Encoder {
        token: frame.token(),
        sequence: frame.sequence().unwrap_or_default(),
        receiver: frame.receiver(),
        line: frame.line(),
        account: frame.account(),
        data: message.data(),
        extended: &extended,
        stamp: message.stamp(),
        binary_crc: frame.quirks().contains(Quirks::BINARY_CRC),
    };
    let Ok(bytes) = written.encode() else { return };
    let frame = Frame::parse(&bytes, Strictness::Tolerant).expect("our own frame reads");
    let message = frame.open(None).expect("it is plain");
    let extended: Vec<_> = message.extended().collect();
    let read = Encoder {
        token: frame.token(),
        receiver: frame.receiver(),
        line: frame.line(),
        account: frame.account(),
        data: message.data(),
        extended: &extended,
        stamp: message.stamp(),
        ..written
    };
    assert_eq!((read, frame.sequence()), (written, Some(written.sequence)));
}

/// One datagram.
fn frame(bytes: &[u8]) {
    if let Ok(frame) = Frame::parse(bytes, Strictness::Strict) {
        assert!(frame.quirks().is_empty());
    }
    if let Ok(frame) = Frame::parse(bytes, Strictness::Tolerant) {
        read(&frame, None);
        read(&frame, Some(&key()));
    }
}

/// A stream in segments: the first byte says how long they are. However it is cut, the same frames come out.
fn deframer(bytes: &[u8]) {
    let Some((&size, stream)) = bytes.split_first() else { return };
    let cut = |size: usize| {
        let (mut deframer, mut frames) = (Deframer::new(), Vec::new());
        for segment in stream.chunks(size) {
            let _ = deframer.push(segment);
            while let Some(frame) = deframer.pop() {
                assert!(frame.len() <= FRAME_MAX && frame.starts_with(b"\n") && frame.ends_with(b"\r"));
                frames.push(frame.to_vec());
            }
            assert!(deframer.pending() <= FRAME_MAX);
        }
        (frames, deframer.noise(), deframer.pending())
    };
    assert_eq!(cut(usize::from(size) + 1), cut(stream.len().max(1)));
}

/// A whole session: whatever the stream holds is cut, read and answered.
fn session(bytes: &[u8]) {
    let mut deframer = Deframer::new();
    let key = key();
    for segment in bytes.chunks(512) {
        let _ = deframer.push(segment);
        while let Some(bytes) = deframer.pop() {
            if let Ok(frame) = Frame::parse(bytes, Strictness::Tolerant) {
                read(&frame, Some(&key));
            }
        }
    }
}

/// The bytes as the plain text of an encrypted frame, whose check value, cipher and time hold: what lies behind the key
/// is as free as what lies before it. The first byte says which token.
fn encrypted(bytes: &[u8]) {
    let Some((&choice, text)) = bytes.split_first() else { return };
    let token = [Token::AdmCid, Token::SiaDcs, Token::Null, Token::Other("HENG-BO")][usize::from(choice % 4)];
    let data: Vec<u8> = text.iter().copied().filter(|byte| !b"\n\r[]".contains(byte)).take(1500).collect();
    let key = key();
    let written = Encoder { account: Some("1234"), data: &data, stamp: Some(NOW), ..Encoder::new(token, 1) };
    let bytes = written.encrypt(&key, Pad::Short(text)).expect("nothing in it that ends a field");
    assert!(Frame::parse(&bytes, Strictness::Strict).is_ok(), "our own envelope is the standard's");
    let frame = Frame::parse(&bytes, Strictness::Tolerant).expect("our own frame reads");
    assert_eq!(frame.open(Some(&key)).map(|message| message.data().to_vec()), Ok(data));
    read(&frame, Some(&key));
    read(&frame, None);
}

/// Each target by its name.
pub const TARGETS: &[super::Target] =
    &[("frame", frame), ("deframer", deframer), ("session", session), ("encrypted", encrypted)];
