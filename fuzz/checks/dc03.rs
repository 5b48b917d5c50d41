//! DC-03 links: streams, both sides of a report, and the remote control, over operations.

use contactid::galaxy::remote::{Remote, RemoteInput, RemoteOptions, RemoteOutput};
use contactid::sia::report::{
    Answering, Outgoing, Panel, PanelInput, PanelOptions, PanelOutput, Receiver, ReceiverInput, ReceiverOptions,
    ReceiverOutput, Tonal,
};
use contactid::sia::{Block, BlockSplitter, Control, Function, Units, config, controls};
use contactid::texecom::{self, Answer, Direction, MESSAGE_MAX, TexecomSplitter};

/// The targets of this family.
pub const TARGETS: &[super::Target] = &[
    ("dc03-stream", dc03_stream),
    ("dc03-receiver", dc03_receiver),
    ("dc03-panel", dc03_panel),
    ("galaxy-remote", galaxy_remote),
    ("texecom-receiver", texecom_receiver),
];

/// A stream cut into blocks and messages: the first byte says how long its segments are.
fn dc03_stream(bytes: &[u8]) {
    let Some((&size, stream)) = bytes.split_first() else { return };
    let blocks = |size: usize| {
        let (mut splitter, mut found, mut length) = (BlockSplitter::new(), Vec::new(), 0);
        for segment in stream.chunks(size) {
            splitter.push(segment);
            while let Some(read) = splitter.pop() {
                found.push(read.map(|block| block.encode()));
                length += found.last().and_then(|read| read.as_ref().ok()).map_or(0, Vec::len);
            }
            assert!(splitter.pending() < Block::MAX);
        }
        assert_eq!(length as u64 + splitter.noise() + splitter.pending() as u64, stream.len() as u64);
        splitter.quiet();
        assert_eq!(splitter.pending(), 0);
        found
    };
    let whole = blocks(stream.len().max(1));
    assert_eq!(whole, blocks(usize::from(size) + 1));
    for bytes in whole.iter().flatten() {
        let written = &bytes[2..bytes.len() - 1];
        assert!(config::items(written).count() <= written.len());
        for control in controls(written) {
            let printed = control.to_string();
            assert!(control.text.is_some() || Control::parse(printed.as_bytes()) == Some(control));
        }
    }
    if let Ok(units) = String::from_utf8_lossy(stream).parse::<Units>() {
        assert_eq!(units.to_string().parse(), Ok(units));
    }
    for direction in [Direction::FromPanel, Direction::FromCentre] {
        let messages = |size: usize| {
            let (mut splitter, mut found) = (TexecomSplitter::new(direction), Vec::new());
            for segment in stream.chunks(size) {
                splitter.push(segment);
                while let Some(message) = splitter.pop() {
                    found.push(message.to_vec());
                }
                assert!(splitter.pending() < MESSAGE_MAX);
            }
            let length: usize = found.iter().map(Vec::len).sum();
            assert_eq!(length as u64 + splitter.noise() + splitter.pending() as u64, stream.len() as u64);
            found
        };
        let found = messages(stream.len().max(1));
        assert_eq!(found, messages(usize::from(size) + 1));
        for message in found.iter().filter(|_| direction == Direction::FromCentre) {
            assert_eq!(&Answer::parse(message).expect("a whole answer").encode(), message);
        }
    }
}

/// A block of this function, with the data that a fuzzer says.
fn block(function: u8, told: &[u8], asks: bool) -> Vec<u8> {
    let written = &told[..told.len().min(Block::DATA_MAX)];
    Block::new(Function(function), written).expect("short enough").with_flags(asks, false).encode()
}

/// A receiver on a link on which anything happens. Nothing comes behind its end, and no deadline stays.
fn dc03_receiver(bytes: &[u8]) {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let answering = [Answering::Serial, Answering::Network, Answering::Tonal, Answering::ByLevel];
    let answering = answering[usize::from(choice & 3)];
    let options = ReceiverOptions { answering, close_at_end: choice & 4 == 0, ..ReceiverOptions::default() };
    let mut receiver = Receiver::new(options);
    let (mut now_ms, mut reported, mut unstored, mut over) = (0u64, 0, Vec::new(), false);
    for (operation, told) in super::operations(rest) {
        let function = told.first().copied().unwrap_or(b'0');
        let behind = told.get(1..).unwrap_or_default();
        match operation % 8 {
            0 => receiver.handle(now_ms, ReceiverInput::Bytes(told)),
            1 => receiver.handle(now_ms, ReceiverInput::Bytes(&block(function, behind, true))),
            2 => receiver.handle(now_ms, ReceiverInput::Bytes(&block(function, behind, false))),
            3 => receiver.handle(now_ms, ReceiverInput::Bytes(&block(b'#', b"1234", operation & 8 == 0))),
            4 => {
                if let Some(number) = unstored.pop() {
                    receiver.handle(now_ms, ReceiverInput::Stored(number));
                }
            }
            5 => {
                now_ms += u64::from(operation) * 40;
                receiver.handle(now_ms, ReceiverInput::Time);
            }
            6 => {
                now_ms = receiver.deadline().unwrap_or(now_ms).max(now_ms);
                receiver.handle(now_ms, ReceiverInput::Time);
            }
            _ if operation > 240 => receiver.handle(now_ms, ReceiverInput::Closed),
            _ => {}
        }
        while let Some(output) = receiver.poll() {
            assert!(!over, "something behind the end");
            match output {
                ReceiverOutput::Report(report) => {
                    reported += 1;
                    assert_eq!(report.number, reported);
                    assert!(!report.content.is_empty());
                    unstored.push(report.number);
                }
                ReceiverOutput::Close(_) => over = true,
                ReceiverOutput::Send(bytes) => assert_eq!(bytes.len(), 3),
                ReceiverOutput::Tone(_) | ReceiverOutput::Refused(_) => {}
            }
        }
        assert!(receiver.deadline().is_none_or(|deadline| deadline > now_ms), "a deadline that is over");
        assert!(!over || receiver.deadline().is_none());
    }
}

/// A panel to which anything happens. Every report is settled once, in order.
fn dc03_panel(bytes: &[u8]) {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let options = PanelOptions { level: choice & 7, grouped: choice & 8 != 0, ..PanelOptions::default() };
    let mut panel = Panel::new(options);
    let (mut now_ms, mut sent, mut settled) = (0u64, 0u32, 0u32);
    for (operation, told) in super::operations(rest) {
        match operation % 8 {
            0 => {
                let account = if operation & 8 == 0 { "1234" } else { "5678" };
                let mut report = Outgoing::new(account.parse().expect("an account"));
                for part in told.chunks(Block::DATA_MAX) {
                    let function = if operation & 16 == 0 { Function::NEW_EVENT } else { Function::TEXT };
                    report = report.with_block(function, part).expect("a block that fits");
                }
                panel.handle(now_ms, PanelInput::Send(report));
                sent += 1;
            }
            1 => panel.handle(now_ms, PanelInput::Connected),
            2 => panel.handle(now_ms, PanelInput::Bytes(told)),
            3 => {
                let answers = [b"86798120", b"88888888"][usize::from(operation & 8 != 0)];
                let answer = answers[usize::from(operation >> 4) % 8];
                panel.handle(now_ms, PanelInput::Bytes(&block(answer, b"", false)));
            }
            4 => {
                let tones = [Tonal::Acknowledge, Tonal::AcknowledgeAndReverse, Tonal::Refuse];
                panel.handle(now_ms, PanelInput::Tone(tones[usize::from(operation >> 4) % 3]));
            }
            5 => {
                now_ms = panel.deadline().unwrap_or(now_ms).max(now_ms);
                panel.handle(now_ms, PanelInput::Time);
            }
            6 => now_ms += u64::from(operation) * 20,
            _ if operation > 200 => panel.handle(now_ms, PanelInput::Closed),
            _ => {}
        }
        while let Some(output) = panel.poll() {
            match output {
                PanelOutput::Delivered(number) | PanelOutput::GaveUp(number, _) => {
                    settled += 1;
                    assert_eq!(number, settled);
                }
                PanelOutput::Send(bytes) => {
                    let asks: Vec<bool> = contactid::sia::blocks(&bytes, contactid::Strictness::Strict)
                        .map(|block| block.expect("whole blocks").is_owed_answer())
                        .collect();
                    assert!(!asks.is_empty() && asks[..asks.len() - 1].iter().all(|asked| !asked));
                }
                PanelOutput::Connect | PanelOutput::ReverseChannel | PanelOutput::Close => {}
            }
        }
        assert_eq!(panel.waiting() as u32, sent - settled);
    }
}

/// A remote control of a panel that says anything.
fn galaxy_remote(bytes: &[u8]) {
    let mut remote = Remote::new(RemoteOptions::default());
    let (mut now_ms, mut asked, mut told_of) = (0u64, 0u32, 0u32);
    for (operation, told) in super::operations(bytes) {
        match operation % 6 {
            0 => asked += u32::from(remote.login(now_ms, told).is_ok()),
            1 => asked += u32::from(remote.command(now_ms, told).is_ok()),
            2 => remote.handle(now_ms, RemoteInput::Bytes(told)),
            3 => {
                let function = b"@CX98?N0"[usize::from(operation / 6) % 8];
                remote.handle(now_ms, RemoteInput::Bytes(&block(function, told, false)));
            }
            4 => {
                now_ms = remote.deadline().unwrap_or(now_ms).max(now_ms);
                remote.handle(now_ms, RemoteInput::Time);
            }
            _ if operation > 200 => remote.handle(now_ms, RemoteInput::Closed),
            _ => {}
        }
        while let Some(output) = remote.poll() {
            match output {
                RemoteOutput::LoggedIn { .. } | RemoteOutput::Answered(..) | RemoteOutput::Refused => told_of += 1,
                RemoteOutput::GaveUp => told_of = asked,
                RemoteOutput::Send(bytes) => assert!(Block::parse(&bytes, contactid::Strictness::Strict).is_ok()),
                RemoteOutput::Damaged(_) => {}
            }
        }
        assert!(told_of <= asked);
        assert_eq!(remote.deadline().is_some(), told_of < asked);
        assert!(remote.deadline().is_none_or(|deadline| deadline > now_ms), "a deadline that is over");
    }
}

/// The centre's side of a Texecom link. Never more answers than polls and stored reports.
fn texecom_receiver(bytes: &[u8]) {
    let whole: [&[u8]; 4] = [
        b"21AAA18113001004F\r\n",
        b"POLL1000#\x03\0\0\0\r\n",
        b"3\xC4#1000\x19\xC8Nri1CL001m@0\x8F\r\n",
        b"2234518113001004F\r\n",
    ];
    let mut receiver = texecom::Receiver::new(1);
    let (mut reported, mut owed, mut over) = (0, 0u32, false);
    for (operation, told) in super::operations(bytes) {
        match operation % 4 {
            0 => receiver.handle(texecom::ReceiverInput::Bytes(told)),
            1 => receiver.handle(texecom::ReceiverInput::Bytes(whole[usize::from(operation >> 2) % 4])),
            2 => {
                owed += 1;
                receiver.handle(texecom::ReceiverInput::Stored(reported));
            }
            _ => receiver.handle(texecom::ReceiverInput::Stored(operation.into())),
        }
        while let Some(output) = receiver.poll() {
            assert!(!over, "something behind the end");
            match output {
                texecom::ReceiverOutput::Report(report) => {
                    reported += 1;
                    assert_eq!(report.number, reported);
                }
                texecom::ReceiverOutput::Polled { .. } => owed += 1,
                texecom::ReceiverOutput::Send(bytes) => {
                    assert!(Answer::parse(&bytes).is_ok());
                    assert!(owed > 0 || operation % 4 == 3, "an answer to nothing");
                    owed = owed.saturating_sub(1);
                }
                texecom::ReceiverOutput::Close => over = true,
                texecom::ReceiverOutput::Refused(_) => {}
            }
        }
    }
}
