//! What nobody can place is stored, acknowledged and shown, once.

use serde_json::json;

use crate::centre::Centre;

#[test]
fn five_hundred_frames_of_one_unknown_account_are_one_item() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let mut line = centre.line();
    for zone in 0..500 {
        assert_eq!(line.report("7788", &format!("1130 01 {zone:03}")), "ACK");
    }
    centre.signals(500);
    let queue = centre.queue(&mut li, 1);
    let seen = ["account", "kind", "signals"].map(|name| queue[0][name].clone());
    assert_eq!(seen, [json!("7788"), json!("unknown-account"), json!(500)]);
}

/// Whoever is in a fire does not wait for a card: it is a fire on the page and for the fire brigade.
#[test]
fn a_fire_of_an_unknown_account_goes_to_the_fire_brigade() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    assert_eq!(centre.line().report("7788", "1110 01 003"), "ACK");
    let row = &centre.queue(&mut li, 1)[0];
    assert_eq!((&row["account"], &row["kind"], &row["priority"]), (&json!("7788"), &json!("fire"), &json!(1)));
    let incident = row["incident"].as_u64().unwrap();
    assert_eq!(li.get(&format!("/incidents/{incident}")).status, 200);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "hand-off", "to": "fire" }));
    let stored = li.get(&format!("/api/incidents/{incident}")).json();
    assert_eq!(stored["incident"]["hand_offs"][0]["to"], json!("fire"));
}

#[test]
fn the_same_frame_twice_is_one_incident_acknowledged_twice() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let mut line = centre.line();
    for _ in 0..2 {
        assert_eq!(line.send("1001", "1130 01 005", 17).unwrap(), "ACK");
    }
    let rows = centre.signals(2);
    let fates: Vec<_> = rows.iter().map(|row| row.disposition.map(|fate| fate.as_str())).collect();
    assert_eq!(fates, [Some("opened"), Some("repeat")]);
    assert_eq!(centre.queue(&mut li, 1)[0]["signals"], 1);
}

#[test]
fn an_unknown_code_is_shown_and_an_unknown_token_is_kept() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    assert_eq!(centre.line().report("1001", "1888 01 005"), "ACK");
    let row = &centre.queue(&mut li, 1)[0];
    assert_eq!((&row["kind"], &row["account"]), (&json!("unknown-code"), &json!("1001")));
    let signal = li.get("/api/signals?account=1001").json()["rows"][0].take();
    assert_eq!((&signal["code"], &signal["rule"]), (&json!("888"), &json!("unknown.code")));
}
