//! Which keys of the policy a decision rested on, and who set each: a clause of a rule pack, an override, the policy file, or nobody,
//! so that it was the default; and where several said something, who won.

use std::borrow::Cow;
use std::collections::BTreeMap;

use alarmcore::{Authority, ClauseId, ClauseInForce, Expected, Family, Incident, KeySet, Override, Policy, Rule};
use contactid::{Code, Lang};
use serde_json::Value;

use super::remark::{self, About, Remark};
use super::{SignalRow, Step};
use crate::store::StoreError;

/// A longer value is not written out.
const LONGEST: usize = 120;

/// The keys that the decisions on a signal rested on, and those by which its incident was confirmed, weighed, passed up and handed on.
pub(super) fn used(
    own: &Policy,
    signal: &SignalRow,
    steps: &[Step],
    incident: Option<&Incident>,
) -> Vec<Cow<'static, str>> {
    let code: Option<Code> = signal.code.as_deref().and_then(|code| code.parse().ok());
    let rules = steps.iter().filter_map(|step| Rule::from_word(&step.rule));
    let mut keys: Vec<_> = rules.flat_map(|rule| own.keys_of(rule, signal.class, code)).collect();
    let missed = code.filter(|_| signal.marks.contains(&"supervision")).and_then(Expected::of);
    let more = missed.map(Expected::keys).unwrap_or_default().iter().copied();
    let of_incident = incident.map(of_incident).unwrap_or_default();
    keys.extend(more.chain(of_incident).map(Cow::Borrowed));
    let mut once = Vec::new();
    keys.into_iter().for_each(|key| {
        if !once.contains(&key) {
            once.push(key);
        }
    });
    once
}

fn of_incident(incident: &Incident) -> Vec<&'static str> {
    let confirmed = incident.confirmed.map(|sign| sign.reason.confirming_keys()).unwrap_or_default();
    let weighed = !incident.avs.is_empty() && incident.kind.family() != Family::Service;
    let police = incident.hand_offs.iter().any(|hand_off| hand_off.to == Authority::Police);
    let late: &[_] = match incident.dispatches.iter().any(|dispatch| dispatch.late_at.is_some()) {
        true => &["arrival.within_s", "arrival.margin_s"],
        false => &[],
    };
    let silent = incident.dispatches.iter().any(|dispatch| dispatch.silent_at.is_some());
    let more = [
        (silent, "arrival.on_scene_s"),
        (weighed, "avs.enabled"),
        (!incident.escalated.is_empty(), "escalation"),
        (police, "verify.police"),
    ];
    confirmed.iter().chain(late).copied().chain(more.into_iter().filter_map(|(so, key)| so.then_some(key))).collect()
}

/// Who said what of the keys, for one account at one moment.
pub(super) struct Origins<'a> {
    policy: &'a Policy,
    /// The rules that held for the account, and where nobody says anything.
    own: Value,
    default: Value,
    /// The overrides that held, the most specific first, each with its place in the file and what it says.
    overrides: Vec<(u32, &'a Override, Value)>,
}

/// Who won.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// The clause at this place of the policy's.
    Clause(usize),
    /// The override at this place of those that held.
    Override(usize),
    File,
    Default,
}

impl<'a> Origins<'a> {
    pub(super) fn new(policy: &'a Policy, own: &Policy, overrides: &[&'a Override]) -> Result<Self, StoreError> {
        let place = |one: &Override| policy.overrides.iter().position(|other| std::ptr::eq(one, other));
        let mut held = Vec::new();
        for one in overrides {
            let place = place(one).and_then(|place| u32::try_from(place).ok()).unwrap_or(u32::MAX);
            held.push((place, *one, serde_json::to_value(&one.changes)?));
        }
        Ok(Self {
            policy,
            own: serde_json::to_value(own)?,
            default: serde_json::to_value(Policy::default())?,
            overrides: held,
        })
    }

    /// A sentence of everybody who set some of these keys.
    pub(super) fn remarks(&self, keys: &[Cow<'static, str>]) -> Vec<Remark> {
        let mut by: BTreeMap<By, Vec<&str>> = BTreeMap::new();
        keys.iter().for_each(|key| by.entry(self.winner(key)).or_default().push(key));
        by.into_iter().map(|(winner, keys)| self.remark(winner, &keys)).collect()
    }

    /// What clauses ask to be done about an incident: one sentence of each.
    pub(super) fn asked_for(&self, incident: &Incident) -> Vec<Remark> {
        let asked = incident.claims.iter().map(|claimed| {
            let (en, zh) = self.named(&claimed.clause);
            let to = |lang| claimed.to.map(|to| format!(" → {}", to.label(lang))).unwrap_or_default();
            let act = |lang| format!("{}{}", claimed.act.label(lang), to(lang));
            Remark {
                about: About::Clause,
                en: format!("{}, by {}: {en}", act(Lang::En), claimed.until),
                zh: format!("{},限 {}:{zh}", act(Lang::Zh), claimed.until),
            }
        });
        asked.collect()
    }

    /// A clause by its name: one of a pack in force for the account, or the policy file's own.
    fn named(&self, clause: &ClauseId) -> (String, String) {
        let holds = |one: &&ClauseInForce| one.clause == *clause && self.is_of_account(one);
        match self.policy.clauses.iter().rfind(holds) {
            Some(one) => (self.in_full(one, Lang::En), self.in_full(one, Lang::Zh)),
            None => (format!("clause {clause}."), format!("条款 {clause}。")),
        }
    }

    fn is_of_account(&self, clause: &ClauseInForce) -> bool {
        clause.place.is_none_or(|place| self.overrides.iter().any(|(held, ..)| *held == place))
    }

    fn winner(&self, key: &str) -> By {
        let layer = self.overrides.iter().position(|(_, _, said)| at(said, key).is_some());
        let place = layer.and_then(|layer| self.overrides.get(layer)).map(|(place, ..)| *place);
        let stands = |clause: &ClauseInForce| {
            clause.place == place && clause.sets(key).is_some_and(|set| set.otherwise.is_none())
        };
        match (self.policy.clauses.iter().rposition(stands), layer) {
            (Some(clause), _) => By::Clause(clause),
            (None, Some(layer)) => By::Override(layer),
            (None, None) if at(&self.own, key) == at(&self.default, key) => By::Default,
            (None, None) => By::File,
        }
    }

    fn remark(&self, winner: By, keys: &[&str]) -> Remark {
        let set: Vec<String> = keys.iter().map(|key| self.written(key)).collect();
        let by = |lang| match winner {
            By::Clause(place) => {
                self.policy.clauses.get(place).map(|clause| self.in_full(clause, lang)).unwrap_or_default()
            }
            By::Override(place) => {
                let name = self.overrides.get(place).map(|(_, one, _)| one.name()).unwrap_or_default();
                let (en, zh) = remark::whose(&name);
                pick(lang, format!("the override for {en}."), format!("{zh}的例外规则。"))
            }
            // Of a policy that an older program wrote down nothing tells its own keys from those of its packs.
            By::File if self.policy.clauses.is_empty() && !self.policy.packs.is_empty() => {
                pick(lang, "the policy file or its rule packs.".into(), "策略文件或其规则包。".into())
            }
            By::File => pick(lang, "the policy file.".into(), "策略文件。".into()),
            By::Default => pick(lang, "default.".into(), "默认值。".into()),
        };
        let over = |lang| -> String { keys.iter().flat_map(|key| self.outdone(winner, key, lang)).collect() };
        let sentence = |lang, between: &str| format!("{}{between}{}{}", set.join(", "), by(lang), over(lang));
        Remark { about: About::Key, en: sentence(Lang::En, ": "), zh: sentence(Lang::Zh, ":") }
    }

    /// Every clause that sets this key otherwise than whoever won.
    fn outdone(&self, winner: By, key: &str, lang: Lang) -> Vec<String> {
        let value = at(&self.own, key).map(toml).unwrap_or_default();
        let others = self.policy.clauses.iter().enumerate();
        let others = others.filter(|(place, one)| winner != By::Clause(*place) && self.is_of_account(one));
        let others = others.filter_map(|(_, one)| Some((one, one.sets(key).filter(|set| set.set != value)?)));
        let said = others.map(|(one, KeySet { set, .. })| {
            let name = self.name(one, lang);
            pick(lang, format!(" Not as {name} sets it: {key} = {set}."), format!("未采用{name}所定:{key} = {set}。"))
        });
        said.collect()
    }

    fn written(&self, key: &str) -> String {
        let value = at(&self.own, key).map(toml).filter(|value| value.len() <= LONGEST);
        value.map_or_else(|| key.to_owned(), |value| format!("{key} = {value}"))
    }

    /// A clause with its pack, its version and how well it is established.
    fn name(&self, clause: &ClauseInForce, lang: Lang) -> String {
        let ClauseInForce { clause: name, pack, mark, .. } = clause;
        let (word, label) = (mark.as_str(), mark.label(lang));
        let whose = clause.of_some(self.policy).map(|one| remark::whose(&one.name()));
        match (lang, whose) {
            (Lang::En, None) => format!("clause {name} of {pack} ({word}: {label})"),
            (Lang::En, Some((en, _))) => {
                format!("clause {name} of {pack} ({word}: {label}), in force by the override for {en}")
            }
            (Lang::Zh, None) => format!("规则包 {pack} 的条款 {name}({word}:{label})"),
            (Lang::Zh, Some((_, zh))) => format!("规则包 {pack} 的条款 {name}({word}:{label};{zh}的例外规则所启用)"),
        }
    }

    /// The same with its words.
    fn in_full(&self, clause: &ClauseInForce, lang: Lang) -> String {
        let (name, text) = (self.name(clause, lang), clause.text.label(lang));
        pick(lang, format!("{name}: “{text}”"), format!("{name}:“{text}”"))
    }
}

/// What stands under a key of one part or two, as `confirm.within_s`.
fn at<'a>(said: &'a Value, key: &str) -> Option<&'a Value> {
    match key.split_once('.') {
        Some((table, key)) => said.get(table)?.get(key),
        None => said.get(key),
    }
}

/// As a policy file writes it.
fn toml(value: &Value) -> String {
    match value {
        Value::Array(all) => format!("[{}]", all.iter().map(toml).collect::<Vec<_>>().join(", ")),
        Value::Object(all) => {
            let pairs: Vec<String> = all.iter().map(|(key, value)| format!("{key} = {}", toml(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

fn pick(lang: Lang, en: String, zh: String) -> String {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}
