//! The receiver as its panels and its neighbours see it: real sockets, real files, whole answers, whole rows.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod accounts;
mod bad_input;
mod binary;
mod crash;
mod full_disk;
mod load;
mod patience;
mod policy;
mod world;
