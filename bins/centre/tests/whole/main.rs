//! The whole centre: the real binary on a folder of its own, real panels on its port, real calls on its API.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod acts;
mod branches;
mod centre;
mod command_line;
mod crash;
mod demo;
mod description;
mod doors;
mod full_disk;
mod imports;
mod live;
mod panel;
mod scale;
mod shift;
mod supervision;
mod unknown;
mod web;
