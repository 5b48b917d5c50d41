//! Latencies counted in buckets less than one percent wide, so that a long run costs no more memory than a short one.

use std::time::Duration;

use serde::Serialize;

/// Sub-buckets in each doubling: 64 keep the error of a percentile below 1.6 % of its value.
const STEPS: usize = 64;

/// How many answers took how long. Times are whole microseconds; what is under 128 µs is exact.
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    buckets: Vec<u64>,
    total: u64,
    longest_us: u64,
}

/// The figures a run is judged by, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Percentiles {
    /// Half of the answers were faster.
    pub p50_ms: f64,
    /// 99 of 100 were faster.
    pub p99_ms: f64,
    /// 999 of 1,000 were faster.
    pub p999_ms: f64,
    /// The slowest of all.
    pub max_ms: f64,
}

impl Latencies {
    /// Counts one answer.
    pub fn record(&mut self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).min(u64::from(u32::MAX));
        let bucket = bucket(us);
        if bucket >= self.buckets.len() {
            self.buckets.resize(bucket + 1, 0);
        }
        self.buckets[bucket] += 1;
        self.total += 1;
        self.longest_us = self.longest_us.max(us);
    }

    /// Adds what another connection measured.
    pub fn merge(&mut self, other: &Self) {
        if other.buckets.len() > self.buckets.len() {
            self.buckets.resize(other.buckets.len(), 0);
        }
        for (mine, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            *mine += theirs;
        }
        self.total += other.total;
        self.longest_us = self.longest_us.max(other.longest_us);
    }

    /// How many answers were counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The percentiles of everything counted so far; zeros when nothing was.
    #[must_use]
    pub fn percentiles(&self) -> Percentiles {
        Percentiles {
            p50_ms: self.below(0.5),
            p99_ms: self.below(0.99),
            p999_ms: self.below(0.999),
            max_ms: self.longest_us as f64 / 1000.0,
        }
    }

    fn below(&self, share: f64) -> f64 {
        let rank = (self.total as f64 * share).ceil() as u64;
        let mut seen = 0;
        for (bucket, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= rank && *count > 0 {
                return lowest(bucket) as f64 / 1000.0;
            }
        }
        0.0
    }
}

/// The bucket of a time: exact below two `STEPS`, then `STEPS` buckets for each doubling.
fn bucket(us: u64) -> usize {
    let doublings = (us | (2 * STEPS as u64 - 1)).ilog2() as usize - STEPS.ilog2() as usize;
    doublings * STEPS + (us >> doublings) as usize
}

/// The shortest time that falls into a bucket.
fn lowest(bucket: usize) -> u64 {
    let doublings = (bucket / STEPS).saturating_sub(1);
    ((bucket - doublings * STEPS) as u64) << doublings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_falls_into_a_bucket_that_begins_at_or_just_below_it() {
        for us in (0..100_000).chain([1_000_000, 60_000_000, u64::from(u32::MAX)]) {
            let start = lowest(bucket(us));
            assert!(start <= us && us - start <= us / 64, "{us} µs is counted as {start} µs");
        }
    }

    #[test]
    fn percentiles_of_a_known_run() {
        let (mut even, mut odd) = (Latencies::default(), Latencies::default());
        for us in 1..=1000 {
            if us % 2 == 0 { &mut even } else { &mut odd }.record(Duration::from_micros(us * 10));
        }
        even.merge(&odd);
        assert_eq!(even.total(), 1000);
        assert_eq!(even.percentiles(), Percentiles { p50_ms: 4.992, p99_ms: 9.856, p999_ms: 9.984, max_ms: 10.0 });
        assert_eq!(Latencies::default().percentiles(), Percentiles::default());
    }
}
