//! SIA event codes: the two letters of SIA DC-03.

pub mod code;
pub mod table;
