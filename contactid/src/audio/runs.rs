//! From what is heard block by block to sounds with a beginning and an end.

use super::correlate::Complex;

/// One sound that goes on: what it is, the first and the last block that heard it, and its turns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<const M: usize> {
    pub(super) key: usize,
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) turns: [Complex; M],
}

/// Follows sounds over short interruptions: a sound that is gone for fewer than `gap` blocks is not over.
#[derive(Clone, Debug)]
pub(super) struct Runs<const M: usize> {
    now: Option<Run<M>>,
    /// Another sound, heard while the first one may still come back.
    next: Option<Run<M>>,
    gap: u64,
}

impl<const M: usize> Runs<M> {
    pub(super) const fn new(gap: u64) -> Self {
        Self { now: None, next: None, gap }
    }

    /// The sound that goes on.
    pub(super) const fn now(&self) -> Option<&Run<M>> {
        self.now.as_ref()
    }

    /// Takes what block number `at` heard; gives the sound that is over with it.
    pub(super) fn step(&mut self, at: u64, heard: Option<(usize, [Complex; M])>) -> Option<Run<M>> {
        if let Some((key, turns)) = heard {
            let begin = || Run { key, first: at, last: at, turns };
            match (&mut self.now, &mut self.next) {
                (Some(run), next) if run.key == key => {
                    run.extend(at, turns);
                    *next = None;
                }
                (Some(_), Some(run)) if run.key == key => run.extend(at, turns),
                (Some(_), next) => *next = Some(begin()),
                (now @ None, _) => *now = Some(begin()),
            }
        }
        if self.now.as_ref().is_some_and(|run| at - run.last >= self.gap) {
            return core::mem::replace(&mut self.now, self.next.take());
        }
        None
    }
}

impl<const M: usize> Run<M> {
    fn extend(&mut self, at: u64, turns: [Complex; M]) {
        self.last = at;
        for (sum, turn) in self.turns.iter_mut().zip(turns) {
            *sum = sum.plus(turn);
        }
    }
}
