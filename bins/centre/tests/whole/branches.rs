//! The three branches of the source document (I1 to I16), from a panel's frame to the closing, through the API.

use serde_json::{Value, json};

use crate::centre::{Centre, PASSWORD};
use crate::web::Web;

fn stage(web: &mut Web, incident: u64) -> Value {
    web.get(&format!("/api/incidents/{incident}")).json()["row"]["stage"].take()
}

/// Stage, resolution and cause of a closed incident.
fn end(web: &mut Web, incident: u64) -> [Value; 3] {
    let row = web.get(&format!("/api/incidents/{incident}")).json()["row"].take();
    ["stage", "resolution", "cause"].map(|name| row[name].clone())
}

/// What happened, in order.
fn kinds(web: &mut Web, incident: u64) -> Vec<String> {
    let page = web.get(&format!("/api/incidents/{incident}")).json();
    page["moments"].as_array().unwrap().iter().map(|moment| moment["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn branch_one_verified_false_needs_a_cause() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    let refused = li.act(incident, json!({ "act": "verify-false" }));
    assert_eq!(refused.problem(), (409, "cause-missing".into()));
    assert_eq!(refused.json()["title_zh"], "未填写误报原因");
    li.does(incident, json!({ "act": "verify-false", "cause": "user-error", "note": "opened the wrong door" }));
    assert_eq!(end(&mut li, incident), [json!("closed"), json!("false-by-person"), json!("user-error")]);
    assert_eq!(kinds(&mut li, incident), ["opened", "taken", "step-skipped", "verified-false", "closed"]);
    assert_eq!(centre.queue(&mut li, 0), Vec::<Value>::new());
    let again = li.act(incident, json!({ "act": "verify-false", "cause": "user-error" }));
    assert_eq!(again.problem(), (409, "already-closed".into()));
}

#[test]
fn branch_two_undetermined_sends_a_unit_and_only_the_scene_ends_it() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "pre-process", "unit": 1 }));
    assert_eq!(stage(&mut li, incident), "pre-processed");
    let board = li.get("/api/units").json();
    assert_eq!(board[0]["jobs"][0]["incident"], incident, "offered in the same act");
    assert_eq!(board[0]["jobs"][0]["state"], "offered");
    let early = li.act(incident, json!({ "act": "verify-false", "cause": "animal" }));
    assert_eq!(early.problem(), (409, "still-undetermined".into()));

    for act in ["accept", "depart", "arrive"] {
        li.does(incident, json!({ "act": act, "unit": 1 }));
    }
    assert_eq!(stage(&mut li, incident), "on-scene");
    let report = json!({ "act": "report-scene", "unit": 1, "doors": "intact", "windows": "intact" });
    li.does(incident, report);
    li.does(incident, json!({ "act": "scene-false", "cause": "animal" }));
    assert_eq!(li.act(incident, json!({ "act": "close" })).problem().0, 409, "the dispatch record is owed");
    li.does(incident, json!({ "act": "leave", "unit": 1 }));
    let record =
        json!({ "act": "record-dispatch", "unit": 1, "people": "Wang", "findings": "a cat", "signed_by": "Wang" });
    li.does(incident, record);
    if stage(&mut li, incident) != "closed" {
        li.does(incident, json!({ "act": "close" }));
    }
    assert_eq!(end(&mut li, incident), [json!("closed"), json!("false-by-person"), json!("animal")]);
    assert_eq!(li.get("/api/units").json()[0]["jobs"], json!([]), "the unit is free again");
}

#[test]
fn branch_three_real_goes_to_the_police_and_the_insurer() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1002", 7);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "confirm-real", "basis": "contact" }));
    let back = li.act(incident, json!({ "act": "overturn", "cause": "user-error" }));
    assert_eq!(back.problem(), (409, "second-person-missing".into()), "I9: not without a second person");
    li.does(incident, json!({ "act": "notify-owner", "contact": 0 }));
    li.does(incident, json!({ "act": "owner-arrived" }));
    li.does(incident, json!({ "act": "record-wish", "police": true, "insurer": true, "loss_minor": 50_000 }));
    li.does(incident, json!({ "act": "hand-off", "to": "police", "reference": "110-7" }));
    li.does(incident, json!({ "act": "answer-hand-off", "number": 1, "accepted": true }));
    li.does(incident, json!({ "act": "take-charge", "number": 1, "officer": "Zhao", "case_number": "C-1" }));
    li.does(incident, json!({ "act": "list-loss", "item": "till", "quantity": 1, "value_minor": 50_000 }));
    li.does(incident, json!({ "act": "sign-losses", "signed_by": "owner" }));
    li.does(incident, json!({ "act": "hand-off", "to": "insurer" }));
    li.does(incident, json!({ "act": "answer-hand-off", "number": 2, "accepted": true, "reference": "P-9" }));
    li.does(incident, json!({ "act": "record-case", "note": "broken in by night" }));
    li.does(incident, json!({ "act": "close" }));
    assert_eq!(end(&mut li, incident), [json!("closed"), json!("real"), Value::Null]);
    let report = li.get("/api/reports/response").json();
    assert_eq!(report["rows"][0]["incident"], incident);
    assert!(report["rows"][0]["close_ms"].is_u64());
}

#[test]
fn four_eyes_are_two_people_who_sign() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "confirm-real", "basis": "contact" }));
    let overturn = |login: &str, password: &str| json!({ "act": "overturn", "cause": "user-error", "second": { "login": login, "password": password } });
    assert_eq!(li.act(incident, overturn("li", PASSWORD)).problem(), (403, "second-person".into()));
    assert_eq!(li.act(incident, overturn("zhang", PASSWORD)).problem(), (403, "supervisors-only".into()));
    assert_eq!(li.act(incident, overturn("chen", "guess")).problem(), (401, "wrong-password".into()));
    assert_eq!(stage(&mut li, incident), "real", "none of it has changed anything");
    li.does(incident, overturn("chen", PASSWORD));
    let page = li.get(&format!("/api/incidents/{incident}")).json();
    let overturned = page["moments"].as_array().unwrap().iter().find(|moment| moment["kind"] == "overturned").unwrap();
    assert_eq!((&overturned["by_name"], &overturned["event"]["second"]), (&json!("li"), &json!(3)));
}

/// A hold-up by its button: one operator alone does not find it false, and the page asks for the second person.
#[test]
fn row_2_5_four_eyes_a_hold_up_is_found_false_by_two() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    centre.reports("1001", "1120 01 003");
    let incident = centre.queue(&mut li, 1)[0]["incident"].as_u64().unwrap();
    li.does(incident, json!({ "act": "take" }));
    let signs = |page: &str| page.matches("name=\"second.login\"").count();
    assert_eq!(signs(&li.get(&format!("/incidents/{incident}")).body), 1);
    let verify = json!({ "act": "verify-false", "cause": "user-error" });
    assert_eq!(li.act(incident, verify.clone()).problem(), (409, "duress-given".into()));
    let signed = |login: &str| {
        let mut signed = verify.clone();
        signed["second"] = json!({ "login": login, "password": PASSWORD });
        signed
    };
    assert_eq!(li.act(incident, signed("zhang")).problem(), (403, "supervisors-only".into()));
    li.does(incident, signed("chen"));
    let page = li.get(&format!("/api/incidents/{incident}")).json();
    let found = page["moments"].as_array().unwrap().iter().find(|moment| moment["kind"] == "verified-false").unwrap();
    assert_eq!((&found["by_name"], &found["event"]["second"]), (&json!("li"), &json!(3)));
    assert_eq!(end(&mut li, incident), [json!("closed"), json!("false-by-person"), json!("user-error")]);
}
