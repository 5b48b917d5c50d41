//! The whole centre: the real binary on a folder of its own, real panels on its port, real calls on its API, a real browser,
//! and programs that others wrote.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write as _;

mod acts;
mod away;
mod branches;
mod browser;
mod by_person;
mod called_off;
mod centre;
mod clips;
mod clock;
mod command_line;
mod contacts;
mod crash;
mod demo;
mod description;
mod doors;
mod duplicates;
mod expectations;
mod feed;
mod foreign;
mod full_disk;
mod hand_off;
mod handling;
mod hidden;
mod imports;
mod late_close;
mod late_word;
mod limbo;
mod live;
mod long_queue;
mod lowered;
mod mirror;
mod on_test;
mod operators;
mod packs;
mod panel;
mod panel_users;
mod plan;
mod queues;
mod recurring;
mod restored;
mod review;
mod scale;
mod secrets;
mod self_watch;
mod shift;
mod signed_in;
mod sources;
mod storm;
mod supervision;
mod told;
mod unit_answers;
mod units;
mod unknown;
mod unknown_fields;
mod unread;
mod urgent_first;
mod web;
mod why;
mod words;

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
