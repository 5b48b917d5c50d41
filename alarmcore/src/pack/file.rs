//! A pack as one TOML file: read with the place of every fault.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::finding::WhyNot;
use super::rule::{ClauseRule, PackRule};
use super::{ClauseId, Mark, Said, is_name};
use crate::policy::file::fault;
use crate::policy::{Policy, PolicyError};

/// What a standard, an authority or a programme asks of a centre.
#[derive(Clone, Debug, PartialEq)]
pub struct Pack {
    /// Its name: lower-case letters, digits and hyphens.
    pub id: String,
    /// Counted up with every change of what it asks, sets or switches on.
    pub version: u32,
    /// What it is called.
    pub title: Said,
    /// Where what it says was read.
    pub source: Said,
    /// Its clauses, in the order of the file.
    pub clauses: Vec<Clause>,
}

/// One clause.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// Its name.
    pub id: ClauseId,
    /// How well it is established what it asks.
    pub mark: Mark,
    /// What it asks, in our own words.
    pub text: Said,
    /// What it sets of the policy, with the keys of a policy file.
    pub sets: toml::Table,
    /// What it switches on.
    pub rule: Option<PackRule>,
    /// Why nothing of it is measured, where it switches nothing on.
    pub unmeasured: Option<WhyNot>,
    /// What shows it.
    pub cases: Vec<Case>,
    /// What shows a level of AVS-01: sequences of evidence, with the level after each step, that end at it:
    /// `open burglary = 1 | signal E121 = 2`.
    pub sequences: Vec<String>,
}

impl Clause {
    /// The rule it switches on, with its name and mark.
    pub fn switched_on(&self) -> Option<ClauseRule> {
        let rule = self.rule.clone()?;
        Some(ClauseRule { clause: self.id.clone(), mark: self.mark, rule })
    }

    /// What it sets, over the rules that are built in.
    pub fn policy(&self) -> Policy {
        // What stands here was read as a part of a policy before.
        Policy::deserialize(toml::Value::Table(self.sets.clone())).unwrap_or_default()
    }
}

/// A scripted day that shows a clause, and what the desk says on it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// Further keys of the policy on that day, as a policy file says them.
    #[serde(default)]
    pub policy: String,
    /// Only lines of the answer with one of these words are compared; all where nothing is said.
    #[serde(default)]
    pub shows: Vec<String>,
    /// What happens.
    pub script: String,
    /// What the desk says.
    pub expect: String,
}

/// A part of a policy: read as one, so that a fault has its place.
struct Part(Policy);

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Policy::deserialize(from).map(Self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPack {
    id: Spanned<String>,
    version: u32,
    title: Said,
    source: Said,
    clause: Vec<WrittenClause>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenClause {
    id: Spanned<String>,
    mark: Mark,
    en: String,
    zh: String,
    sets: Option<Part>,
    rule: Option<PackRule>,
    unmeasured: Option<Spanned<WhyNot>>,
    #[serde(default)]
    case: Vec<Case>,
    #[serde(default)]
    sequences: Vec<String>,
}

impl Pack {
    /// The packs that come with this crate, by name.
    pub const BUILT_IN: &'static [(&'static str, &'static str)] = &[
        ("auburn", include_str!("../../packs/auburn.toml")),
        ("avs-01", include_str!("../../packs/avs-01.toml")),
        ("cn-sh-2010", include_str!("../../packs/cn-sh-2010.toml")),
        ("cs-v-01", include_str!("../../packs/cs-v-01.toml")),
        ("en-50518", include_str!("../../packs/en-50518.toml")),
        ("es-2011", include_str!("../../packs/es-2011.toml")),
        ("gb50394", include_str!("../../packs/gb50394.toml")),
        ("gb50440", include_str!("../../packs/gb50440.toml")),
        ("uk-npcc", include_str!("../../packs/uk-npcc.toml")),
    ];

    /// The text of a pack that comes with this crate.
    pub fn built_in(name: &str) -> Option<&'static str> {
        Self::BUILT_IN.iter().find(|(built_in, _)| *built_in == name).map(|(_, text)| *text)
    }

    /// A pack by its name: one that is built in, also with the version that is insisted on (`uk-npcc@1`); or one in a file,
    /// whose name ends in .toml and which `file` reads.
    ///
    /// # Errors
    /// There is none of this name (those there are, are listed), it is of another version, or it cannot be read.
    pub fn named(name: &str, file: &dyn Fn(&str) -> Result<String, String>) -> Result<Self, String> {
        let in_pack = |error: PolicyError| format!("the pack {name}: {error}");
        if std::path::Path::new(name).extension().is_some_and(|ending| ending == "toml") {
            let text = file(name).map_err(|error| format!("the pack {name}: {error}"))?;
            return Self::from_toml(&text).map_err(in_pack);
        }
        let (id, version) = name.split_once('@').map_or((name, None), |(id, version)| (id, Some(version)));
        let Some(text) = Self::built_in(id) else {
            let names: Vec<String> = Self::BUILT_IN.iter().map(|(name, _)| format!("`{name}`")).collect();
            return Err(format!(
                "unknown pack `{id}`, expected one of {}, or a file that ends in .toml",
                names.join(", ")
            ));
        };
        let pack = Self::from_toml(text).map_err(in_pack)?;
        match version {
            Some(asked) if asked != pack.version.to_string() => {
                Err(format!("{} is built in, not {name}", pack.stamp()))
            }
            Some(_) | None => Ok(pack),
        }
    }

    /// Reads the text of a pack.
    ///
    /// ```
    /// use alarmcore::Pack;
    ///
    /// for (name, text) in Pack::BUILT_IN {
    ///     assert_eq!(Pack::from_toml(text)?.id, *name);
    /// }
    /// let error = Pack::from_toml("id = 'x'\nversion = 1\ntitel = 'x'").err().map(|error| (error.line, error.nearest));
    /// assert_eq!(error, Some((3, Some("title".to_owned()))));
    /// # Ok::<(), alarmcore::PolicyError>(())
    /// ```
    ///
    /// # Errors
    /// The first fault, with its line and column and what is allowed there.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let written: WrittenPack = toml::from_str(text).map_err(|error| PolicyError::of(text, &error))?;
        let raw: toml::Table = toml::from_str(text).map_err(|error| PolicyError::of(text, &error))?;
        let at = |named: &Spanned<String>, message: &str| fault(text, named.span().start, message);
        if !is_name(written.id.get_ref()) {
            return Err(at(&written.id, "a pack is named with lower-case letters, digits and hyphens"));
        }
        let pack = written.id.get_ref().clone();
        let (mut clauses, mut names) = (Vec::new(), BTreeSet::new());
        for (place, clause) in written.clause.into_iter().enumerate() {
            let id = format!("{pack}.{}", clause.id.get_ref());
            let id: ClauseId = id
                .parse()
                .map_err(|_| at(&clause.id, "a clause is named with lower-case letters, digits and hyphens"))?;
            if !names.insert(id.clone()) {
                return Err(at(&clause.id, "there is another clause of this name"));
            }
            let foreign =
                |Part(part): &Part| !(part.packs.is_empty() && part.rules.is_empty() && part.clauses.is_empty());
            if clause.sets.as_ref().is_some_and(foreign) {
                return Err(at(&clause.id, "a clause sets neither `packs` nor `rules`, nor `clauses`"));
            }
            if let Some(why) = &clause.unmeasured {
                let place = |message: &str| fault(text, why.span().start, message);
                if !why.get_ref().is_said_by_packs() {
                    let said = WhyNot::ALL.iter().filter(|why| why.is_said_by_packs());
                    let said: Vec<String> = said.map(|why| format!("`{why}`")).collect();
                    return Err(place(&format!("a report finds that by itself; a pack says {}", said.join(", "))));
                }
                if clause.rule.is_some() {
                    return Err(place("a clause with a rule is measured"));
                }
            }
            let sets = raw.get("clause").and_then(|all| all.get(place)?.get("sets")?.as_table());
            clauses.push(Clause {
                id,
                mark: clause.mark,
                text: Said { en: clause.en, zh: clause.zh },
                sets: sets.cloned().unwrap_or_default(),
                rule: clause.rule,
                unmeasured: clause.unmeasured.map(Spanned::into_inner),
                cases: clause.case,
                sequences: clause.sequences,
            });
        }
        Ok(Self { id: pack, version: written.version, title: written.title, source: written.source, clauses })
    }

    /// Its name and version, as `uk-npcc@1`.
    pub fn stamp(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }
}
