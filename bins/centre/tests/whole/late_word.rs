//! What an authority says after our closing (§2.6), and what it says otherwise under a number that was heard.

use serde_json::{Value, json};

use crate::centre::{Centre, PASSWORD, furnish, until};
use crate::hand_off::{ANSWER_TOKEN, Town, hand_off, said};
use crate::web::Web;

/// What an authority says after we have closed as false, and what we should not have missed, is shown to people; it is written down, too.
#[test]
fn row_2_6_a_word_that_contradicts_our_closing_is_shown() {
    let town = Town::new();
    let centre = town.centre("http://127.0.0.1:9/");
    let mut li = centre.operator("li");
    let mut them = centre.web();
    let incident = hand_off(&centre, &mut li, "1001", "police");
    let mut say = |message: &str, more: Value| {
        let mut answer = json!({ "message": message, "incident": incident, "number": 1 });
        for (name, value) in more.as_object().unwrap() {
            answer[name] = value.clone();
        }
        let bearer = format!("Bearer {ANSWER_TOKEN}");
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        them.request("POST", "/api/hand-offs/answers", &headers, &answer.to_string()).status
    };
    assert_eq!(say("M-1", json!({ "answer": "accepted" })), 200);
    assert_eq!(say("M-2", json!({ "answer": "told", "text": "two minutes" })), 200);
    // The same again is one; another word under its number moves nothing, and people see it.
    let unseen = |li: &mut Web| li.get("/api/queue").json()["unseen"].clone();
    let before = unseen(&mut li).as_u64().unwrap();
    assert_eq!(say("M-2", json!({ "answer": "told", "text": "two minutes" })), 200);
    assert_eq!(unseen(&mut li), before);
    for _ in 0..2 {
        assert_eq!(say("M-1", json!({ "answer": "rejected", "reason": "bad-address" })), 202);
    }
    assert_eq!(unseen(&mut li), before + 1);
    assert!(li.get("/outside").body.contains("bad-address"));
    li.does(incident, json!({ "act": "take" }));
    let chen = json!({ "login": "chen", "password": PASSWORD });
    li.does(incident, json!({ "act": "verify-false", "cause": "person", "second": chen }));
    let to_do = |li: &mut Web| {
        let rows = li.get("/api/follow-ups").json();
        let brief = |row: &Value| json!([row["incident"], row["reason"], row["to_rank"]]);
        rows.as_array().unwrap().iter().map(brief).collect::<Vec<_>>()
    };
    assert_eq!(say("M-3", json!({ "answer": "on-scene" })), 200);
    assert_eq!(to_do(&mut li), Vec::<Value>::new());
    for _ in 0..2 {
        assert_eq!(say("M-4", json!({ "answer": "told", "text": "people in the house" })), 200);
    }
    assert_eq!(say("M-5", json!({ "answer": "closed", "outcome": "real" })), 200);
    assert_eq!(to_do(&mut li), vec![json!([incident, "late-word", "operator"]); 2]);
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("people in the house"), "{page}");
    let list = li.get("/follow-ups").body;
    assert!(list.contains("结案后收到外部来讯"), "it is on the list");
    // What was said stands beside it, with who said it; it is as urgent as an alarm, and counted on every page.
    assert!(list.contains("“people in the house”"), "{list}");
    let due = |row: &Value| json!([row["priority"], row["said_by"], row["answer"], row["their_outcome"], row["said"]]);
    let rows = li.get("/api/follow-ups").json();
    let rows: Vec<Value> = rows.as_array().unwrap().iter().map(due).collect();
    let told = json!([1, "police", "told", null, "people in the house"]);
    assert_eq!(rows, [told, json!([1, "police", "closed", "real", null])]);
    until("both ring", || (li.get("/api/queue").json()["follow_ups_due"] == 2).then_some(()));
    let menu = li.get("/units").body;
    let count = menu.split_once("id=\"follow-ups-due\"").unwrap().1.split_once("</span>").unwrap().0;
    assert!(count.contains("class=\"count hot\"") && count.contains(">2</b>"), "{count}");
    assert!(said(&mut li, incident).iter().any(|(answer, how)| (answer.as_str(), how.as_str()) == ("closed", "taken")));
}

/// What is real was closed while somebody was on the way, and then nobody comes, or more is to be known: that is shown to people. What
/// needs nobody is not.
#[test]
fn row_2_6_that_nobody_comes_to_what_is_real_is_shown() {
    let town = Town::new();
    let centre = town.centre("http://127.0.0.1:9/");
    let mut li = centre.operator("li");
    let mut them = centre.web();
    let incident = hand_off(&centre, &mut li, "1001", "police");
    let mut say = |message: &str, answer: &str, text: &str| {
        let body = json!({ "message": message, "incident": incident, "number": 1, "answer": answer, "text": text });
        let bearer = format!("Bearer {ANSWER_TOKEN}");
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        assert_eq!(them.request("POST", "/api/hand-offs/answers", &headers, &body.to_string()).status, 200, "{body}");
    };
    say("M-1", "accepted", "");
    li.does(incident, json!({ "act": "confirm-real", "basis": "witness" }));
    li.does(incident, json!({ "act": "notify-owner", "contact": 0 }));
    li.does(incident, json!({ "act": "record-case", "note": "robbery" }));
    li.does(incident, json!({ "act": "close" }));
    say("M-2", "dispatched", "");
    say("M-3", "told", "officers cannot find the house, call 110");
    say("M-4", "cancelled", "no such street");
    say("M-5", "closed", "");
    let rows = li.get("/api/follow-ups").json();
    let brief = |row: &Value| json!([row["incident"], row["reason"], row["to_rank"]]);
    let to_do: Vec<Value> = rows.as_array().unwrap().iter().map(brief).collect();
    assert_eq!(to_do, vec![json!([incident, "late-word", "operator"]); 2]);
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("officers cannot find the house") && page.contains("no such street"), "{page}");
}

/// "Two people hurt" after our false closing calls people who are away from the console, by the way of the escalation chain, with what was
/// said; and nobody any more once it is done.
#[test]
fn row_2_6_what_was_said_after_the_closing_calls_people_who_are_away() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let (policy, outside) = (folder.path().join("policy.toml"), folder.path().join("outside.toml"));
    std::fs::write(&policy, "[follow_up]\noperator_after_s = 0\nsupervisor_after_s = 1\n").unwrap();
    let ways = "[way.gateway]\nby = \"file\"\nout = \"out\"\nanswers = \"in\"\n[hand_off]\npolice = \"gateway\"\n\
                [people]\nescalation = \"gateway\"\n";
    std::fs::write(&outside, ways).unwrap();
    let with = ["--policy", policy.to_str().unwrap(), "--outside", outside.to_str().unwrap()];
    let centre = Centre::run(folder.path(), &with);
    let mut li = centre.operator("li");
    let incident = hand_off(&centre, &mut li, "1001", "police");
    let say = |message: &str, answer: Value| {
        let mut said = json!({ "message": message, "incident": incident, "number": 1 });
        said.as_object_mut().unwrap().extend(answer.as_object().unwrap().clone());
        let file = folder.path().join("in").join(format!("{message}.json"));
        std::fs::write(folder.path().join(message), said.to_string()).unwrap();
        std::fs::rename(folder.path().join(message), file).unwrap();
    };
    say("M-1", json!({ "answer": "accepted" }));
    until("they take it", || (said(&mut li, incident).len() == 1).then_some(()));
    let chen = json!({ "login": "chen", "password": PASSWORD });
    li.does(incident, json!({ "act": "verify-false", "cause": "person", "second": chen }));
    say("M-2", json!({ "answer": "closed", "outcome": "real", "text": "two people hurt" }));
    let called = until("a supervisor is called", || {
        let files = std::fs::read_dir(folder.path().join("out")).ok()?.filter_map(|file| Some(file.ok()?.path()));
        let files = files.filter(|path| path.extension().is_some_and(|name| name == "json"));
        let mut told = files.map(|path| serde_json::from_slice::<Value>(&std::fs::read(path).unwrap()).unwrap());
        told.find(|message| message["kind"] == "follow-up")
    });
    let facts = ["to", "priority", "incident", "account", "reason"].map(|name| called[name].clone());
    assert_eq!(facts, [json!("supervisor"), json!(1), json!(incident), json!("1001"), json!("late-word")]);
    let words = json!({ "by": "police", "answer": "closed", "outcome": "real", "text": "two people hurt" });
    assert_eq!((&called["said"], &called["site"]["address"]), (&words, &json!("Main Street 1")));
    let rows = li.get("/api/follow-ups").json();
    assert_eq!((&rows[0]["called_to"], &rows[0]["follow_up"]), (&json!("supervisor"), &called["follow_up"]));
    let follow_up = &called["follow_up"];
    let done =
        li.post(&format!("/api/follow-ups/{follow_up}"), &json!({ "act": "done", "note": "ambulance is there" }));
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(li.get("/api/queue").json()["follow_ups_due"], 0);
}

/// "Help" of a customer who was asked first and whose incident is closed by then is a report of theirs: an incident of life safety, and no
/// quiet row.
#[test]
fn row_2_3_help_after_the_closing_is_an_incident_of_life_safety() {
    let town = Town::new();
    let centre = town.centre("http://127.0.0.1:9/");
    let mut li = centre.operator("li");
    let closed = centre.burglary(&mut li, "1001", 3);
    li.does(closed, json!({ "act": "take" }));
    li.does(closed, json!({ "act": "verify-false", "cause": "person" }));
    let bearer = format!("Bearer {ANSWER_TOKEN}");
    let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
    let say = |message: &str, word: &str| {
        let body = json!({ "message": message, "incident": closed, "contact": word }).to_string();
        centre.web().request("POST", "/api/hand-offs/answers", &headers, &body).status
    };
    assert_eq!(say("C-1", "all-well"), 202, "what needs nobody is kept");
    assert_eq!(li.get("/api/queue").json()["rows"], json!([]));
    assert_eq!(say("C-2", "help"), 200);
    let row = until("it is an incident", || li.get("/api/queue").json()["rows"].get(0).cloned());
    let facts = ["account", "priority", "owner"].map(|name| row[name].clone());
    assert_eq!(facts, [json!("1001"), json!(1), Value::Null]);
}
