//! What operators can do, changed by a supervisor on the page and over the API: the running desk goes by it at once, and the card
//! keeps who changed what.

use opsmodel::crm::OperatorCard;
use opsmodel::store::{CardKind, Centre as Store, verify};
use serde_json::{Value, json};

use crate::centre::{Centre, PASSWORD, command, furnish, until};
use crate::web::{Answer, Web};

const RULES: &str = "version = 6\n[[queue]]\nname = 'banks'\nfor = { site_types = ['bank'] }\nskills = ['vault']\nexclusive = true\n\
                     overflow_s = 600\n[[queue]]\nname = 'west'\nfor = { languages = ['ug', 'kk'] }\n";

/// The form of the page, as a browser sends it.
fn submit(web: &mut Web, operator: u32, version: u32, skills: &str, languages: &str) -> Answer {
    let body = format!("version%3An={version}&skills%3Alist={skills}&languages%3Alist={languages}");
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    web.request("POST", &format!("/operators/{operator}"), &kind, &body)
}

fn row(web: &mut Web, operator: u32) -> Value {
    web.get(&format!("/api/operators/{operator}")).json()["row"].take()
}

#[test]
fn a_supervisor_gives_a_skill_and_the_queue_is_shown_at_once() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let path = folder.path().to_str().unwrap();
    let policy = folder.path().join("policy.toml");
    std::fs::write(&policy, RULES).unwrap();
    let bank = ["account", "set", "1002", "--site-type", "bank", "--language", "zh", "--data", path];
    assert!(command(&bank).output().unwrap().status.success());
    let skilled = ["operator", "add", "--data", path, "--login", "wu", "--name", "Wu", "--skills", "vault"];
    let mut add = command(&skilled).stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut add.stdin.take().unwrap(), format!("{PASSWORD}\n").as_bytes()).unwrap();
    assert!(add.wait().unwrap().success());

    let centre = Centre::run(folder.path(), &["--policy", policy.to_str().unwrap()]);
    let (mut li, mut chen, mut wu) = (centre.operator("li"), centre.operator("chen"), centre.operator("wu"));
    let _screen = wu.listen("/api/live", &[]);
    centre.reports("1001", "1130 01 003");
    centre.reports("1002", "1130 01 003");
    let bank = centre.queue(&mut wu, 2)[1]["incident"].as_u64().unwrap();
    assert_eq!(centre.queue(&mut li, 1)[0]["account"], "1001");
    assert_eq!(li.act(bank, json!({ "act": "take" })).problem(), (403, "other-queue".into()));

    // Who may not, and what means nothing.
    assert_eq!(
        li.post("/api/operators/1", &json!({ "skills": ["vault"] })).problem(),
        (403, "supervisors-only".into())
    );
    let page = li.get("/operators/1").body;
    assert!(!page.contains("action=\"/operators/1\""), "{page}");
    assert_eq!(submit(&mut li, 1, 1, "vault", "").status, 403);
    let wrong = submit(&mut chen, 1, 1, "vaults", "");
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("规则文件中没有队列要求技能“vaults”；已有：vault"), "{}", wrong.body);
    assert!(wrong.body.contains("value=\"vaults\""), "what was typed stays: {}", wrong.body);
    let wrong = chen.post("/api/operators/1", &json!({ "languages": ["zh", "fr"] }));
    assert_eq!(wrong.problem(), (422, "unknown-name".into()));
    assert_eq!(
        wrong.json()["title"],
        "languages: no queue of the policy and no site names \"fr\"; known are kk, ug, zh"
    );
    for body in [json!({ "skill": ["vault"] }), json!({ "skills": "vault" })] {
        assert_eq!(chen.post("/api/operators/1", &body).problem(), (422, "invalid".into()));
    }
    for path in ["/api/operators/77", "/api/operators/li"] {
        assert_eq!(chen.post(path, &json!({ "skills": [] })).problem(), (404, "not-found".into()));
        assert_eq!(chen.get(path).problem(), (404, "not-found".into()));
    }
    assert_eq!(row(&mut li, 1)["version"], 1, "nothing of it was written");

    // Given, taken away, and given again: each is seen at once.
    assert_eq!(submit(&mut chen, 1, 1, "vault", "ug%2C+zh").status, 303);
    assert_eq!(centre.queue(&mut li, 2)[1]["incident"], bank);
    let given = json!({
        "operator": 1, "version": 2, "name": "li", "role": "operator", "skills": ["vault"], "languages": ["ug", "zh"],
        "present": true, "paused": false,
        "queues": [{ "name": "banks", "exclusive": true }, { "name": "west", "exclusive": false }],
    });
    assert_eq!(row(&mut chen, 1), given);
    let staff = chen.get("/api/operators").json();
    assert_eq!(staff["operators"][0], given);
    assert_eq!((&staff["queues"][0]["members"], &staff["queues"][0]["present"]), (&json!(2), &json!(2)));
    assert_eq!(submit(&mut chen, 1, 1, "", "").status, 409, "somebody else has changed it since");
    assert_eq!(submit(&mut chen, 1, 2, "", "zh").status, 303);
    centre.queue(&mut li, 1);
    until("the desk knows", || {
        (li.act(bank, json!({ "act": "take" })).problem() == (403, "other-queue".into())).then_some(())
    });
    assert_eq!(chen.post("/api/operators/1", &json!({ "skills": ["vault"] })).json()["queues"][0]["name"], "banks");
    centre.queue(&mut li, 2);
    until("the desk knows", || (li.act(bank, json!({ "act": "take" })).status == 200).then_some(()));

    // Who, when, from where, what: on the page, in the answer and in the chained history.
    let history = li.get("/api/operators/1").json()["history"].take();
    let told: Vec<_> = history
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["card"] == "operator")
        .map(|change| json!([change["version"], change["by_name"], change["origin"], change["changes"]]))
        .collect();
    let one = |field: &str, old: &str, new: &str| json!({ "field": field, "old": old, "new": new });
    assert_eq!(
        told,
        [
            json!([4, "chen", "console 127.0.0.1", [one("skills", "", "vault")]]),
            json!([3, "chen", "console 127.0.0.1", [one("skills", "vault", ""), one("languages", "ug, zh", "zh")]]),
            json!([2, "chen", "console 127.0.0.1", [one("skills", "", "vault"), one("languages", "", "ug, zh")]]),
            json!([
                1,
                null,
                "command line",
                [one("login", "", "li"), one("name", "", "li"), one("role", "", "operator")]
            ]),
        ]
    );
    let page = chen.get("/operators/1").body;
    assert!(page.contains("ug, zh</span> → <b>zh</b>") && page.contains("action=\"/operators/1\""), "{page}");
    assert!(chen.get("/operators").body.contains("href=\"/operators/1\""));
    assert_eq!(centre.terminate().code(), Some(0));
    let kept = Store::open(folder.path()).unwrap().card_history(CardKind::Operator, "1").unwrap();
    let skills = |card: &str| serde_json::from_str::<OperatorCard>(card).unwrap().skills.len();
    let kept = kept
        .iter()
        .map(|one| (one.change.by.map(|by| by.get()), one.before.as_deref().map_or(0, skills), skills(&one.after)));
    assert_eq!(kept.collect::<Vec<_>>(), [(None, 0, 0), (Some(3), 0, 1), (Some(3), 1, 0), (Some(3), 0, 1)]);
    verify(folder.path()).unwrap();
}

/// `centre operator` on the folder of a centre, with what is typed.
fn operator(folder: &std::path::Path, arguments: &[&str], typed: &str) -> (Option<i32>, String, String) {
    let all = [&["operator"], arguments, &["--data", folder.to_str().unwrap()]].concat();
    let piped = std::process::Stdio::piped;
    let mut run = command(&all).stdin(piped()).stdout(piped()).stderr(piped()).spawn().unwrap();
    // Whoever asks for no password reads nothing.
    let _ = std::io::Write::write_all(&mut run.stdin.take().unwrap(), typed.as_bytes());
    let done = run.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// A session has the role that its card has now; a new password, and being struck off, end the sessions of before, the live
/// stream included. What they own calls again by the rule of absence.
#[test]
fn a_session_goes_by_the_card_as_it_is_now() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let policy = folder.path().join("policy.toml");
    std::fs::write(&policy, "version = 2\n[ownership]\nabsent_s = 5\n").unwrap();
    let centre = Centre::run(folder.path(), &["--policy", policy.to_str().unwrap()]);
    let (mut li, mut zhang, mut chen) = (centre.operator("li"), centre.operator("zhang"), centre.operator("chen"));
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));

    // A role counts from the next request on, up and down, in the same session.
    let over = |web: &mut Web| web.act(incident, json!({ "act": "take-over" }));
    let set = |arguments: &[&str], typed: &str| operator(folder.path(), &[&["set"], arguments].concat(), typed);
    assert_eq!(set(&["--login", "zhang", "--role", "supervisor"], "").0, Some(0));
    assert_eq!(zhang.get("/api/me").json()["role"], "supervisor");
    assert_eq!(set(&["--login", "zhang", "--role", "operator", "--name", "Zhang"], "").0, Some(0));
    let me = zhang.get("/api/me").json();
    assert_eq!((&me["role"], &me["name"]), (&json!("operator"), &json!("Zhang")));
    assert_eq!(over(&mut zhang).problem(), (403, "supervisors-only".into()));
    assert_eq!(row(&mut chen, 2)["role"], "operator");

    // Another password: whoever has the old one signs in anew, and whoever has the new one goes on.
    let mut pages = li.listen("/live", &[]);
    let mut calls = li.listen("/api/live", &[]);
    assert_eq!(set(&["--login", "li", "--password"], "a whole new password\n").0, Some(0));
    assert_eq!(li.act(incident, json!({ "act": "note", "note": "x" })).problem(), (401, "sign-in".into()));
    let page = li.get("/packs");
    assert_eq!((page.status, page.header("location")), (303, Some("/login?next=/packs")));
    for stream in [&mut pages as &mut dyn Iterator<Item = String>, &mut calls] {
        assert!(stream.take(40).count() < 40, "a stream says more than a dozen times that it is alive");
    }
    let mut again = centre.web();
    again.sign_in("li", "a whole new password");
    assert_eq!(again.act(incident, json!({ "act": "note", "note": "x" })).status, 200);

    // Struck off.
    let _stream = again.listen("/api/live", &[]);
    let off = operator(folder.path(), &["strike-off", "--login", "li"], "");
    assert_eq!((off.0, off.1.as_str()), (Some(0), "li (li) is struck off and may not sign in\n"));
    assert_eq!(again.get("/api/me").problem(), (401, "sign-in".into()));
    let wrong = json!({ "login": "li", "password": "a whole new password" });
    assert_eq!(centre.web().post("/api/login", &wrong).problem(), (401, "wrong-password".into()));
    until("what they own calls again", || {
        let row = chen.get("/api/queue").json()["rows"][0].take();
        (row["incident"] == incident && !row["calling_since"].is_null()).then_some(())
    });
}

/// Who may sign in, by command: listed, changed, struck off, taken back; and what is wrong of it changes nothing.
#[test]
fn operators_are_listed_changed_and_struck_off_by_command() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let run = |arguments: &[&str], typed: &str| operator(folder.path(), arguments, typed);
    let roles = |list: &str| {
        let line = |line: &str| line.split('\t').take(3).collect::<Vec<_>>().join(" ");
        list.lines().map(line).collect::<Vec<_>>()
    };
    let (_, before, _) = run(&["list"], "");
    assert_eq!(roles(&before), ["1 li operator", "2 zhang operator", "3 chen supervisor"]);
    let refused = |arguments: &[&str], said: &str| {
        let (code, out, error) = run(arguments, "");
        assert_eq!((code, out.as_str()), (Some(65), ""), "{error}");
        assert!(error.contains(said), "{error}");
    };
    refused(&["strike-off", "--login", "chen"], "\"chen\" is the last supervisor or manager who can sign in");
    refused(&["set", "--login", "chen", "--role", "operator"], "\"chen\" is the last supervisor or manager");
    refused(&["set", "--login", "wang", "--role", "operator"], "nobody has the log-in name \"wang\"");
    assert_eq!(run(&["set", "--login", "li"], "").1, "nothing of li was changed\n");
    assert_eq!(run(&["set", "--login", "li", "--password"], "short\n").0, Some(64));
    assert_eq!(run(&["list"], "").1, before, "nothing was changed");

    assert_eq!(run(&["set", "--login", "zhang", "--role", "manager", "--skills", "vault, fire"], "").0, Some(0));
    assert_eq!(run(&["strike-off", "--login", "chen"], "").0, Some(0));
    refused(&["strike-off", "--login", "chen"], "\"chen\" is struck off already");
    let (_, list, _) = run(&["list"], "");
    let lines: Vec<_> = list.lines().collect();
    assert_eq!(lines[..2], ["1\tli\toperator\tli", "2\tzhang\tmanager\tzhang\tskills: fire, vault"]);
    assert!(lines[2].starts_with("3\tchen\tsupervisor\tchen\tstruck off 2"), "{list}");
    let back = ["add", "--login", "chen", "--name", "Chen"];
    assert_eq!(run(&back, &format!("{PASSWORD}\n")).1, "Chen (operator) may sign in as chen\n");
    assert_eq!(run(&["list"], "").1.lines().last(), Some("3\tchen\toperator\tChen"));
    verify(folder.path()).unwrap();
}
