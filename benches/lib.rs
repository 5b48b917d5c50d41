//! Benchmarks live beside this file, one a crate.
