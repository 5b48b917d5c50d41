//! Certificates that run out: those in files, and those that the other ends of the ways out show.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use alarmcore::{Part, SelfWatchLimits, Timestamp};

use super::aside::Aside;
use super::watch::{Finding, Said};
use super::x509;
use crate::outside::{Far, Outside, Shown, certificates_in};

/// How often files are read, and the other ends are asked while one fails: who has renewed it wants to see it.
const LOOK_SOON: Duration = Duration::from_secs(15);
/// How often the other ends are asked otherwise.
const LOOK_EVERY: Duration = Duration::from_secs(3600);
const DAY_MS: i64 = 24 * 3600 * 1000;

/// What a certificate is, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    /// It is valid until then.
    Until(Timestamp),
    /// It is not to be trusted, or cannot be read: why.
    Bad(String),
}

pub(super) struct Certificates {
    files: Vec<PathBuf>,
    far: Vec<Far>,
    read: Aside<Vec<(String, Option<Seen>)>>,
    asked: Aside<Vec<(String, Option<Seen>)>>,
    /// What was seen last of each, by its name.
    known: BTreeMap<String, Seen>,
}

impl Certificates {
    pub(super) fn new(files: Vec<PathBuf>, outside: &Outside) -> Self {
        let (read, asked) = (Aside::new("certificates"), Aside::new("certificates"));
        Self { files, far: outside.far(), read, asked, known: BTreeMap::new() }
    }

    /// How they are; nothing where there are none, or before they were seen.
    pub(super) fn look(&mut self, limits: &SelfWatchLimits, now: Timestamp) -> Option<Finding> {
        if limits.certificate_days == 0 || self.files.is_empty() && self.far.is_empty() {
            return None;
        }
        let limit_ms = i64::from(limits.certificate_days) * DAY_MS;
        let fails = |seen: &Seen| match seen {
            Seen::Until(until) => until.millis().saturating_sub(now.millis()) < limit_ms,
            Seen::Bad(_) => true,
        };
        let every = if self.known.values().any(fails) { LOOK_SOON } else { LOOK_EVERY };
        let (files, far) = (self.files.clone(), self.far.clone());
        let read = self.read.every(LOOK_SOON, move || files.iter().map(in_file).collect())?.clone();
        let asked = self.asked.every(every, move || far.iter().flat_map(at_end).collect())?.clone();
        // Of an end that was not reached, what was seen before stays true: that it is not reached is a fault of the way.
        self.known.extend(read.into_iter().chain(asked).filter_map(|(name, seen)| Some((name, seen?))));
        let said = |seen: &Seen| match seen {
            Seen::Until(until) => {
                let day = until.to_string().chars().take(10).collect::<String>();
                Said::new(format!("valid until {day}"), format!("有效期至 {day}"))
            }
            Seen::Bad(why) => Said::new(why.clone(), format!("无效：{why}")),
        };
        let faults = self.known.iter().filter(|(_, seen)| fails(seen)).map(|(name, seen)| (name.clone(), said(seen)));
        let first = self.known.values().filter_map(|seen| match seen {
            Seen::Until(until) => Some(*until),
            Seen::Bad(_) => None,
        });
        let fine =
            first.min().map_or_else(|| Said::new("none was seen", "未见证书"), |until| said(&Seen::Until(until)));
        Some(Finding { part: Part::Certificate, faults: faults.collect(), fine })
    }
}

/// A file's, by its name.
fn in_file(file: &PathBuf) -> (String, Option<Seen>) {
    let seen = std::fs::read(file).map_or_else(|error| Seen::Bad(error.to_string()), |pem| in_pem(&pem));
    (file.display().to_string(), Some(seen))
}

/// That of another end, by the name of its way, and those that it must come from; nothing of an end that is not reached.
fn at_end(far: &Far) -> Vec<(String, Option<Seen>)> {
    let shown = match far.shown() {
        Shown::Certificate(der) => Some(until(&der)),
        Shown::Refused(why) => Some(Seen::Bad(why)),
        Shown::Nothing => None,
    };
    let ca = far.ca.as_ref().map(|pem| (format!("{} ca", far.way), Some(in_pem(pem.as_bytes()))));
    ca.into_iter().chain([(far.way.clone(), shown)]).collect()
}

/// Of the certificates in a text, the one that runs out first.
fn in_pem(pem: &[u8]) -> Seen {
    let seen = match certificates_in(pem) {
        Err(error) => return Seen::Bad(error.to_string()),
        Ok(found) => found.into_iter().map(|der| until(&der)),
    };
    let first = seen.min_by_key(|seen| match seen {
        Seen::Bad(_) => None,
        Seen::Until(until) => Some(*until),
    });
    first.unwrap_or_else(|| Seen::Bad("there is no certificate in it".into()))
}

fn until(der: &[u8]) -> Seen {
    x509::valid_until(der).map_or_else(|| Seen::Bad("it cannot be read".into()), Seen::Until)
}
