//! The whole alarm centre in one process: receiver, desk and web console.

pub mod problem;
