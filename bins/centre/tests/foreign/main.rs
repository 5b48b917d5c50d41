//! Programs that others wrote, against ours: a codec, and the panels that send to a running centre.
//!
//! The packages come from PyPI: `siadc09`, `my-dc09-spt`, `dc09-spt`. Where they are missing, each test says so and passes;
//! with `CENTRE_REQUIRE_FOREIGN=1` it fails.

mod centre;
mod codec;
mod panels;
mod python;
