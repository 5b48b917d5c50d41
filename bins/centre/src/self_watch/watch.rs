//! From what is found at each look to what is said: a fault once, and its end once.

use std::collections::{BTreeMap, BTreeSet};

use alarmcore::{Part, Report, Timestamp};
use contactid::Lang;

const DAY_MS: i64 = 24 * 3600 * 1000;
/// The name of what fails of the disk beside its free room; what is said of it needs none.
pub(super) const RESERVE: &str = "reserve";

/// The name of what fails of the desk beside its work: that nobody reaches it.
pub(super) const CONSOLE: &str = "console";

/// The name of what fails of the door for panels as a whole.
pub(super) const PLACES: &str = "places";

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Said {
    pub(crate) en: String,
    pub(crate) zh: String,
}

impl Said {
    pub(super) fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// In one of them.
    pub(crate) fn of(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }
}

/// How a part of the centre is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) part: Part,
    /// What of it fails, by its name, and how. A part of which there is one has the name "".
    pub(crate) faults: BTreeMap<String, Said>,
    /// How it is, where nothing fails.
    pub(crate) fine: Said,
}

impl Finding {
    /// Of a part of which there is one.
    pub(super) fn one(part: Part, fails: bool, said: Said) -> Self {
        let faults = fails.then(|| (String::new(), said.clone())).into_iter().collect();
        Self { part, faults, fine: said }
    }

    /// How it is, in words.
    pub(crate) fn said(&self) -> Said {
        if self.faults.is_empty() {
            return self.fine.clone();
        }
        let list = |lang| {
            let one = |(name, said): (&String, &Said)| match name.as_str() {
                "" | RESERVE | CONSOLE | PLACES => said.of(lang).to_owned(),
                name => format!("{name}: {}", said.of(lang)),
            };
            self.faults.iter().map(one).collect::<Vec<_>>().join("; ")
        };
        Said::new(list(Lang::En), list(Lang::Zh))
    }
}

/// What was said of each part.
pub(super) struct Watch {
    /// The parts of which a fault was said and no end, with what of them failed.
    told: BTreeMap<Part, BTreeSet<String>>,
    /// What failed and is not stored yet: where it works again by then, it is said all the same, and its end after it.
    unsaid: BTreeMap<Part, Finding>,
    /// The day of the last look.
    day: Option<i64>,
}

impl Watch {
    /// Of these parts a fault was said before the start: the first look says how they are.
    pub(super) fn new(standing: Vec<Part>) -> Self {
        let told = standing.into_iter().map(|part| (part, BTreeSet::new())).collect();
        Self { told, unsaid: BTreeMap::new(), day: None }
    }

    pub(super) fn is_told(&self, part: Part) -> bool {
        self.told.contains_key(&part)
    }

    /// What has to be said now, and what of it is to be [told](Self::told) once it is stored. Once a day that all was looked at.
    /// Of a part of which something works again and something does not, nothing is said; what works again and fails once more is news.
    pub(super) fn edges(&mut self, findings: &[Finding], at: Timestamp) -> Vec<(Report, Option<Finding>)> {
        for finding in findings.iter().filter(|finding| !finding.faults.is_empty()) {
            if let Some(told) = self.told.get_mut(&finding.part) {
                told.retain(|name| finding.faults.contains_key(name));
            }
        }
        let mut edges: Vec<_> = findings
            .iter()
            .filter_map(|finding| {
                let told = self.told.get(&finding.part);
                let is_news =
                    |finding: &&Finding| finding.faults.keys().any(|name| told.is_none_or(|told| !told.contains(name)));
                let unsaid = || self.unsaid.get(&finding.part).filter(is_news);
                let ended = || Some(finding).filter(|finding| finding.faults.is_empty() && told.is_some());
                let news = Some(finding).filter(is_news).or_else(unsaid).or_else(ended)?;
                let fails = !news.faults.is_empty();
                Some((news.part.report(at, fails, text(&news.said())), Some(news.clone())))
            })
            .collect();
        let failing =
            edges.iter().filter_map(|(_, finding)| finding.as_ref()).filter(|finding| !finding.faults.is_empty());
        self.unsaid.extend(failing.map(|finding| (finding.part, finding.clone())));
        let day = at.millis().div_euclid(DAY_MS);
        if self.day.replace(day).is_some_and(|before| before != day) {
            let all = |lang| {
                let one = |finding: &Finding| format!("{} {}", finding.part.label(lang), finding.said().of(lang));
                findings.iter().map(one).collect::<Vec<_>>().join(", ")
            };
            edges.push((Part::checked(at, text(&Said::new(all(Lang::En), all(Lang::Zh)))), None));
        }
        edges
    }

    /// What was said of a part is stored.
    pub(super) fn told(&mut self, finding: Finding) {
        self.unsaid.remove(&finding.part);
        let names: BTreeSet<String> = finding.faults.into_keys().collect();
        let said = names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        match names.is_empty() {
            true => {
                self.told.remove(&finding.part);
                tracing::warn!(part = %finding.part, "works again: {}", finding.fine.en);
            }
            false => {
                tracing::error!(part = %finding.part, of = said, "a part of the centre fails");
                self.told.insert(finding.part, names);
            }
        }
    }
}

/// What a signal says to whoever reads it, in whichever language.
fn text(said: &Said) -> String {
    format!("{} / {}", said.en, said.zh)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(failing: &[&str]) -> Finding {
        let faults = failing.iter().map(|name| ((*name).to_owned(), Said::new("silent", "无应答"))).collect();
        Finding { part: Part::Way, faults, fine: Said::new("all work", "正常") }
    }

    /// What is said of a finding, and that it is stored.
    fn says(watch: &mut Watch, finding: Finding, at: Timestamp) -> Vec<(String, bool, String)> {
        let edges = watch.edges(&[finding], at);
        let said = edges.into_iter().map(|(report, told)| {
            told.into_iter().for_each(|finding| watch.told(finding));
            let signal = report.signal.unwrap();
            (signal.code.to_string(), signal.qualifier == contactid::Qualifier::New, signal.text.unwrap())
        });
        said.collect()
    }

    fn one(fails: bool, text: &str) -> Vec<(String, bool, String)> {
        vec![("354".into(), fails, text.into())]
    }

    #[test]
    fn each_fault_is_said_once_and_so_is_its_end() {
        let (mut watch, at) = (Watch::new(Vec::new()), Timestamp::from_millis(DAY_MS - 10_000));
        assert_eq!(says(&mut watch, ways(&[]), at), []);
        assert_eq!(says(&mut watch, ways(&["psap"]), at), one(true, "psap: silent / psap: 无应答"));
        assert_eq!(says(&mut watch, ways(&["psap"]), at), []);
        let both = "fire: silent; psap: silent / fire: 无应答; psap: 无应答";
        assert_eq!(says(&mut watch, ways(&["fire", "psap"]), at), one(true, both));
        // One of two works again: the part does not.
        assert_eq!(says(&mut watch, ways(&["fire"]), at), []);
        // And what had worked again and fails once more is said once more.
        assert_eq!(says(&mut watch, ways(&["fire", "psap"]), at), one(true, both));
        assert_eq!(says(&mut watch, ways(&["fire", "psap"]), at), []);
        assert_eq!(says(&mut watch, ways(&[]), at), one(false, "all work / 正常"));
        assert_eq!(says(&mut watch, ways(&[]), at), []);
        let next = at.plus_secs(20);
        let daily = vec![("602".to_owned(), true, "Ways out all work / 对外通道 正常".to_owned())];
        assert_eq!(says(&mut watch, ways(&[]), next), daily);
        assert_eq!(says(&mut watch, ways(&[]), next), []);
    }

    #[test]
    fn what_could_not_be_stored_is_said_again() {
        let (mut watch, at) = (Watch::new(Vec::new()), Timestamp::default());
        for _ in 0..2 {
            assert_eq!(watch.edges(&[ways(&["psap"])], at).len(), 1);
        }
        assert_eq!(says(&mut watch, ways(&["psap"]), at).len(), 1);
        assert_eq!(says(&mut watch, ways(&["psap"]), at).len(), 0);
    }

    /// A disk that was full for a moment takes the signal of it when it is full no more: then its end is said, too.
    #[test]
    fn what_works_again_before_it_could_be_stored_is_said_with_its_end() {
        let (mut watch, at) = (Watch::new(Vec::new()), Timestamp::default());
        assert_eq!(watch.edges(&[ways(&["psap"])], at).len(), 1);
        assert_eq!(watch.edges(&[ways(&[])], at).len(), 1);
        assert_eq!(says(&mut watch, ways(&[]), at), one(true, "psap: silent / psap: 无应答"));
        assert_eq!(says(&mut watch, ways(&[]), at), one(false, "all work / 正常"));
        assert_eq!(says(&mut watch, ways(&[]), at), []);
    }

    /// The same of a part of which something else fails all the time: a disk with little room that was full for a moment.
    #[test]
    fn what_could_not_be_stored_is_said_although_more_of_the_part_fails() {
        let (mut watch, at) = (Watch::new(Vec::new()), Timestamp::default());
        assert_eq!(says(&mut watch, ways(&["fire"]), at).len(), 1);
        let both = one(true, "fire: silent; psap: silent / fire: 无应答; psap: 无应答");
        assert_eq!(watch.edges(&[ways(&["fire", "psap"])], at).len(), 1);
        assert_eq!(says(&mut watch, ways(&["fire"]), at), both.clone());
        assert_eq!(says(&mut watch, ways(&["fire"]), at), []);
        // And where all of it works again meanwhile, before its end.
        assert_eq!(watch.edges(&[ways(&["fire", "psap"])], at).len(), 1);
        assert_eq!(says(&mut watch, ways(&[]), at), both);
        assert_eq!(says(&mut watch, ways(&[]), at), one(false, "all work / 正常"));
        assert_eq!(says(&mut watch, ways(&[]), at), []);
    }

    #[test]
    fn after_a_restart_the_first_look_says_how_things_are() {
        let at = Timestamp::default();
        let before = || Watch::new(vec![Part::Way]);
        assert_eq!(says(&mut before(), ways(&[]), at), one(false, "all work / 正常"));
        assert_eq!(says(&mut before(), ways(&["psap"]), at), one(true, "psap: silent / psap: 无应答"));
        assert_eq!(says(&mut Watch::new(vec![Part::Clock]), ways(&[]), at), []);
    }
}
