//! A policy file with the packs that it names: the packs lie under the file's own keys.

use std::sync::Arc;

use serde::Deserialize;
use toml::{Spanned, Table, Value};

use super::file::{Clause, Pack};
use super::in_force::{ClauseInForce, KeySet};
use super::{ClauseId, ClauseRule};
use crate::policy::bounds::out_of_bounds;
use crate::policy::file::{fault, override_begins};
use crate::policy::{Override, Policy, PolicyError};

/// The rules of one centre, and where they come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rulebook {
    /// What is in force.
    pub policy: Policy,
    /// The packs that lie under it, each once: first those of the whole centre, then those of overrides, in the order of the
    /// file. For whom each is in force says [`Policy::scope_of`].
    pub packs: Vec<Pack>,
    /// Where what is in force is not what a clause sets.
    pub deviations: Vec<Deviation>,
}

/// What a clause sets is not what is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// The clause.
    pub clause: ClauseId,
    /// The name of the override whose pack it is; `None` for a pack of the whole centre.
    pub whose: Option<Arc<str>>,
    /// The key, as `confirm.within_s`.
    pub key: String,
    /// What the clause sets.
    pub set: String,
    /// What is in force.
    pub in_force: String,
}

/// The only keys of a policy file that are looked at before the packs are there.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    packs: Vec<Spanned<String>>,
    clauses: Option<Spanned<Value>>,
    #[serde(default, rename = "override")]
    overrides: Vec<NamedBySome>,
}

#[derive(Deserialize)]
struct NamedBySome {
    #[serde(default)]
    packs: Vec<Spanned<String>>,
}

/// The text of a policy file, and what reads the packs that it names by a file.
#[derive(Clone, Copy)]
struct Shelf<'a> {
    text: &'a str,
    file: &'a dyn Fn(&str) -> Result<String, String>,
}

impl Shelf<'_> {
    /// The packs of these names. Each is one of its own, and none is among those `before`.
    fn packs(self, names: &[Spanned<String>], before: &[Pack]) -> Result<Vec<Pack>, PolicyError> {
        let mut packs: Vec<Pack> = Vec::new();
        for name in names {
            let at = |message: &str| self.fault(name, message);
            let pack = Pack::named(name.get_ref(), self.file).map_err(|message| at(&message))?;
            if packs.iter().any(|other| other.id == pack.id) {
                return Err(at(&format!("the pack {} is named twice", pack.id)));
            }
            if before.iter().any(|other| other.id == pack.id) {
                return Err(at(&format!("the pack {} is in force for the whole centre already", pack.id)));
            }
            packs.push(pack);
        }
        Ok(packs)
    }

    fn fault(self, name: &Spanned<String>, message: &str) -> PolicyError {
        fault(self.text, name.span().start, message)
    }

    /// What the clauses of these packs set, where it can differ for some accounts.
    fn part(self, names: &[Spanned<String>], packs: &[Pack]) -> Result<Table, PolicyError> {
        for (name, pack) in names.iter().zip(packs) {
            for clause in pack.clauses.iter().filter(|clause| !clause.sets.is_empty()) {
                let mut alone = clause.sets.clone();
                alone.insert("site".into(), Value::String("any".into()));
                Override::deserialize(Value::Table(alone)).map_err(|error| {
                    let (pack, clause, error) = (&pack.id, &clause.id, error.message());
                    self.fault(
                        name,
                        &format!("the pack {pack} is for the whole centre only: what {clause} sets: {error}"),
                    )
                })?;
            }
        }
        Ok(set_by(packs))
    }
}

/// What the clauses of packs set, the later over the earlier.
fn set_by(packs: &[Pack]) -> Table {
    let mut set = Table::new();
    packs.iter().flat_map(|pack| &pack.clauses).for_each(|clause| lay(&mut set, &clause.sets));
    set
}

/// What the clauses of packs switch on.
fn switched_on(packs: &[Pack]) -> impl Iterator<Item = ClauseRule> {
    packs.iter().flat_map(|pack| &pack.clauses).filter_map(Clause::switched_on)
}

impl Rulebook {
    /// Reads the text of a policy file. `file` reads a pack that is named by its file: a name that ends in `.toml`. Such a
    /// name as `uk-npcc@2` insists on a version of a pack that is built in.
    ///
    /// # Errors
    /// The first fault of the policy file; one in a pack is told at the place where the pack is named.
    pub fn read(text: &str, file: &dyn Fn(&str) -> Result<String, String>) -> Result<Self, PolicyError> {
        let own: Policy = toml::from_str(text).map_err(|error| PolicyError::of_policy(text, &error))?;
        if let Some((at, bounds)) = out_of_bounds(text) {
            return Err(fault(text, at, &bounds));
        }
        let mut table: Table = toml::from_str(text).map_err(|error| PolicyError::of(text, &error))?;
        let named: Named = toml::from_str(text).map_err(|error| PolicyError::of(text, &error))?;
        if let Some(clauses) = &named.clauses {
            return Err(fault(
                text,
                clauses.span().start,
                "`clauses` is kept of the packs that are in force: name those",
            ));
        }
        let shelf = Shelf { text, file };
        let mut packs = shelf.packs(&named.packs, &[])?;
        let (mut clauses, mut of_some) = (Vec::new(), Vec::new());
        let parts = table.get_mut("override").and_then(Value::as_array_mut).into_iter().flatten();
        for (place, (part, NamedBySome { packs: names })) in parts.zip(&named.overrides).enumerate() {
            let more = shelf.packs(names, &packs)?;
            let mut set = shelf.part(names, &more)?;
            if let Value::Table(said) = part {
                lay(&mut set, said);
                said.clone_from(&set);
            }
            clauses.extend(in_force(&more, &set, u32::try_from(place).ok()));
            of_some.push(more);
        }
        let mut merged = set_by(&packs);
        lay(&mut merged, &table);
        let mut policy =
            Policy::deserialize(Value::Table(merged.clone())).map_err(|error| fault(text, 0, &error.to_string()))?;
        for (place, one) in policy.overrides.iter().enumerate() {
            if let Some(error) = policy.unanswered(one) {
                return Err(fault(text, override_begins(text, place), &error.to_string()));
            }
        }
        policy.packs = packs.iter().map(Pack::stamp).collect();
        policy.rules = switched_on(&packs).chain(own.rules).collect();
        policy.clauses = in_force(&packs, &merged, None).chain(clauses).collect();
        let deviations = policy.clauses.iter().flat_map(|clause| deviations(clause, &policy)).collect();
        for (one, more) in policy.overrides.iter_mut().zip(&of_some) {
            one.changes.packs = more.iter().map(Pack::stamp).collect();
            one.changes.rules = switched_on(more).chain(std::mem::take(&mut one.changes.rules)).collect();
        }
        for pack in of_some.into_iter().flatten() {
            if packs.iter().all(|other| other.stamp() != pack.stamp()) {
                packs.push(pack);
            }
        }
        Ok(Self { policy, packs, deviations })
    }
}

/// Lays one part of a policy over another: key by key, a table's keys one by one, what is deeper as a whole.
fn lay(under: &mut Table, over: &Table) {
    for (key, value) in over {
        match (under.get_mut(key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => {
                below.extend(above.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            (Some(below), value) => *below = value.clone(),
            (None, value) => drop(under.insert(key.clone(), value.clone())),
        }
    }
}

/// The clauses of these packs that set or switch on something, and what is otherwise in the end.
fn in_force(packs: &[Pack], merged: &Table, place: Option<u32>) -> impl Iterator<Item = ClauseInForce> {
    let clauses = packs.iter().flat_map(|pack| pack.clauses.iter().map(move |clause| (pack, clause)));
    let asking = clauses.filter(|(_, clause)| !clause.sets.is_empty() || clause.rule.is_some());
    asking.map(move |(pack, clause)| ClauseInForce {
        clause: clause.id.clone(),
        pack: pack.stamp(),
        mark: clause.mark,
        text: clause.text.clone(),
        place,
        sets: sets(clause, merged),
    })
}

/// The keys that this clause sets, and what they are in the end.
fn sets(clause: &Clause, merged: &Table) -> Vec<KeySet> {
    let mut found = Vec::new();
    let mut compare = |key: String, set: &Value, in_force: Option<&Value>| {
        let otherwise = (in_force != Some(set)).then(|| in_force.map(Value::to_string).unwrap_or_default());
        found.push(KeySet { key, set: set.to_string(), otherwise });
    };
    for (key, set) in &clause.sets {
        match (set, merged.get(key)) {
            (Value::Table(set), Some(Value::Table(merged))) => {
                set.iter().for_each(|(inner, set)| compare(format!("{key}.{inner}"), set, merged.get(inner)));
            }
            (set, in_force) => compare(key.clone(), set, in_force),
        }
    }
    found
}

/// Where this clause sets something that is otherwise in the end.
fn deviations(clause: &ClauseInForce, policy: &Policy) -> Vec<Deviation> {
    let whose = clause.of_some(policy).map(Override::name);
    let otherwise = clause.sets.iter().filter_map(|KeySet { key, set, otherwise }| {
        let (key, set, in_force) = (key.clone(), set.clone(), otherwise.clone()?);
        Some(Deviation { clause: clause.clause.clone(), whose: whose.clone(), key, set, in_force })
    });
    otherwise.collect()
}
