//! An owner whose browser dies, who logs out, or whom nobody has seen since the centre started: what they had calls again.

use std::path::Path;

use alarmcore::{Absence, IncidentEvent, IncidentId, OperatorId};
use opsmodel::store::query::Reader;
use serde_json::{Value, json};

use crate::centre::{Centre, furnish, until};
use crate::web::Web;

fn owner(web: &mut Web, incident: u64) -> Value {
    web.get(&format!("/api/incidents/{incident}")).json()["row"]["owner"].take()
}

/// The last record of the incident says who was lost, and why.
fn lost(data: &Path, incident: u64) -> Option<(Option<OperatorId>, IncidentEvent)> {
    let page = Reader::open(data).unwrap().incident(IncidentId::new(incident)).unwrap().unwrap();
    page.moments.last().map(|moment| (moment.by, moment.event.clone()))
}

fn is_back(zhang: &mut Web, incident: u64) {
    until("the incident is back in the queue", || owner(zhang, incident).is_null().then_some(()));
}

/// 2.5 Assignment: "browser of the owner dies → item back in the queue in ≤ 30 s with a note".
#[test]
fn what_an_owner_had_who_is_gone_is_back_in_the_queue() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let policy = folder.path().join("policy.toml");
    std::fs::write(&policy, "[ownership]\nabsent_s = 3\n").unwrap();
    let options = ["--policy", policy.to_str().unwrap()];
    let centre = Centre::run(folder.path(), &options);
    let (mut li, mut zhang) = (centre.operator("li"), centre.operator("zhang"));
    let live = li.listen("/live", &[]);
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    assert!(owner(&mut zhang, incident).is_number());

    // The browser dies.
    drop(live);
    is_back(&mut zhang, incident);
    let silent = IncidentEvent::OwnerLost { from: OperatorId::new(1), reason: Absence::Silent };
    assert_eq!(lost(folder.path(), incident), Some((None, silent)));

    // Logged out: at once.
    li.does(incident, json!({ "act": "take" }));
    assert_eq!(li.post("/api/logout", &json!({})).status, 204);
    is_back(&mut zhang, incident);
    let left = IncidentEvent::OwnerLost { from: OperatorId::new(1), reason: Absence::LoggedOut };
    assert_eq!(lost(folder.path(), incident), Some((None, left)));

    // The centre dies, and its operator does not come back.
    let mut li = centre.operator("li");
    let _live = li.listen("/live", &[]);
    li.does(incident, json!({ "act": "take" }));
    centre.kill();
    let centre = Centre::run(folder.path(), &options);
    let mut zhang = centre.operator("zhang");
    is_back(&mut zhang, incident);
    let silent = IncidentEvent::OwnerLost { from: OperatorId::new(1), reason: Absence::Silent };
    assert_eq!(lost(folder.path(), incident), Some((None, silent)));
}
