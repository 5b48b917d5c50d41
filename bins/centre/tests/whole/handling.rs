//! How long things took, measured over closed incidents, and what is predicted by that: over the API, on pages, after a restart, in a
//! storm.

use alarmcore::Timestamp;
use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, furnish};
use crate::web::Web;

/// A burglary that unit 1 goes to; closed as false.
fn goes(centre: &Centre, li: &mut Web, zone: u16) {
    let incident = centre.burglary(li, "1001", zone);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "pre-process", "unit": 1 }));
    for act in ["accept", "arrive"] {
        li.does(incident, json!({ "act": act, "unit": 1 }));
    }
    li.does(incident, json!({ "act": "report-scene", "unit": 1, "doors": "intact", "windows": "intact" }));
    li.does(incident, json!({ "act": "scene-false", "cause": "animal" }));
    li.does(incident, json!({ "act": "leave", "unit": 1 }));
    let record =
        json!({ "act": "record-dispatch", "unit": 1, "people": "Wang", "findings": "a cat", "signed_by": "Wang" });
    li.does(incident, record);
    li.does(incident, json!({ "act": "close" }));
}

/// What unit 1 is out for.
fn job(web: &mut Web) -> Value {
    web.get("/api/units").json()[0]["jobs"][0].take()
}

/// What was measured of burglaries, by phase.
fn figures(web: &mut Web, phase: &str) -> Value {
    let figures = web.get("/api/reports/handling").json()["figures"].take();
    let found = figures.as_array().unwrap().iter().find(|row| row["kind"] == "burglary" && row["phase"] == phase);
    found.cloned().unwrap_or_default()
}

/// The prediction that these figures give, from this moment on.
fn after(since: &Value, figures: &Value) -> Value {
    let since = Timestamp::from_rfc3339(since.as_str().unwrap()).unwrap();
    let at = |ms: &Value| Timestamp::from_millis(since.millis() + ms.as_i64().unwrap()).to_string();
    json!({ "cases": figures["cases"], "p50_at": at(&figures["p50_ms"]), "p90_at": at(&figures["p90_ms"]) })
}

/// 2.6 "predicted handling time": from the fifth case on the board says when a unit is expected to be free, by where it stands, and the
/// page on which a unit is chosen says it of those that are out; before, how many cases there are. A restart changes none of it.
#[test]
fn row_2_6_predicted_handling_time() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    for zone in 1..=4 {
        goes(&centre, &mut li, zone);
    }
    let going = centre.burglary(&mut li, "1002", 1);
    li.does(going, json!({ "act": "take" }));
    li.does(going, json!({ "act": "pre-process", "unit": 1 }));
    let few = json!({ "cases": 4, "p50_at": null, "p90_at": null });
    assert_eq!((job(&mut li)["free"].take(), job(&mut li)["kind"].take()), (few, json!("burglary")));
    let board = li.get("/units").body;
    assert!(board.contains("too few cases to predict: 4") || board.contains("无法预计:4 例"), "{board}");
    li.does(going, json!({ "act": "withdraw", "unit": 1, "note": "needed elsewhere" }));
    goes(&centre, &mut li, 5);

    assert_eq!(figures(&mut li, "offered-left")["cases"], 5);
    li.does(going, json!({ "act": "offer", "unit": 1 }));
    let offered = job(&mut li);
    assert_eq!(offered["free"], after(&offered["since"], &figures(&mut li, "offered-left")));
    li.does(going, json!({ "act": "accept", "unit": 1 }));
    li.does(going, json!({ "act": "depart", "unit": 1 }));
    let under_way = job(&mut li);
    assert_eq!(under_way["free"], after(&under_way["accepted_at"], &figures(&mut li, "accepted-left")));
    li.does(going, json!({ "act": "arrive", "unit": 1 }));
    let there = job(&mut li);
    assert_eq!(there["free"], after(&there["since"], &figures(&mut li, "arrived-left")));

    // The units that are out stand below those that can be chosen.
    let other = centre.burglary(&mut li, "1001", 6);
    li.does(other, json!({ "act": "take" }));
    let page = li.get(&format!("/incidents/{other}")).body;
    assert_eq!(page.matches(r#"<input type="radio" disabled><span>North</span>"#).count(), 1, "{page}");
    assert!(page.contains("Free again: ") || page.contains("恢复空闲: "), "{page}");
    assert!(page.contains("by 5 cases") || page.contains("依据 5 例"), "{page}");
    let reports = li.get("/reports").body;
    assert!(reports.contains("Unit, on scene to left") || reports.contains("出警单位:到达现场至离开"), "{reports}");

    // In hand since it was taken.
    let in_hand = |web: &mut Web, incident| web.get(&format!("/api/incidents/{incident}")).json();
    let shown = in_hand(&mut li, other);
    let until = after(&shown["row"]["taken_at"], &figures(&mut li, "in-hand"));
    assert_eq!(shown["in_hand_until"], until);
    assert!(page.contains("In hand until: ") || page.contains("处置完毕: "), "{page}");
    li.does(other, json!({ "act": "release", "note": "shift ends" }));
    assert_eq!(in_hand(&mut li, other)["in_hand_until"], Value::Null);

    centre.kill();
    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    assert_eq!(job(&mut li), there);
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}

/// 2.3: in a storm its page says how long those at the desk need, with the time of a kind and script as assumed until it was measured of
/// five cases; what the customer was asked by machine, and has answered, counts as what it is.
#[test]
fn row_2_3_the_forecast_of_a_storm_takes_measured_times() {
    let centre = Centre::start();
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    assert_eq!(chen.post("/api/storms", &json!({ "act": "declare", "area": "everywhere" })).status, 200);
    let rows = |web: &mut Web| web.get("/api/storms/1").json()["forecast"]["rows"].take();
    let burglary = |phase: &str, waiting: u32, each: u32, cases: u32| {
        json!({ "kind": "burglary", "phase": phase, "waiting": waiting, "in_hand": 0, "each_ms": each, "measured": false,
                "cases": cases, "work_ms": waiting * each })
    };
    assert_eq!(rows(&mut li), json!([]));
    for (case, zone) in (1..=5).zip(1..) {
        let incident = centre.burglary(&mut li, "1001", zone);
        assert_eq!(rows(&mut li), json!([burglary("worked-asked", 1, 89_400, 0)]));
        li.does(incident, json!({ "act": "answer-contact", "answer": "all-well" }));
        assert_eq!(rows(&mut li), json!([burglary("worked-agreed", 1, 10_000, case - 1)]));
        li.does(incident, json!({ "act": "take" }));
        li.does(incident, json!({ "act": "verify-false", "cause": "user-error" }));
    }
    let storm = li.get("/api/storms/1").json();
    assert_eq!((&storm["forecast"]["work_ms"], &storm["row"]["state"]), (&json!(0), &json!("confirmed")));
    let incident = centre.burglary(&mut li, "1001", 6);
    li.does(incident, json!({ "act": "answer-contact", "answer": "all-well" }));
    let measured = figures(&mut li, "worked-agreed");
    let mean = &measured["mean_ms"];
    let expected = json!([{ "kind": "burglary", "phase": "worked-agreed", "waiting": 1, "in_hand": 0, "each_ms": mean,
                            "measured": true, "cases": 5, "work_ms": mean }]);
    assert_eq!((&measured["cases"], rows(&mut li)), (&json!(5), expected));
    let seats = li.get("/api/storms/1").json()["forecast"]["seats"].take();
    let people: Vec<_> = seats.as_array().unwrap().iter().map(|seats| seats["people"].clone()).collect();
    assert_eq!(people, [2, 3, 4], "Li and Chen, and two who are called in");
    let page = li.get("/storms/1").body;
    assert!(page.contains("measured by 5 cases") || page.contains("实测,依据 5 例"), "{page}");
}
