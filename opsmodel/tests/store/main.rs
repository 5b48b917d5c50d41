//! The store on real files: what is acknowledged stays, what is altered is found, what is projected can be rebuilt.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not get is a failure")]

mod backup;
mod behind;
mod cards;
mod centre;
mod crash;
mod determinism;
mod expectations;
mod false_calls;
mod follow_up;
mod full;
mod generation;
mod hidden;
mod keys;
mod lowered;
mod on_test;
mod outbox;
mod own_packs;
mod pack;
mod rebuild;
mod recurring;
mod review;
mod room;
mod rules;
mod sample;
mod schema;
mod shapes;
mod signals;
mod sources;
mod storm;
mod supervised;
mod users;
mod verify;
mod wal;
