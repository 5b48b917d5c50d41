//! Guard units over the API, on the page and from the command line; the cheapest is asked, the next by itself, and the page and
//! the report say what each would have cost.

use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, command, furnish, until};

fn unit(centre: &mut crate::web::Web, number: u32) -> Value {
    let board = centre.get("/api/units").json();
    board.as_array().unwrap().iter().find(|row| row["unit"] == number).unwrap().clone()
}

#[test]
fn the_cheapest_unit_is_asked_and_the_next_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let policy = folder.path().join("policy.toml");
    let needs = "version = 5\n[units]\nneeds = [ { skill = 'armed', for = { site_types = ['bank'] } } ]\n";
    std::fs::write(&policy, needs).unwrap();
    let place = ["account", "set", "1002", "--site-type", "bank", "--position", "31.2304,121.4737", "--data"];
    assert!(command(&place).arg(folder.path()).output().unwrap().status.success());
    let centre = Centre::run(folder.path(), &["--policy", policy.to_str().unwrap()]);
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));

    // What is agreed of a unit a supervisor says; what is reported by radio anybody writes down.
    let skilled = json!({ "skills": "armed" });
    assert_eq!(li.post("/api/units/1", &skilled).problem(), (403, "supervisors-only".into()));
    assert_eq!(chen.post("/api/units/1", &json!({ "position": "here" })).problem(), (422, "invalid".into()));
    assert_eq!(chen.post("/api/units/1", &json!({ "travel": "East" })).problem(), (422, "invalid".into()));
    assert_eq!(chen.post("/api/units/1", &json!({ "version": 7, "jobs": 1 })).problem(), (409, "card-changed".into()));
    assert_eq!(chen.post("/api/units/7", &json!({ "on_duty": true })).problem(), (422, "invalid".into()));
    for (number, near) in [(1, "31.2310,121.4740"), (2, "31.2500,121.4900")] {
        assert_eq!(chen.post(&format!("/api/units/{number}"), &skilled).status, 200);
        assert_eq!(li.post(&format!("/api/units/{number}"), &json!({ "position": near })).status, 200);
    }
    let made = chen.request(
        "POST",
        "/units",
        &[("content-type", "application/x-www-form-urlencoded")],
        "unit%3An=3&name=River&phone=ch.+3&position=31.2304,121.4737&travel=East%3D300,+West%3D900&jobs%3An=0&skills=armed,+keys&on_duty%3Ab=yes",
    );
    assert_eq!(made.status, 303, "{}", made.body);
    let set = ["unit", "set", "3", "--phone", "ch. 9", "--data"];
    let set = command(&set).arg(folder.path()).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&set.stdout),
        "unit 3 River\nphone ch. 9\non_duty true\nposition 31.230400,121.473700\ntravel East=300, West=900\n\
         districts -\nskills armed, keys\njobs 0\n"
    );
    assert_eq!(unit(&mut li, 3)["phone"], "ch. 9");

    // Unit 3 stands before the door: it is asked. It goes off duty, unit 1 is asked by itself; it declines, and unit 2 is asked.
    let incident = centre.burglary(&mut li, "1002", 3);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "pre-process" }));
    assert_eq!(unit(&mut li, 3)["jobs"][0]["incident"], incident);
    assert_eq!(li.post("/api/units/3", &json!({ "on_duty": false })).status, 200);
    until("the next unit is asked", || (unit(&mut li, 1)["jobs"][0]["state"] == "offered").then_some(()));
    li.does(incident, json!({ "act": "decline", "unit": 1 }));
    assert_eq!(li.act(incident, json!({ "act": "accept", "unit": 1 })).problem(), (409, "job-taken".into()));
    li.does(incident, json!({ "act": "accept", "unit": 2 }));
    assert_eq!(unit(&mut li, 2)["jobs"][0]["state"], "accepted");

    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("straight line") || page.contains("按直线距离"), "{page}");
    let offered: Vec<Value> = li.get(&format!("/api/incidents/{incident}")).json()["moments"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|moment| moment["kind"] == "unit-offered")
        .map(|moment| moment["event"].clone())
        .collect();
    let told = offered.iter().map(|event| (event["unit"].clone(), event["choice"]["by"].clone()));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [(json!(3), json!("cost")), (json!(1), json!("next")), (json!(2), json!("next"))]
    );
    let first = &offered[0]["choice"];
    assert_eq!((&first["policy"], &first["skills"]), (&json!(5), &json!(["armed"])));
    let order: Vec<_> = first["order"].as_array().unwrap().iter().map(|one| one["unit"].clone()).collect();
    assert_eq!(order, [3, 1, 2]);
    assert_eq!(first["order"][0]["travel_s"], 0);
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}

/// Row 2.6: who accepts and does not come is missed, also where the centre was killed meanwhile; the API and the page say when a unit
/// is expected, when the incident calls, and that it has.
#[test]
fn row_2_6_a_unit_that_does_not_arrive_calls() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let policy = folder.path().join("policy.toml");
    std::fs::write(&policy, "version = 5\n[arrival]\nwithin_s = 3\n").unwrap();
    let run = || Centre::run(folder.path(), &["--policy", policy.to_str().unwrap()]);
    let centre = run();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "pre-process", "unit": 1 }));
    let of = |web: &mut crate::web::Web| web.get(&format!("/api/incidents/{incident}")).json();
    let offered = of(&mut li);
    assert_eq!((&offered["expected_at"], &offered["arrive_by"]), (&Value::Null, &Value::Null));
    li.does(incident, json!({ "act": "accept", "unit": 1 }));
    let accepted = of(&mut li);
    assert!(accepted["arrive_by"].is_string() || accepted["incident"]["dispatches"][0]["late_at"].is_u64());
    centre.kill();

    let centre = run();
    let mut li = centre.operator("li");
    let missed = until("the unit is missed", || {
        let page = of(&mut li);
        let called = page["moments"].as_array().unwrap().iter().filter(|one| one["event"]["reason"] == "not-arrived");
        (called.count() > 0).then_some(page)
    });
    assert_eq!((&missed["row"]["priority"], &missed["arrive_by"]), (&json!(1), &Value::Null));
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("missed since") || page.contains("超时未到达"), "{page}");
    li.does(incident, json!({ "act": "take" }));
    assert!(of(&mut li)["arrive_by"].is_string());
    li.does(incident, json!({ "act": "arrive", "unit": 1 }));
    assert!(of(&mut li)["arrive_by"].is_null());
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}
