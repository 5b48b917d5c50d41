//! The change of shift: two people sign one list.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::centre::{Centre, PASSWORD};

#[test]
fn both_sign_the_list_that_both_saw() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    let list = li.get("/api/handover").json();
    assert_eq!(list["open"][0]["incident"], incident);
    let signing = |login: &str, password: &str| json!({ "list": list["list"], "login": login, "password": password, "note": "shop called twice" });
    assert_eq!(li.post("/api/handover", &signing("li", PASSWORD)).problem(), (403, "second-person".into()));
    assert_eq!(li.post("/api/handover", &signing("zhang", "guess")).problem(), (401, "wrong-password".into()));
    let signed = li.post("/api/handover", &signing("zhang", PASSWORD));
    assert_eq!(signed.status, 200, "{}", signed.body);
    let signed = signed.json();
    let told = ["number", "from", "to", "open", "note"].map(|name| signed[name].clone());
    assert_eq!(told, [json!(1), json!(1), json!(2), json!(1), json!("shop called twice")]);

    // The record holds the very list that both signed.
    let text = signed["text"].as_str().unwrap();
    let digest: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(signed["list"], digest);
    assert!(text.starts_with(&format!("{incident} new \n")), "{text}");

    let again = li.post("/api/handover", &signing("zhang", PASSWORD));
    assert_eq!(again.problem(), (409, "already-signed".into()));
    li.does(incident, json!({ "act": "take" }));
    let stale = li.post("/api/handover", &signing("zhang", PASSWORD));
    assert_eq!(stale.problem(), (409, "list-changed".into()), "somebody has taken the incident since");
    assert_eq!(li.get("/api/handovers").json(), json!([signed]));
}

/// 2.5 Shift hand-over: "hand-over record refers to the exact list hash": with what is on hold, on test and to be followed up, the storm,
/// and (2.2, restoral tracking) what still stands after its incident is closed.
#[test]
fn row_2_5_hand_over() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let stands = centre.burglary(&mut li, "1001", 7);
    li.does(stands, json!({ "act": "take" }));
    li.does(stands, json!({ "act": "verify-false", "cause": "user-error" }));
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "hold", "reason": "keyholder-coming", "minutes": 10 }));
    let start = json!({ "act": "start", "reason": "repair", "asked_by": "Wang", "minutes": 30 });
    assert_eq!(li.post("/api/accounts/1002/test", &start).status, 200);
    let later =
        json!({ "act": "create", "incident": incident, "rank": "supervisor", "minutes": 60, "note": "call Li" });
    assert_eq!(li.post("/api/follow-ups", &later).status, 200);
    let nobody = json!({ "act": "create", "account": "1002", "operator": 99, "minutes": 60, "note": "x" });
    assert_eq!(li.post("/api/follow-ups", &nobody).problem(), (404, "not-found".into()));

    let storm = json!({ "act": "declare", "area": "everywhere", "note": "thunder" });
    assert_eq!(centre.operator("chen").post("/api/storms", &storm).status, 200);

    let list = li.get("/api/handover").json();
    let moment = |value: &Value| alarmcore::Timestamp::from_rfc3339(value.as_str().unwrap()).unwrap().millis();
    let signing = json!({ "list": list["list"], "login": "zhang", "password": PASSWORD, "note": "owner comes at ten" });
    let signed = li.post("/api/handover", &signing).json();
    let expected = [
        format!("{incident} taken 1 on hold until {}", moment(&list["open"][0]["hold_until"])),
        format!("follow-up 1 supervisor {}", moment(&list["follow_ups"][0]["due_at"])),
        format!("test 1 1002 {}", moment(&list["on_test"][0]["until"])),
        "storm 1 confirmed 0".to_owned(),
        format!("1001 unrestored 130 zone 7 since {}", moment(&list["accounts"][0]["since"])),
        format!("1001 unrestored 130 zone 3 since {}", moment(&list["accounts"][1]["since"])),
    ];
    let text = signed["text"].as_str().unwrap();
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    let page = li.get("/handover").body;
    assert!(page.contains("call Li") && page.contains("owner comes at ten"), "{page}");
    assert!(li.get("/follow-ups").body.contains("call Li"));
    assert_eq!(li.post("/api/follow-ups/1", &json!({ "act": "done" })).status, 200);
    assert_eq!(li.post("/api/follow-ups/1", &json!({ "act": "done" })).problem(), (409, "already-done".into()));
    assert_eq!(li.get("/api/follow-ups").json(), json!([]));
}

/// A second click, or a proxy that asks once more, while the first signature is still on its way.
#[test]
fn a_list_that_is_signed_twice_at_once_is_signed_once() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let list = li.get("/api/handover").json()["list"].take();
    let signing = json!({ "list": list, "login": "zhang", "password": PASSWORD, "note": "quiet" });
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let clicks: Vec<_> = (0..4)
            .map(|_| {
                let (mut web, signing) = (li.again(), &signing);
                scope.spawn(move || web.post("/api/handover", signing).status)
            })
            .collect();
        clicks.into_iter().map(|click| click.join().unwrap()).collect()
    });
    let signed = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!((signed, statuses.iter().filter(|status| **status == 409).count()), (1, 3), "{statuses:?}");
}
