//! The rules of the desk as a file: read, checked, and printed to begin from; and the rule packs that can lie under it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use alarmcore::{AccountNumber, Covers, Lang, Mark, Override, Pack, PackRule, PackScope, Policy, Rulebook};
use anyhow::{Context as _, anyhow};
use serde_json::Value;

use crate::cli::{Failure, PolicyTask, Stop};

/// Does what the command line says.
pub(crate) fn run(task: &PolicyTask) -> Result<(), Failure> {
    let said = match task {
        PolicyTask::Example => Policy::DOCUMENTED.to_owned(),
        PolicyTask::Check { file } => check(file, &read(file)?),
        PolicyTask::Packs { name: None, lang } => list((*lang).into())?,
        PolicyTask::Packs { name: Some(name), lang } => whole(&find(name)?, (*lang).into()),
    };
    // Whoever reads it may have seen enough (`centre policy example | head`).
    let _ = std::io::stdout().write_all(said.as_bytes());
    Ok(())
}

/// Whom an override covers, and every key that it changes.
fn covers(one: &Override) -> String {
    let whom = match &one.covers {
        Covers::Accounts(accounts) => {
            let accounts: Vec<&str> = accounts.iter().map(AccountNumber::as_str).collect();
            format!("accounts {}", accounts.join(", "))
        }
        Covers::Site(site) => format!("site {site}"),
        Covers::SiteType(kind) => format!("site-type {kind}"),
        Covers::District(name) => format!("district {name}"),
    };
    let mut keys = Vec::new();
    match serde_json::to_value(&one.changes) {
        Ok(changes) => leaves(&changes, String::new(), &mut keys),
        Err(error) => keys.push(error.to_string()),
    }
    let owner = one.owner.iter().map(|owner| format!("; answers for it: {owner}"));
    let until = one.until.iter().map(|until| format!("; until {until}"));
    let more: String = owner.chain(until).collect();
    format!("  override for {whom}: {}{more}\n", keys.join("; "))
}

/// Every rule in it with its key: a handling is one, a table of rules is several.
fn leaves(value: &Value, key: String, keys: &mut Vec<String>) {
    match value {
        Value::Object(fields) if !fields.contains_key("action") => {
            for (name, value) in fields {
                leaves(value, if key.is_empty() { name.clone() } else { format!("{key}.{name}") }, keys);
            }
        }
        Value::Object(fields) => {
            let detail = |name: &str| fields.get(name).map(|value| format!(" {name} {value}"));
            let details: String = [detail("priority"), detail("seconds")].into_iter().flatten().collect();
            keys.push(format!("{key} = {}{details}", fields["action"].as_str().unwrap_or_default()));
        }
        value => keys.push(format!("{key} = {value}")),
    }
}

/// The rules in `file`, with its packs. A pack that is named by its file is looked for beside it.
///
/// # Errors
/// [`Stop::Config`] names the file, and the line and column of what is wrong with it.
pub(crate) fn read(file: &Path) -> Result<Rulebook, Failure> {
    let beside = |name: &str| {
        let pack = file.parent().unwrap_or(Path::new("")).join(name);
        std::fs::read_to_string(&pack).map_err(|error| format!("{}: {error}", pack.display()))
    };
    let text = std::fs::read_to_string(file).map_err(anyhow::Error::from);
    let book = text.and_then(|text| Ok(Rulebook::read(&text, &beside)?));
    book.with_context(|| format!("the policy file {}", file.display()))
        .map_err(|error| Failure::new(Stop::Config, error))
}

fn check(file: &Path, book: &Rulebook) -> String {
    let default = if book.policy == Policy::default() { ", the default" } else { "" };
    let mut said = format!("{}: version {}{default}\n", file.display(), book.policy.version);
    for pack in &book.packs {
        let whose = match book.policy.scope_of(&pack.id) {
            PackScope::Some(some) => {
                let names: Vec<String> = some.iter().map(|one| one.name().to_string()).collect();
                format!(", for {}", names.join(", "))
            }
            PackScope::Everybody | PackScope::Nobody => String::new(),
        };
        let _ = writeln!(said, "pack {}: {} clauses{whose}", pack.stamp(), pack.clauses.len());
        for clause in pack.clauses.iter().filter(|clause| clause.mark == Mark::Unverified) {
            let _ = writeln!(said, "  {}: {}", clause.id, clause.mark.label(Lang::En));
        }
    }
    said.extend(book.policy.overrides.iter().map(covers));
    for deviation in &book.deviations {
        let alarmcore::Deviation { clause, whose, key, set, in_force } = deviation;
        let whose = whose.as_ref().map(|whose| format!(" for {whose}")).unwrap_or_default();
        let _ = writeln!(said, "deviates from {clause}{whose}: {key} is {in_force}, the clause sets {set}");
    }
    said
}

/// A pack that is built in, or in a file of its own.
fn find(name: &str) -> Result<Pack, Failure> {
    Pack::named(name, &|file| std::fs::read_to_string(file).map_err(|error| error.to_string()))
        .map_err(|error| Failure::new(Stop::Config, anyhow!(error)))
}

/// Every pack that is built in, and its clauses with their marks.
fn list(lang: Lang) -> Result<String, Failure> {
    let mut said = String::new();
    for (name, _) in Pack::BUILT_IN {
        let pack = find(name)?;
        let _ = writeln!(said, "{}  {}", pack.stamp(), pack.title.label(lang));
        for clause in &pack.clauses {
            let _ = writeln!(said, "  {}  {}  {}", clause.mark, clause.id, mark_or_rule(clause, lang));
        }
    }
    Ok(said)
}

fn mark_or_rule(clause: &alarmcore::Clause, lang: Lang) -> String {
    let rule = clause.rule.as_ref().map(|rule| rule.label(lang));
    let sets = (!clause.sets.is_empty()).then(|| clause.sets.keys().cloned().collect::<Vec<_>>().join(", "));
    let unverified = (clause.mark == Mark::Unverified).then(|| clause.mark.label(lang).to_owned());
    let words: Vec<String> = [unverified, rule.map(str::to_owned), sets].into_iter().flatten().collect();
    if words.is_empty() { "-".into() } else { words.join("; ") }
}

/// All of a pack.
fn whole(pack: &Pack, lang: Lang) -> String {
    let mut said = format!("{}  {}\n{}\n", pack.stamp(), pack.title.label(lang), pack.source.label(lang));
    for clause in &pack.clauses {
        let _ = writeln!(said, "\n{}  [{} {}]", clause.id, clause.mark, clause.mark.label(lang));
        let _ = writeln!(said, "  {}", clause.text.label(lang));
        let sets = clause.sets.to_string();
        for line in sets.lines() {
            let _ = writeln!(said, "    {line}");
        }
        if let Some(rule) = &clause.rule {
            let _ = writeln!(said, "    {}: {}", rule.label(lang), written(rule));
        }
        for case in &clause.cases {
            let _ = writeln!(said, "    - {}", case.name);
        }
        for sequence in &clause.sequences {
            let _ = writeln!(said, "    - {sequence}");
        }
    }
    said
}

/// A rule as a file writes it.
fn written(rule: &PackRule) -> String {
    serde_json::to_string(rule).unwrap_or_default()
}
