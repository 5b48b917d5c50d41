//! The rows against the commands of `alarmcore`, and the forms of the pages against the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::path::Path;

use alarmcore::{Command, FalseCallsCommand, FollowUpCommand, LoweredCommand, StormCommand, TestCommand};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::*;

/// The words that serde knows, as its refusal of an unknown one lists them.
fn every_act<C: DeserializeOwned + Debug>() -> BTreeSet<String> {
    let refused = serde_json::from_value::<C>(json!({ "act": "?" })).unwrap_err().to_string();
    let listed = refused.split("expected").nth(1).unwrap();
    listed.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The fields that serde knows of an act, as its refusal of an unknown one lists them; `None` where it refuses none.
fn every_field<C: DeserializeOwned + Debug>(act: &str) -> Option<BTreeSet<String>> {
    let refused = serde_json::from_value::<C>(json!({ "act": act, "?": 1 })).err()?.to_string();
    let listed = refused.strip_prefix("unknown field `?`, expected ")?;
    Some(listed.split('`').skip(1).step_by(2).map(str::to_owned).collect())
}

/// Every act is described with exactly its fields, and what is called optional may be left out.
fn are_described<C: DeserializeOwned + Serialize + Debug>(acts: Acts) {
    let flattened = acts == Acts::Lowered;
    let acts = acts.table();
    let described: BTreeSet<String> = acts.iter().map(|(act, ..)| (*act).to_owned()).collect();
    assert_eq!(described, every_act::<C>());
    for (act, _, notation) in acts {
        let (mut full, mut least) = (json!({ "act": act }), json!({ "act": act }));
        for (name, kind) in shapes::fields(notation) {
            // Life safety is a class of its own kind.
            let sample = match name {
                "life_safety" => json!(["fire"]),
                "account" => json!("1001"),
                "code" => json!("130"),
                _ => shapes::sample(kind),
            };
            full[name] = sample.clone();
            if !kind.ends_with('?') && !DEFAULTED.contains(&name) {
                least[name] = sample;
            }
        }
        let command: C = serde_json::from_value(full.clone()).unwrap();
        assert_eq!(serde_json::to_value(&command).unwrap(), full, "{act}");
        let names: BTreeSet<String> = shapes::fields(notation).map(|(name, _)| name.to_owned()).collect();
        if !names.is_empty() && !flattened {
            assert_eq!(every_field::<C>(act), Some(names), "{act}");
        }
        serde_json::from_value::<C>(least).unwrap();
    }
}

#[test]
fn every_act_is_described_with_exactly_its_fields() {
    are_described::<Command>(Acts::Incident);
    are_described::<TestCommand>(Acts::Test);
    are_described::<FollowUpCommand>(Acts::FollowUp);
    are_described::<StormCommand>(Acts::Storm);
    are_described::<LoweredCommand>(Acts::Lowered);
    are_described::<FalseCallsCommand>(Acts::FalseCalls);
}

#[test]
fn what_an_act_does_not_have_is_named_with_what_it_has() {
    let refused = |acts: Acts, ask: Value| {
        let Value::Object(ask) = ask else { unreachable!() };
        acts.check(&ask).map_err(|problem| (problem.status, problem.title, problem.title_zh))
    };
    let told = |en: &str, zh: &str| Err((422, en.to_owned(), format!("请求无效：{zh}")));
    for (acts, ask, answer) in [
        (Acts::Incident, json!({ "act": "take" }), Ok(())),
        (
            Acts::Incident,
            json!({ "act": "take", "note": null }),
            told("unknown field `note`, there are no fields", "没有字段 `note`，此处不需任何字段"),
        ),
        (
            Acts::Incident,
            json!({ "act": "tell-authority", "number": 1, "telling": "note", "notes": "x" }),
            told(
                "unknown field `notes`, expected one of `number`, `telling`, `contact`, `note`, `second`",
                "没有字段 `notes`，可用字段：`number`、`telling`、`contact`、`note`、`second`",
            ),
        ),
        (Acts::Incident, json!({ "act": "answer-contact", "answer": "help", "contact": 1, "spoken": "x" }), Ok(())),
        (Acts::Storm, json!({ "act": "end", "second": { "login": "chen", "password": "x" } }), Ok(())),
        (
            Acts::Test,
            json!({ "act": "end", "second": { "login": "chen", "password": "x" } }),
            told("unknown field `second`, expected one of `note`", "没有字段 `second`，可用字段：`note`"),
        ),
        // Which acts there are, whoever reads it says.
        (Acts::Storm, json!({ "act": "take", "second": 1 }), Ok(())),
        (Acts::Storm, json!({ "second": 1 }), Ok(())),
    ] {
        assert_eq!(refused(acts, ask.clone()), answer, "{ask}");
    }
}

/// A template with all that it includes.
fn template(folder: &Path, name: &str) -> String {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let mut parts = text.split("{% include \"");
    let mut whole = parts.next().unwrap().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("\" %}").unwrap();
        whole += &template(folder, name);
        whole += rest;
    }
    whole
}

/// The values of an attribute of every tag that begins so.
fn attributes<'a>(form: &'a str, tags: &[&str], attribute: &str) -> Vec<&'a str> {
    let tags = form.split('<').filter(|tag| tags.iter().any(|name| tag.starts_with(name)));
    let begins = format!(" {attribute}=\"");
    tags.filter_map(|tag| Some(tag.split_once(&begins)?.1.split_once('"')?.0)).collect()
}

/// What a form can send, for each act that one of its buttons or its hidden field names.
fn asks(form: &str) -> Vec<Map<String, Value>> {
    let fields = ["input", "select", "textarea", "button"];
    let mut names: BTreeSet<&str> = attributes(form, &fields, "name").into_iter().collect();
    names.retain(|name| !matches!(*name, "csrf" | "act"));
    let acts = form.split('<').filter(|tag| tag.contains(" name=\"act\""));
    let acts = acts.filter_map(|tag| Some(tag.split_once(" value=\"")?.1.split_once('"')?.0));
    let ask = |act: &str| {
        let fields = names.iter().map(|name| (name.split([':', '.']).next().unwrap().to_owned(), json!("x")));
        fields.chain([("act".to_owned(), json!(act))]).collect()
    };
    acts.map(ask).collect()
}

/// Whatever somebody fills in on a page, its act has a place for it.
#[test]
fn every_form_asks_only_for_what_its_acts_have() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut found = BTreeMap::<String, usize>::new();
    for file in std::fs::read_dir(&folder).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_dir() {
            continue;
        }
        let page = template(&folder, file.file_name().to_str().unwrap());
        for form in page.split("<form ").skip(1).map(|form| form.split("</form>").next().unwrap()) {
            let to = form.split_once("action=\"").unwrap().1.split_once('"').unwrap().0;
            let place = to.split('/').nth(1).unwrap_or_default();
            let (acts, given) = match (place, to.rsplit('/').next().unwrap_or_default()) {
                ("incidents", "act") => (Acts::Incident, false),
                ("storms", _) => (Acts::Storm, false),
                ("follow-ups", _) => (Acts::FollowUp, true),
                ("lowered", _) => (Acts::Lowered, true),
                ("accounts", "test") => (Acts::Test, false),
                ("accounts", "agreed") => (Acts::Agreed, false),
                ("accounts", "false-calls") => (Acts::FalseCalls, false),
                _ => continue,
            };
            for mut ask in asks(form) {
                // Whom something is given to is one choice on a page.
                if given {
                    ask = crate::console::assignee(ask);
                }
                let shown = Value::Object(ask.clone());
                assert_eq!(acts.check(&ask), Ok(()), "{file:?}: {shown}");
                *found.entry(place.to_owned()).or_default() += 1;
            }
        }
    }
    let least = [("accounts", 8), ("follow-ups", 3), ("incidents", 40), ("lowered", 3), ("storms", 9)];
    for (place, forms) in least {
        assert!(found[place] >= forms, "{place}: {found:?}");
    }
}
