//! The program without the codec: reads bytes, and says of each line no more than how long it is.

use std::io::Read;

fn main() -> std::io::Result<()> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    for line in bytes.split_inclusive(|&byte| byte == b'\r') {
        println!("{}", line.len());
    }
    Ok(())
}
