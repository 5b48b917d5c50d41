//! What comes by machine and cannot be read, or not as it stands, is heard as urgently as what it is about.

use serde_json::json;

use crate::centre::until;
use crate::hand_off::{ANSWER_TOKEN, Town, hand_off, hand_offs};
use crate::live::next;
use crate::web::Web;

/// What an authority posts and cannot be read calls in the incident that it names, however broken it is: with a field or a reason that
/// nobody knows, as a part of a text, or as something else under a number that was used. It is also kept, as it came. What names nothing
/// rings as urgently as the most urgent of what is with them.
#[test]
fn row_2_6_what_cannot_be_read_of_an_authority_calls_in_its_incident() {
    let town = Town::new();
    let centre = town.centre("http://127.0.0.1:9/");
    let (mut li, mut them) = (centre.operator("li"), centre.web());
    let incident = hand_off(&centre, &mut li, "1001", "police");
    until("it is known that they could not be told", || {
        (hand_offs(&mut li, incident)[0]["end"]["state"] == "failed").then_some(())
    });
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "hand-off", "to": "police" }));
    let bearer = format!("Bearer {ANSWER_TOKEN}");
    let mut say = |body: &str| {
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        them.request("POST", "/api/hand-offs/answers", &headers, body).status
    };
    let accepted = json!({ "message": "M-0", "incident": incident, "number": 2, "answer": "accepted" });
    assert_eq!(say(&accepted.to_string()), 200);
    let calls = |li: &mut Web| {
        let page = li.get(&format!("/api/incidents/{incident}")).json();
        let events = page["moments"].as_array().unwrap().iter().map(|moment| &moment["event"]);
        let raised = events.clone().filter(|event| event["reason"] == "authority-unread").count();
        let mut notes = events.filter(|event| event["standing"] == "unread").map(|event| event["note"].clone());
        (page["incident"]["calling_since"].is_u64(), raised, notes.next_back().unwrap_or_default())
    };
    let (of, broken) =
        (json!(incident), format!("{{\"message\": \"M-3\", \"incident\": {incident}, \"answer\": \"rej"));
    let bodies = [
        (422, json!({ "message": "M-1", "incident": of, "number": 2, "answer": "dispatched", "car": 7 }).to_string()),
        (
            422,
            json!({ "message": "M-2", "incident": of, "number": 2, "answer": "rejected", "reason": "busy" })
                .to_string(),
        ),
        (422, broken),
        (
            202,
            json!({ "message": "M-0", "incident": of, "number": 2, "answer": "rejected", "reason": "other" })
                .to_string(),
        ),
        (202, json!({ "message": "M-4", "incident": of, "number": 9, "answer": "rejected" }).to_string()),
        (202, json!({ "message": "M-5", "incident": of, "number": 2, "answer": "eta" }).to_string()),
    ];
    for (place, (status, body)) in bodies.iter().enumerate() {
        let (known, before, _) = calls(&mut li);
        if known {
            li.does(incident, json!({ "act": "take" }));
        }
        for _ in 0..2 {
            assert_eq!(say(body), *status, "{body}");
        }
        let (calling, raised, note) = calls(&mut li);
        assert_eq!((calling, raised), (true, before + 1), "{body}");
        assert!(note.as_str().unwrap().contains(body.as_str()), "{note}");
        assert_eq!(li.get("/api/queue").json()["unseen"], place + 1);
    }
    assert_eq!(hand_offs(&mut li, incident)[1]["accepted"], true, "nothing of it counts");
    let mended = json!({ "message": "M-5", "incident": of, "number": 2, "answer": "eta", "eta_s": 240 });
    assert_eq!(say(&mended.to_string()), 200);
    assert!(hand_offs(&mut li, incident)[1]["eta"].is_u64(), "what is mended counts under its number");
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("对方来讯无法读取") && page.contains("无法读取"), "{page}");
    let mut live = li.listen("/api/live", &[]);
    assert_eq!(say("{\"message\": \"M-6\", \"answer\": \"perhaps\"}"), 422);
    // What they could not be told the second time may ring before it.
    let mut rings = std::iter::repeat_with(|| next(&mut live, "change").1["ring"].clone());
    assert_eq!(rings.find(|ring| *ring != 2 && !ring.is_null()), Some(json!(1)));
}

/// What a customer adds after the gateway said that it reached nobody calls in their incident, once; what cannot be read of them rings as
/// urgently as that, however little of it says which it is; and a cry for help that is written as nobody foresaw is one.
#[test]
fn row_2_3_what_a_customer_adds_calls_and_a_cry_is_a_cry() {
    let town = Town::new();
    let centre = town.centre("http://127.0.0.1:9/");
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let declare = json!({ "act": "declare", "area": "everywhere", "note": "thunder" });
    assert_eq!(chen.post("/api/storms", &declare).status, 200);
    let incident = centre.burglary(&mut li, "1001", 3);
    let stands = |li: &mut Web| {
        let page = li.get(&format!("/api/incidents/{incident}")).json();
        let raised = page["moments"].as_array().unwrap().iter().filter_map(|moment| moment["event"]["reason"].as_str());
        let raised: Vec<String> = raised.map(str::to_owned).collect();
        (page["incident"]["first_contact"]["answer"].clone(), page["incident"]["priority"].clone(), raised)
    };
    until("nobody was reached", || (stands(&mut li).0 == "silent").then_some(()));
    let (bearer, mut them) = (format!("Bearer {ANSWER_TOKEN}"), centre.web());
    let mut say = |body: &str| {
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        them.request("POST", "/api/hand-offs/answers", &headers, body).status
    };
    let away =
        json!({ "message": "C-1", "incident": incident, "contact": "away", "text": "a van in the yard" }).to_string();
    assert_eq!([say(&away), say(&away)], [200, 200]);
    assert_eq!(stands(&mut li), (json!("away"), json!(2), vec!["customer-word".to_owned()]));

    let mut live = li.listen("/api/live", &[]);
    let mut ring = || {
        let mut changes = std::iter::repeat_with(|| next(&mut live, "change").1["ring"].clone());
        changes.find(|ring| !ring.is_null()).unwrap()
    };
    let odd = json!({ "message": "C-2", "incident": incident, "contact": "perhaps" }).to_string();
    assert_eq!((say(&odd), ring()), (422, json!(2)), "as its incident");
    assert_eq!(
        (say("{\"message\": \"C-3\", \"contact\": \"all-we"), ring()),
        (422, json!(2)),
        "as the most urgent asked"
    );
    let cry = json!({ "message": "C-4", "contact": "Help!!" }).to_string();
    assert_eq!((say(&cry), ring()), (422, json!(1)), "of whom nobody can tell");
    let broken =
        format!("{{\"message\": \"C-5\", \"incident\": {incident}, \"contact\": \"help\", \"text\": \"they ar");
    assert_eq!(say(&broken), 200);
    let (answer, priority, raised) = stands(&mut li);
    assert_eq!(
        (answer, priority, raised),
        (json!("help"), json!(1), vec!["customer-word".into(), "help-wanted".into()])
    );
}
