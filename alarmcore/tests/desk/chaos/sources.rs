//! From where the signals of chaotic days come, and what must hold of whatever is told of it.

use std::collections::BTreeMap;

use alarmcore::{AccountNumber, Desk, Output, SignalSource, Sources, Timestamp, source_told};

/// One account lists from where its signals may come.
pub(super) fn listed(account: &str) -> Option<std::sync::Arc<Sources>> {
    (account == "1002").then(|| std::sync::Arc::new("192.0.2.0/24, 13900000001".parse().unwrap()))
}

/// Where the so many-th signal comes from: mostly from where it should.
pub(super) fn of(signal: u64) -> Option<SignalSource> {
    SignalSource::of_peer(match signal % 22 {
        11 => "198.51.100.9:5000",
        17 => "13900000002",
        20 => "operator",
        _ => "192.0.2.7:5000",
    })
}

/// When operators were last told of each source of an account.
#[derive(Default)]
pub(super) struct Told(BTreeMap<(AccountNumber, SignalSource), Timestamp>);

impl Told {
    /// Of a source nobody is told twice within the time of the policy, but for a clock that was set back.
    pub(super) fn check(&mut self, desk: &Desk, said: &[Output]) {
        for output in said {
            let Output::Record(record) = output else { continue };
            let account = desk.incident(record.incident).and_then(|incident| incident.account);
            let (Some(account), Some((source, at))) = (account, source_told(record)) else { continue };
            let before = self.0.insert((account, source), at);
            let since = before.map(|before| at.secs_since(before));
            let again_s = i64::from(desk.policy().source.again_s);
            assert!(since.is_none_or(|since| since < 0 || since >= again_s), "{source} of {account} after {since:?} s");
        }
    }
}
