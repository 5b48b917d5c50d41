//! Seeded chaos: after each step of a day the invariants hold; see [`Witness`](crate::witness::Witness).

mod seen;

use std::num::NonZero;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::chaos::{Day, play};

use seen::Seen;

/// How many seeds plain `cargo test` plays. `CHAOS_SEEDS` asks for more (CI plays 10,000), and `CHAOS_FIRST` for others than
/// those from 0 on: the seed that a failure names is played alone with `CHAOS_FIRST=seed CHAOS_SEEDS=1`.
const SEEDS: u64 = 1440;
/// Says which seed it was when a day fails.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}", self.0);
        }
    }
}

/// DESIGN §4, 11 and 12, restart equality, order and gapless streams: see [`Witness`]. And what is recorded of the day makes
/// the same day again: see [`Memory`].
#[test]
fn chaos_keeps_the_invariants() {
    let asked = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a whole number"));
    let (first, seeds) = (asked("CHAOS_FIRST").unwrap_or(0), asked("CHAOS_SEEDS").unwrap_or(SEEDS));
    let next = AtomicU64::new(first);
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let seen = std::thread::scope(|scope| {
        let players: Vec<_> = (0..threads).map(|_| scope.spawn(|| play_on(&next, first + seeds))).collect();
        players.into_iter().map(|player| player.join().unwrap()).reduce(Seen::with).unwrap()
    });
    // Chaos that never gets anywhere proves nothing; a few days alone cannot get everywhere.
    if seeds < SEEDS {
        return;
    }
    seen.is_everything(seeds >= 10_000);
}

/// Plays the seeds that nobody else has taken yet, up to `end`.
fn play_on(next: &AtomicU64, end: u64) -> Seen {
    let mut seen = Seen::default();
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return seen;
        }
        let day = Named(seed);
        let Day { said, memory, policy, .. } = play(seed);
        memory.replays(&policy);
        drop(day);
        said.into_iter().for_each(|output| seen.note(output));
    }
}

/// Same inputs, same outputs.
#[test]
fn chaos_is_the_same_every_time() {
    assert_eq!(play(7).said, play(7).said);
}
