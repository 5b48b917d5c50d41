//! The store on real files: what is acknowledged stays, what is altered is found, what is projected can be rebuilt.

mod crash;
mod full;
mod sample;
mod signals;
mod wal;
