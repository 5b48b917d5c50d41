//! What an authority says after our closing (§2.6), and what it says otherwise under a number that was heard.

use serde_json::{Value, json};

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
    li.does(incident, json!({ "act": "verify-false", "cause": "person" }));
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
    assert!(li.get("/follow-ups").body.contains("结案后收到外部来讯"), "it is on the list");
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
