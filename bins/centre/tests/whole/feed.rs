//! Auto-feed over the API and on the pages: who is offered what, the banner with its key, the next one after a while, pausing, and
//! a centre that is killed while somebody is offered something.

use alarmcore::{IncidentId, Lang};
use opsmodel::store::query::Reader;
use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, furnish, until};
use crate::web::Web;

/// Who is offered the first of the queue, as `web` is told it.
fn offered(web: &mut Web) -> Value {
    web.get("/api/queue").json()["rows"][0]["offered_name"].clone()
}

#[test]
fn what_calls_is_offered_to_the_next_operator() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let policy = folder.path().join("policy.toml");
    std::fs::write(&policy, "version = 6\n[feed]\nenabled = true\noffer_s = 8\nrest_s = 3600\n").unwrap();
    let given = ["--policy", policy.to_str().unwrap()];

    let centre = Centre::run(folder.path(), &given);
    let (mut li, mut zhang) = (centre.operator("li"), centre.operator("zhang"));
    let mut chen = centre.operator("chen");
    let _first = li.listen("/api/live", &[]);
    let _lead = chen.listen("/api/live", &[]);
    centre.reports("1001", "1130 01 003");
    let row = centre.queue(&mut li, 1).remove(0);
    let incident = row["incident"].as_u64().unwrap();
    until("it is offered to the only one there", || (offered(&mut li) == "li").then_some(()));

    // A page of his has the banner, and its button takes it; another's has none, and names him.
    let page = li.get("/units").body;
    assert!(page.contains("id=\"offer\"") && page.contains("data-key=\"0\""), "{page}");
    assert!(page.contains(&format!("action=\"/incidents/{incident}/act\"")));
    let page = zhang.get("/").body;
    assert!(!page.contains("data-key=\"0\"") && page.contains("li"), "{page}");

    // He does not take it. Nobody else is there: it is everybody's, as without offers, and he is told why he gets no more.
    until("his time is over", || offered(&mut li).is_null().then_some(()));
    assert!(!li.get("/api/queue").json()["missed_at"].is_null());
    // Somebody else comes: she is offered it.
    let _second = zhang.listen("/api/live", &[]);
    until("it is offered to the next one", || (offered(&mut zhang) == "zhang").then_some(()));
    // She pauses, and it is nobody's again; what she resumes is hers once more.
    assert_eq!(zhang.post("/api/queue/pause", &json!({ "paused": true })).status, 204);
    until("she is offered nothing", || offered(&mut zhang).is_null().then_some(()));
    assert_eq!(zhang.get("/api/queue").json()["paused"], true);
    assert_eq!(zhang.post("/api/queue/pause", &json!({ "paused": false })).status, 204);
    until("she is offered it again", || (offered(&mut zhang) == "zhang").then_some(()));
    // Whoever is offered it or not may take it.
    li.does(incident, json!({ "act": "take" }));
    assert_eq!(centre.queue(&mut li, 1)[0]["owner_name"], "li");
    assert_eq!(offered(&mut li), Value::Null);

    let reader = Reader::open(folder.path()).unwrap();
    let says = |lang| -> Vec<String> {
        let course = reader.explain_course(IncidentId::new(incident), lang).unwrap();
        course.into_iter().map(|line| line.says).collect()
    };
    assert_eq!(says(Lang::En)[..3], ["→ li", "li: Not taken in time", "→ zhang"]);
    assert_eq!(says(Lang::Zh)[1], "li: 超时未接");
    assert!(says(Lang::En).contains(&"zhang: Operator paused".to_owned()));
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("Not taken in time") || page.contains("超时未接"), "{page}");

    let told = |row: &Value| json!([row["to_name"], row["taken"], row["reason"], row["taken_ms"].is_null()]);
    let offers = li.get("/api/reports/offers").json();
    let rows: Vec<Value> = offers["rows"].as_array().unwrap().iter().map(told).collect();
    let otherwise = json!(["zhang", false, null, true]);
    assert_eq!(rows, [json!(["li", false, "not-taken", true]), json!(["zhang", false, "paused", true]), otherwise]);
    assert_eq!((&offers["figures"][0]["not_taken"], &offers["figures"][1]["otherwise"]), (&json!(1), &json!(2)));

    // Killed while she is offered the next one: the offer stands in the journal, and the desk goes on from it.
    centre.reports("1002", "1130 01 003");
    until("she is offered the bank's", || {
        let rows = li.get("/api/queue").json()["rows"].clone();
        rows.as_array().unwrap().iter().any(|row| row["offered_name"] == "zhang").then_some(())
    });
    centre.kill();
    verify(folder.path()).unwrap();
    let centre = Centre::run(folder.path(), &given);
    let mut zhang = centre.operator("zhang");
    let waiting = |web: &mut Web| web.get("/api/queue").json()["rows"].clone();
    // Nobody has a screen yet: nothing is offered, and it waits for everybody.
    until("the old offer is over", || {
        let rows = waiting(&mut zhang);
        rows.as_array().unwrap().iter().all(|row| row["offered_to"].is_null()).then_some(())
    });
    let _screen = zhang.listen("/api/live", &[]);
    until("it is offered again", || {
        let rows = waiting(&mut zhang);
        rows.as_array().unwrap().iter().any(|row| row["offered_name"] == "zhang").then_some(())
    });
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}
