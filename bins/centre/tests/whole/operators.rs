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
