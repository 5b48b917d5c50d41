//! Fuzz target: see the function of this name in `checks.rs`.
#![no_main]

#[path = "../checks.rs"]
#[allow(dead_code, reason = "each target takes one check")]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::deframer(bytes));
