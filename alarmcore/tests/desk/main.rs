//! The desk as its callers see it: scripted days with their time lines, seeded chaos with its invariants, stored shapes.

mod chaos;
mod days;
mod policy;
mod script;
mod shapes;
mod state;
mod witness;
