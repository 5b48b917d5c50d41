//! What nobody can place is stored, acknowledged and shown, once.

use serde_json::json;

use crate::centre::{Centre, until};
use crate::hand_off::Town;
use simulator::psap::Course;

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

/// A machine asks nobody where it is: what has no address is handed off by machine with a note that says so, and always with its number.
#[test]
fn row_2_6_what_has_no_address_is_handed_off_by_machine_with_a_note() {
    let town = Town::new();
    let (listener, url) = town.listen();
    let centre = town.centre(&url);
    let psap = Town::psap(Course::default(), "accepted");
    town.serve(&psap, listener, Some(&centre));
    let mut li = centre.operator("li");
    assert_eq!(centre.line().report("7788", "1120 01 003"), "ACK");
    let incident = centre.queue(&mut li, 1)[0]["incident"].as_u64().unwrap();
    li.does(incident, json!({ "act": "take" }));
    for note in [json!(null), json!(" ")] {
        let asked = json!({ "act": "hand-off", "to": "police", "note": note });
        assert_eq!(li.act(incident, asked).problem(), (409, "no-address".into()));
    }
    let note = "number 7788 calls from 010-5550 1234, Elm 9";
    li.does(incident, json!({ "act": "hand-off", "to": "police", "note": note }));
    let message = until("it is sent", || psap.messages().first().map(|(message, _)| message.clone()));
    let site = json!({ "account": "7788", "name": "", "address": "", "phone": "" });
    assert_eq!((&message["site"], &message["note"]), (&site, &json!(note)));
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
