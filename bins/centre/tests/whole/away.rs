//! People who may be away from the console are told by the ways out: steps of the chain, offers to units, ends of tests and
//! agreements; and what never reaches them, people at the desk see.

use std::path::Path;

use serde_json::{Value, json};

use crate::centre::{Centre, furnish, until};

const POLICY: &str = "version = 4\n[on_test]\ndefault_s = 6\nwarn_before_s = 3\n[[escalation]]\nfamily = \"alarm\"\nmissing = \"take\"\n\
    after_s = 1\nto = \"supervisor\"\n";

const OVERRIDE: &str = "[[override]]\nsite = 'mall'\nowner = 'Li'\nclasses = { tamper = { action = 'log' } }\n";

/// A centre in `folder` with these ways out: of its policy an override ends in an hour.
fn run(folder: &Path, ways: &str) -> Centre {
    furnish(folder, "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let (policy, outside) = (folder.join("policy.toml"), folder.join("outside.toml"));
    let soon = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() + 3_600_000;
    let soon = alarmcore::Timestamp::from_millis(i64::try_from(soon).unwrap());
    std::fs::write(&policy, format!("{POLICY}{OVERRIDE}until = '{soon}'\n")).unwrap();
    let told = "[people]\nescalation = \"gateway\"\noffer = \"gateway\"\nending = \"gateway\"\n";
    std::fs::write(&outside, format!("{ways}{told}")).unwrap();
    Centre::run(folder, &["--policy", policy.to_str().unwrap(), "--outside", outside.to_str().unwrap()])
}

/// The one message of this kind, once it is there.
fn message(out: &Path, kind: &str) -> Value {
    message_of(out, kind, |_| true)
}

/// The same of those that are meant: a machine that is slow has an incident of the centre itself, which is escalated, too.
fn message_of(out: &Path, kind: &str, meant: impl Fn(&Value) -> bool) -> Value {
    until(kind, || {
        let files = std::fs::read_dir(out).ok()?.filter_map(|file| Some(file.ok()?.path()));
        let files = files.filter(|path| path.extension().is_some_and(|name| name == "json"));
        let mut said = files.map(|path| serde_json::from_slice::<Value>(&std::fs::read(path).unwrap()).unwrap());
        said.find(|message| message["kind"] == kind && meant(message))
    })
}

#[test]
fn row_2_6_units_and_staff_are_told_by_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let centre = run(folder.path(), "[way.gateway]\nby = \"file\"\nout = \"out\"\nanswers = \"in\"\n");
    let out = folder.path().join("out");
    let mut li = centre.operator("li");
    let asked = json!({ "act": "start", "reason": "repair", "asked_by": "Wang" });
    assert_eq!(li.post("/api/accounts/1002/test", &asked).status, 200);
    let incident = centre.burglary(&mut li, "1001", 3);

    // Nobody takes it for a second.
    let called = message_of(&out, "escalation", |message| message["incident"] == json!(incident));
    let facts = ["to", "incident", "priority"].map(|name| called[name].clone());
    assert_eq!(facts, [json!("supervisor"), json!(incident), json!(2)]);
    assert_eq!((&called["alarm"]["kind"], &called["site"]["address"]), (&json!("burglary"), &json!("Main Street 1")));

    // A guard is asked to go, with address and zone, and called back.
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "pre-process", "unit": 1 }));
    let offered = message(&out, "offer");
    assert_eq!(offered["unit"], json!({ "number": 1, "name": "North", "phone": "1" }));
    assert_eq!((&offered["site"]["name"], &offered["signals"][0]["number"]), (&json!("Shop"), &json!("003")));
    assert!(offered["until"].is_string(), "{offered}");
    li.does(incident, json!({ "act": "withdraw", "unit": 1, "note": "the owner called" }));
    let back = message(&out, "recall");
    assert_eq!((&back["unit"]["number"], &back["incident"]), (&json!(1), &json!(incident)));

    let ends = message(&out, "test-ending");
    let facts = ["account", "asked_by"].map(|name| ends[name].clone());
    assert_eq!((facts, &ends["site"]["name"]), ([json!("1002"), json!("Wang")], &json!("Bank")));
    // A day before it ends, or at once.
    let ends = message(&out, "override-ending");
    let facts = ["covers", "owner", "withholds"].map(|name| ends[name].clone());
    let withheld = json!({ "en": ["Tamper: logged only"], "zh": ["防拆报警:只记录"] });
    assert_eq!(facts, [json!("site mall"), json!("Li"), withheld]);
    let rows = li.get("/api/lowered").json();
    let row = rows.as_array().unwrap().iter().find(|row| row["kind"] == "overridden").unwrap();
    assert_eq!(row["until"], ends["until"]);
    let page = li.get("/lowered").body;
    assert!(page.contains("即将到期"), "{page}");

    let page = li.get("/outside").body;
    assert!(["逐级上报", "派单", "测试、约定及例外规则到期提醒"].iter().all(|told| page.contains(told)), "{page}");
}

/// Nobody listens where the way leads: the desk is rung, and what was to be said stands on the page until somebody has seen to it.
#[test]
fn who_is_not_reached_is_said_to_people() {
    let folder = tempfile::tempdir().unwrap();
    let way = "[way.gateway]\nby = \"http\"\nurl = \"http://127.0.0.1:9/\"\ntoken = \"t\"\ntries = 1\n";
    let centre = run(folder.path(), way);
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    let kept = until("it is kept", || {
        let unmatched = li.get("/api/outside").json()["unmatched"].take();
        let escalated = |row: &&Value| {
            let body: Value = serde_json::from_str(row["body"].as_str().unwrap()).unwrap();
            (&body["effect"], &body["incident"]) == (&json!("escalate"), &json!(incident))
        };
        unmatched.as_array()?.iter().find(escalated).cloned()
    });
    assert!(kept["why_en"].as_str().unwrap().contains("Connection refused"), "{kept}");
}
