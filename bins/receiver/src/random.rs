//! Random bytes for the pads of encrypted answers, fetched from the system a page at a time.

use std::cell::RefCell;

/// What one call to the system fetches.
const PAGE: usize = 4096;

struct Stock {
    bytes: [u8; PAGE],
    used: usize,
}

thread_local! {
    static STOCK: RefCell<Stock> = const { RefCell::new(Stock { bytes: [0; PAGE], used: PAGE }) };
}

/// Fills `pad`, which is short, with bytes that are used for nothing else.
pub(crate) fn fill(pad: &mut [u8]) {
    STOCK.with_borrow_mut(|stock| {
        if stock.used + pad.len() > PAGE {
            if let Err(error) = getrandom::fill(&mut stock.bytes) {
                // A pad that is not random weakens the secrecy of an acknowledgement, whose content everybody knows.
                tracing::error!("the system gives no random bytes: {error}");
            }
            stock.used = 0;
        }
        pad.copy_from_slice(&stock.bytes[stock.used..stock.used + pad.len()]);
        stock.used += pad.len();
    });
}
