//! A policy file with the packs that it names: the packs lie under the file's own keys.

use serde::Deserialize;
use toml::{Spanned, Table, Value};

use super::ClauseId;
use super::file::Pack;
use crate::policy::file::fault;
use crate::policy::{Policy, PolicyError};

/// The rules of one centre, and where they come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rulebook {
    /// What is in force.
    pub policy: Policy,
    /// The packs that lie under it, in the order of the file.
    pub packs: Vec<Pack>,
    /// Where what is in force is not what a clause sets.
    pub deviations: Vec<Deviation>,
}

/// What a clause sets is not what is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deviation {
    /// The clause.
    pub clause: ClauseId,
    /// The key, as `confirm.within_s`.
    pub key: String,
    /// What the clause sets.
    pub set: String,
    /// What is in force.
    pub in_force: String,
}

/// The only key of a policy file that is looked at before the packs are there.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    packs: Vec<Spanned<String>>,
}

impl Rulebook {
    /// Reads the text of a policy file. `file` reads a pack that is named by its file: a name that ends in `.toml`. Such a
    /// name as `uk-npcc@2` insists on a version of a pack that is built in.
    ///
    /// # Errors
    /// The first fault of the policy file; one in a pack is told at the place where the pack is named.
    pub fn read(text: &str, file: &dyn Fn(&str) -> Result<String, String>) -> Result<Self, PolicyError> {
        let own: Policy = toml::from_str(text).map_err(|error| PolicyError::of_policy(text, &error))?;
        let table: Table = toml::from_str(text).map_err(|error| PolicyError::of(text, &error))?;
        let named: Named = toml::from_str(text).map_err(|error| PolicyError::of(text, &error))?;
        let mut packs: Vec<Pack> = Vec::new();
        for name in &named.packs {
            let at = |message: &str| fault(text, name.span().start, message);
            let pack = Pack::named(name.get_ref(), file).map_err(|message| at(&message))?;
            if packs.iter().any(|other| other.id == pack.id) {
                return Err(at(&format!("the pack {} is named twice", pack.id)));
            }
            packs.push(pack);
        }
        let mut merged = Table::new();
        for clause in packs.iter().flat_map(|pack| &pack.clauses) {
            lay(&mut merged, &clause.sets);
        }
        lay(&mut merged, &table);
        let mut policy =
            Policy::deserialize(Value::Table(merged.clone())).map_err(|error| fault(text, 0, &error.to_string()))?;
        policy.packs = packs.iter().map(Pack::stamp).collect();
        let clauses = || packs.iter().flat_map(|pack| &pack.clauses);
        policy.rules = clauses().filter_map(|clause| clause.switched_on()).chain(own.rules).collect();
        let deviations = clauses().flat_map(|clause| deviations(&clause.id, &clause.sets, &merged)).collect();
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

/// What this clause sets and what is otherwise in the end.
fn deviations(clause: &ClauseId, sets: &Table, merged: &Table) -> Vec<Deviation> {
    let mut found = Vec::new();
    let mut compare = |key: String, set: &Value, in_force: Option<&Value>| {
        if in_force != Some(set) {
            let in_force = in_force.map(Value::to_string).unwrap_or_default();
            found.push(Deviation { clause: clause.clone(), key, set: set.to_string(), in_force });
        }
    };
    for (key, set) in sets {
        match (set, merged.get(key)) {
            (Value::Table(set), Some(Value::Table(merged))) => {
                set.iter().for_each(|(inner, set)| compare(format!("{key}.{inner}"), set, merged.get(inner)));
            }
            (set, in_force) => compare(key.clone(), set, in_force),
        }
    }
    found
}
