//! What nobody can place is stored, acknowledged and shown, once.

use serde_json::json;

use crate::centre::{Centre, until};
use crate::hand_off::Town;
use crate::unit_answers::run;
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

/// Nor does a unit that is asked by machine go where nobody knows: whoever sends it writes down where, and that is told to each unit that
/// is asked, also where the next is asked by itself. An incident that was not pre-processed takes the last note.
#[test]
fn row_2_6_a_unit_is_sent_by_machine_to_what_has_no_address_with_a_note() {
    let town = Town::new();
    let (listener, url) = town.listen();
    let way = format!(
        "[way.gateway]\nby = \"http\"\nurl = \"{url}\"\ntoken = \"token\"\nanswer_token = \"0123456789abcdef\"\n"
    );
    let centre = run(town.path(), &way, "version = 2\n");
    let gateway =
        Town::psap(Course { in_response: true, unit: vec!["declined".into()], ..Course::default() }, "accepted");
    town.serve(&gateway, listener, None);
    let mut li = centre.operator("li");
    assert_eq!(centre.line().report("7788", "1110 01 003"), "ACK");
    let fire = centre.queue(&mut li, 1)[0]["incident"].as_u64().unwrap();
    li.does(fire, json!({ "act": "take" }));
    for note in [json!(null), json!(" ")] {
        let asked = json!({ "act": "pre-process", "note": note });
        assert_eq!(li.act(fire, asked).problem(), (409, "no-address".into()));
    }
    let note = "Elm 9, behind the mill";
    li.does(fire, json!({ "act": "pre-process", "note": note }));
    let told = |count: usize| {
        until("they are asked", || {
            let messages = gateway.messages();
            let told = messages.iter().map(|(message, _)| message["note"].as_str().unwrap_or_default().to_owned());
            (messages.len() == count).then(|| told.collect::<Vec<_>>())
        })
    };
    assert_eq!(told(2), [note, note], "the next is asked by itself");

    assert_eq!(centre.line().report("7799", "1120 01 003"), "ACK");
    let rows = centre.queue(&mut li, 2);
    let hold_up = rows.iter().find(|row| row["account"] == "7799").unwrap()["incident"].as_u64().unwrap();
    li.does(hold_up, json!({ "act": "take" }));
    li.does(hold_up, json!({ "act": "confirm-real", "basis": "witness" }));
    let offer = json!({ "act": "offer", "unit": 2 });
    assert_eq!(li.act(hold_up, offer.clone()).problem(), (409, "no-address".into()));
    li.does(hold_up, json!({ "act": "note", "note": "Oak 4" }));
    li.does(hold_up, offer);
    assert_eq!(told(3), [note, note, "Oak 4"]);
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
