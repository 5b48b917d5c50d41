//! The same program with the codec and what it links of the lists: every event by its name, in English and Chinese.

use contactid::{Deframer, Frame, Lang, Strictness};
use std::io::Read;

fn main() -> std::io::Result<()> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    let mut deframer = Deframer::new();
    let _ = deframer.push(&bytes);
    while let Some(bytes) = deframer.pop() {
        let Ok(frame) = Frame::parse(bytes, Strictness::Tolerant) else { continue };
        for signal in frame.open(None).ok().and_then(|message| message.events().ok()).unwrap_or_default() {
            println!("{:?} {} {}", signal.class(), signal.name(Lang::En), signal.name(Lang::Zh));
        }
    }
    Ok(())
}
