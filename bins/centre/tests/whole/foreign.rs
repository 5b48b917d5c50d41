//! Programs that others wrote, against ours: a codec, panels that send to a running centre, and the browser that shows it.
//!
//! The packages come from PyPI: `siadc09`, `my-dc09-spt`, `dc09-spt`. Where they are missing, each test says so and passes;
//! with `CENTRE_REQUIRE_FOREIGN=1` it fails.

mod codec;
mod panels;
mod python;
mod seen;
