//! Fuzz target: see the check of this name in `checks/`.
#![no_main]

#[path = "../checks.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::run("line-keyed", bytes));
