//! The same program with the codec: DC-09 frames and sixteen digits of Contact ID, decoded and answered.

use contactid::cid::CidReport;
use contactid::{CidMessage, Deframer, Frame, Pad, Reply, Stamp, Strictness};
use std::io::Read;

fn main() -> std::io::Result<()> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    let mut deframer = Deframer::new();
    let _ = deframer.push(&bytes);
    while let Some(bytes) = deframer.pop() {
        let Ok(frame) = Frame::parse(bytes, Strictness::Tolerant) else { continue };
        if let Some(cid) = frame.open(None).ok().and_then(|message| message.cid().ok()) {
            say(&cid);
        }
        let answer = Reply::Ack.encode(&frame, Stamp::from_unix(0), None, Pad::Short(b""));
        println!("{}", answer.len());
    }
    if let Ok(report) = CidReport::parse(&bytes, Strictness::Tolerant) {
        say(report.message());
    }
    Ok(())
}

fn say(cid: &CidMessage) {
    println!("{} {} {} {}", cid.qualifier.digit(), cid.code.number(), cid.group_text(), cid.number_text());
}
