//! Programs that others wrote, against ours: codecs, panels that send to a running centre, and the browser that shows it.
//!
//! The packages come from PyPI: `siadc09`, `pysiaalarm`, `my-dc09-spt`, `dc09-spt`. Where they are missing, each test says so and passes;
//! with `CENTRE_REQUIRE_FOREIGN=1` it fails.
//!
//! Each codec has ten thousand messages, plain and encrypted. Where it reads or writes something otherwise than we, the
//! difference stands in its file with who is right, and the test prints how many messages it concerns.

mod panels;
mod pysiaalarm;
mod python;
mod reports;
mod seen;
mod siadc09;
mod spt;
