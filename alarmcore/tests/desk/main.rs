//! The desk as its callers see it: scripted days with their time lines, seeded chaos with its invariants, stored shapes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

/// A day under a policy, with its time line as a snapshot.
macro_rules! day {
    ($(#[$doc:meta])* $name:ident, $policy:expr, $script:literal) => {
        $(#[$doc])*
        #[test]
        fn $name() {
            insta::assert_snapshot!(play($policy, $script));
        }
    };
}

mod avs;
mod away;
mod bounds;
mod by_person;
mod called_off;
mod calls;
mod cancel;
mod chaos;
mod clauses;
mod clips;
mod confirm;
mod days;
mod duplicates;
mod edges;
mod ends;
mod expect;
mod expectation;
mod expectation_ends;
mod expectation_kept;
mod facts;
mod false_calls;
mod feed;
mod forward;
mod hand_off;
mod hidden;
mod invariants;
mod late_close;
mod late_words;
mod limits;
mod lowered;
mod marks;
mod on_test;
#[cfg(feature = "toml")]
mod override_ends;
#[cfg(feature = "toml")]
mod override_names;
#[cfg(feature = "toml")]
mod overrides;
#[cfg(feature = "toml")]
mod own_packs;
#[cfg(feature = "toml")]
mod own_rules;
mod packs;
mod plan_walks;
mod plans;
mod policy;
#[cfg(feature = "toml")]
mod policy_file;
mod queues;
mod recent;
mod recurring;
mod replay;
mod restores;
mod rests;
mod runaway;
mod schedule;
mod schedule_line;
mod script;
mod self_watch;
mod shapes;
mod sources;
mod state;
mod storm;
mod storm_seats;
mod swinger;
mod tally;
mod test_danger;
mod threat;
mod told;
mod units;
mod unrestored;
mod untold;
#[cfg(feature = "toml")]
mod urgent;
mod users;
mod values;
mod what_if;
mod witness;
mod workflow;
