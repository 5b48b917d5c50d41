//! What lowers the protection of an account as a person writes it: one suspension, log-only agreement or recurring test a line.

use std::collections::BTreeSet;

use alarmcore::{
    Listed, Lowers, OrdinaryClass, RecurringTest, ScheduleError, Scope, TestReason, Timestamp, Zones, is_life_safety,
};
use contactid::Class;

use super::{AccountCard, Agreed, Proposal};

/// Why lines propose nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("agreement line {line}: {fault}")]
pub struct ProposalLineError {
    /// Which line, the first being 1.
    pub line: usize,
    /// What is wrong with it.
    pub fault: ProposalFault,
}

/// What can be wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProposalFault {
    /// It does not begin with what it lowers.
    #[error("expected suspension, log-only or recurring-test first, found {0:?}")]
    Which(String),
    /// Not an entry.
    #[error("expected from, until, reason, agreement, zones, all-but-zones or classes, found {0:?}")]
    Entry(String),
    /// Not hours of a test: every entry that is none of the others is taken for one of them.
    #[error("hours {line:?}: {fault}")]
    Hours {
        /// What was taken for hours.
        line: String,
        /// What is wrong with it.
        fault: ScheduleError,
    },
    /// It is not said why it is tested.
    #[error("for: say why it is tested, one of commissioning, inspection, repair, customer, works; found {0:?}")]
    TestReason(String),
    /// An entry that is there already.
    #[error("{0} is said twice")]
    Twice(&'static str),
    /// Not a time.
    #[error("{entry}: expected a time such as 2026-12-01T08:00:00+08:00, found {found:?}")]
    Time {
        /// Which entry.
        entry: &'static str,
        /// What was found.
        found: String,
    },
    /// It has no end.
    #[error("say until when; write it as `until 2026-12-08T08:00:00+08:00`")]
    Endless,
    /// Not zones.
    #[error("{entry}: expected numbers with blanks between them, found {found:?}")]
    Zones {
        /// Which entry.
        entry: &'static str,
        /// What was found.
        found: String,
    },
    /// Not a class that can be lowered.
    #[error("classes: {0:?} is no class of signal, or is one of life safety, which nothing lowers")]
    Class(String),
    /// Not a class of life safety.
    #[error("life-safety: {0:?} is no class of life safety")]
    LifeSafety(String),
    /// A list where nothing is to be listed.
    #[error("a suspension covers everything but life safety: name zones and classes with log-only")]
    ListedSuspension,
}

impl Proposal {
    /// Suspensions, log-only agreements and recurring tests, one a line or parted by `|`:
    ///
    /// `suspension; from 2026-12-01T00:00:00+08:00; until 2026-12-08T00:00:00+08:00; reason the shop is rebuilt`
    ///
    /// `log-only; zones 4 5; classes burglary trouble; until 2026-12-31T00:00:00+08:00; reason moth; agreement A-17`
    ///
    /// `recurring-test; for inspection; zone Asia/Shanghai; Mon 09:00-10:00; closed 2026-12-28; life-safety fire; zones 4 5;
    /// until 2027-05-31T00:00:00+08:00; reason weekly try of the sprinklers; agreement A-18` (in one line): what is not one of the other
    /// entries is read as [`TestHours`](alarmcore::TestHours).
    ///
    /// Without `from` it begins when the second person has agreed. `all-but-zones` stands in place of `zones`.
    ///
    /// # Errors
    /// What is wrong first, with its line and what to write. What the card itself refuses, [`AccountCard::propose`] says.
    pub fn read_all(text: &str) -> Result<Vec<Self>, ProposalLineError> {
        let lines = text.split(['\n', '|']).map(str::trim).filter(|line| !line.is_empty());
        let read = |(index, text)| read(text).map_err(|fault| ProposalLineError { line: index + 1, fault });
        lines.enumerate().map(read).collect()
    }

    /// Does the card hold it already, agreed to or not? Whoever reads a list twice proposes nothing twice.
    pub fn stands_on(&self, card: &AccountCard) -> bool {
        let same = |one: &Agreed| {
            let from = self.from.is_none_or(|from| from == one.from);
            let rest = (&one.lowers, one.until, one.reason.as_str(), one.agreement.as_str());
            from && rest == (&self.lowers, self.until, self.reason.trim(), self.agreement.trim())
        };
        card.agreed().iter().any(same)
    }
}

fn read(text: &str) -> Result<Proposal, ProposalFault> {
    let mut entries = text.split([';', '；']).map(str::trim).filter(|entry| !entry.is_empty());
    let which = entries.next().unwrap_or_default();
    if !matches!(which, "suspension" | "log-only" | "recurring-test") {
        return Err(ProposalFault::Which(which.to_owned()));
    }
    let recurs = which == "recurring-test";
    let (mut from, mut until, mut reason, mut agreement) = (None, None, None, None);
    let (mut zones, mut classes) = (None, None);
    let (mut life_safety, mut why, mut hours) = (None, None, Vec::new());
    for entry in entries {
        let (word, value) = entry.split_once(char::is_whitespace).unwrap_or((entry, ""));
        let value = value.trim();
        match word {
            "from" => once(&mut from, "from", time("from", value)?)?,
            "until" => once(&mut until, "until", time("until", value)?)?,
            "reason" => once(&mut reason, "reason", value.to_owned())?,
            "agreement" => once(&mut agreement, "agreement", value.to_owned())?,
            "zones" => once(&mut zones, "zones", Zones::Listed(numbers("zones", value)?))?,
            "all-but-zones" => once(&mut zones, "zones", Zones::AllExcept(numbers("all-but-zones", value)?))?,
            "classes" => once(&mut classes, "classes", ordinary(value)?)?,
            "life-safety" if recurs => once(&mut life_safety, "life-safety", named(value)?)?,
            "for" if recurs => once(&mut why, "for", test_reason(value)?)?,
            _ if recurs => hours.push(entry),
            _ => return Err(ProposalFault::Entry(entry.to_owned())),
        }
    }
    let (zones, classes) = (zones.unwrap_or_default(), classes.unwrap_or_default());
    let lowers = match which {
        "recurring-test" => {
            let line = hours.join("; ");
            let hours = line.parse().map_err(|fault| ProposalFault::Hours { line, fault })?;
            let scope = Scope { zones, classes, life_safety: life_safety.unwrap_or_default() };
            let test_reason = why.ok_or_else(|| ProposalFault::TestReason(String::new()))?;
            Lowers::RecurringTest(RecurringTest { hours, scope, test_reason })
        }
        "log-only" => Lowers::LogOnly(Listed { zones, classes }),
        _ if !(Listed { zones, classes }).is_all() => return Err(ProposalFault::ListedSuspension),
        _ => Lowers::Suspension,
    };
    let until = until.ok_or(ProposalFault::Endless)?;
    Ok(Proposal { lowers, from, until, reason: reason.unwrap_or_default(), agreement: agreement.unwrap_or_default() })
}

fn once<T>(slot: &mut Option<T>, entry: &'static str, value: T) -> Result<(), ProposalFault> {
    match slot.replace(value) {
        Some(_) => Err(ProposalFault::Twice(entry)),
        None => Ok(()),
    }
}

fn time(entry: &'static str, text: &str) -> Result<Timestamp, ProposalFault> {
    Timestamp::from_rfc3339(text).ok_or_else(|| ProposalFault::Time { entry, found: text.to_owned() })
}

fn numbers(entry: &'static str, text: &str) -> Result<BTreeSet<u32>, ProposalFault> {
    let fault = || ProposalFault::Zones { entry, found: text.to_owned() };
    let read: Option<BTreeSet<u32>> = text.split_whitespace().map(|word| word.parse().ok()).collect();
    read.filter(|numbers| !numbers.is_empty()).ok_or_else(fault)
}

fn ordinary(text: &str) -> Result<BTreeSet<OrdinaryClass>, ProposalFault> {
    let class =
        |word| class(word).and_then(|class| class.try_into().ok()).ok_or_else(|| ProposalFault::Class(word.into()));
    text.split_whitespace().map(class).collect()
}

fn named(text: &str) -> Result<BTreeSet<Class>, ProposalFault> {
    let named = |word| class(word).filter(|class| is_life_safety(*class));
    text.split_whitespace().map(|word| named(word).ok_or_else(|| ProposalFault::LifeSafety(word.into()))).collect()
}

fn class(word: &str) -> Option<Class> {
    Class::ALL.iter().copied().find(|class| class.as_str() == word)
}

fn test_reason(text: &str) -> Result<TestReason, ProposalFault> {
    let known = TestReason::ALL.iter().copied().find(|reason| reason.as_str() == text);
    known.ok_or_else(|| ProposalFault::TestReason(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_rfc3339(text).unwrap()
    }

    #[test]
    fn a_suspension_and_an_agreement_are_a_line_each() {
        let text = "suspension; from 2026-12-01T00:00:00+08:00; until 2026-12-08T00:00:00+08:00; reason the shop is rebuilt | \
                    log-only; zones 4 5; classes burglary; until 2026-12-31T00:00:00Z; reason moth; agreement A-17";
        let suspended = Proposal {
            lowers: Lowers::Suspension,
            from: Some(at("2026-12-01T00:00:00+08:00")),
            until: at("2026-12-08T00:00:00+08:00"),
            reason: "the shop is rebuilt".into(),
            agreement: String::new(),
        };
        let listed = Listed {
            zones: Zones::Listed([4, 5].into()),
            classes: [contactid::Class::Burglary.try_into().unwrap()].into(),
        };
        let logged = Proposal {
            lowers: Lowers::LogOnly(listed),
            from: None,
            until: at("2026-12-31T00:00:00Z"),
            reason: "moth".into(),
            agreement: "A-17".into(),
        };
        assert_eq!(Proposal::read_all(text).unwrap(), [suspended, logged]);
        assert_eq!(Proposal::read_all(" \n").unwrap(), []);
    }

    #[test]
    fn a_recurring_test_is_a_line() {
        let text = "recurring-test; for inspection; zone Asia/Shanghai; Mon 09:00-10:00; closed 2026-12-28; life-safety fire gas; \
                    all-but-zones 4 5; classes tamper; until 2027-05-31T00:00:00+08:00; reason sprinklers; agreement A-18";
        let scope = Scope {
            zones: Zones::AllExcept([4, 5].into()),
            classes: [Class::Tamper.try_into().unwrap()].into(),
            life_safety: [Class::Fire, Class::Gas].into(),
        };
        let hours = "zone Asia/Shanghai; Mon 09:00-10:00; closed 2026-12-28".parse().unwrap();
        let tested = Proposal {
            lowers: Lowers::RecurringTest(RecurringTest { hours, scope, test_reason: TestReason::Inspection }),
            from: None,
            until: at("2027-05-31T00:00:00+08:00"),
            reason: "sprinklers".into(),
            agreement: "A-18".into(),
        };
        assert_eq!(Proposal::read_all(text).unwrap(), [tested]);
        let fault = |entry: &str| {
            let line = format!("recurring-test; until 2027-05-31T00:00:00+08:00; zone UTC; {entry}");
            Proposal::read_all(&line).unwrap_err().to_string()
        };
        assert_eq!(
            ["for inspection; Mon 9", "for fun; Mon 09:00-10:00", "Mon 09:00-10:00", "for works", "life-safety tamper"]
                .map(fault),
            [
                "agreement line 1: hours \"zone UTC; Mon 9\": character 15: expected hours such as 08:30-18:00, found \"9\"",
                "agreement line 1: for: say why it is tested, one of commissioning, inspection, repair, customer, works; found \"fun\"",
                "agreement line 1: for: say why it is tested, one of commissioning, inspection, repair, customer, works; found \"\"",
                "agreement line 1: hours \"zone UTC\": character 9: expected hours such as `Mon 09:00-10:00` or `2026-12-05 \
                 09:00-10:00`, found \"\"",
                "agreement line 1: life-safety: \"tamper\" is no class of life safety",
            ]
        );
    }

    #[test]
    fn every_fault_says_where_and_what_to_write() {
        let fault = |text: &str| Proposal::read_all(text).unwrap_err().to_string();
        let until = "until 2026-12-08T00:00:00Z";
        assert_eq!(
            fault("pause; until tomorrow"),
            "agreement line 1: expected suspension, log-only or recurring-test first, found \"pause\""
        );
        assert_eq!(
            fault(&format!("suspension; {until}\nsuspension; until tomorrow")),
            "agreement line 2: until: expected a time such as 2026-12-01T08:00:00+08:00, found \"tomorrow\""
        );
        assert_eq!(fault(&format!("suspension; {until}; {until}")), "agreement line 1: until is said twice");
        assert!(fault("suspension; reason rebuilt").contains("say until when"));
        assert!(fault(&format!("suspension; {until}; zones 3")).contains("name zones and classes with log-only"));
        assert!(fault(&format!("log-only; {until}; classes fire")).contains("which nothing lowers"));
        assert!(fault(&format!("log-only; {until}; zones back door")).contains("expected numbers"));
        assert!(fault(&format!("log-only; {until}; who me")).contains("expected from, until"));
    }
}
