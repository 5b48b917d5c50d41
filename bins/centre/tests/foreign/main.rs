//! Programs that others wrote, against ours: a codec, panels that send to a running centre, and the browser that shows it.
//!
//! The packages come from PyPI: `siadc09`, `my-dc09-spt`, `dc09-spt`. Where they are missing, each test says so and passes;
//! with `CENTRE_REQUIRE_FOREIGN=1` it fails.

mod browser;
mod centre;
mod codec;
#[path = "../browser/driver.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "it belongs to the console's own test, which uses all of it")]
mod driver;
mod panels;
mod python;

use std::io::Write as _;

/// Says that a test is skipped because `what` is missing.
///
/// # Panics
/// Where `CENTRE_REQUIRE_FOREIGN` says that it must be there.
fn skip(what: &str) {
    let required = std::env::var("CENTRE_REQUIRE_FOREIGN").is_ok_and(|wanted| wanted == "1");
    assert!(!required, "CENTRE_REQUIRE_FOREIGN=1, and {what} is missing");
    // Not eprintln!, which the test harness swallows.
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what} is missing, see CONTRIBUTING.md");
}
