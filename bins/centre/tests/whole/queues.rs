//! Queues over the API and on the page: what is only for members others do not see and do not take, supervisors see it, and it is
//! everybody's when nobody of the queue is there.

use alarmcore::{IncidentId, Lang};
use opsmodel::store::query::Reader;
use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, PASSWORD, command, furnish, until};
use crate::web::Web;

/// The counts of a queue as this person is told them: own, new, suspended, hidden, actioned.
fn counts(web: &mut Web, name: &str) -> Value {
    let queue = web.get("/api/queue").json();
    let of = |count: &&Value| count["queue"] == name;
    let count = queue["queues"].as_array().unwrap().iter().find(of).cloned().unwrap_or_default();
    json!(["own", "new", "suspended", "hidden", "actioned"].map(|field| count[field].clone()))
}

#[test]
fn an_exclusive_queue_is_for_its_members() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let policy = folder.path().join("policy.toml");
    let rules = "version = 6\n[[queue]]\nname = 'banks & co'\nfor = { site_types = ['bank'] }\nskills = ['banks']\n\
                 exclusive = true\noverflow_s = 600\n";
    std::fs::write(&policy, rules).unwrap();
    let path = folder.path().to_str().unwrap();
    assert!(
        command(&["account", "set", "1002", "--site-type", "bank", "--data", path]).output().unwrap().status.success()
    );
    let skilled = ["operator", "add", "--data", path, "--login", "li", "--name", "li", "--skills", "banks"];
    let mut add = command(&skilled).stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut add.stdin.take().unwrap(), format!("{PASSWORD}\n").as_bytes()).unwrap();
    assert!(add.wait().unwrap().success());

    let centre = Centre::run(folder.path(), &["--policy", policy.to_str().unwrap()]);
    let (mut li, mut zhang, mut chen) = (centre.operator("li"), centre.operator("zhang"), centre.operator("chen"));
    let screen = li.listen("/api/live", &[]);
    centre.reports("1001", "1130 01 003");
    centre.reports("1002", "1130 01 003");
    let all = centre.queue(&mut li, 2);
    assert_eq!((&all[0]["queue"], &all[1]["queue"]["name"]), (&Value::Null, &json!("banks & co")));
    let incident = all[1]["incident"].as_u64().unwrap();

    assert_eq!(centre.queue(&mut zhang, 1)[0]["account"], "1001");
    assert_eq!(counts(&mut zhang, "banks & co"), json!([false, 0, 0, 1, 0]));
    assert_eq!(counts(&mut li, "banks & co"), json!([true, 1, 0, 0, 0]));
    assert_eq!(centre.queue(&mut chen, 2).len(), 2, "the shift lead sees everything");
    let page = zhang.get("/").body;
    assert!(page.contains("banks &#38; co") && !page.contains(&format!("id=\"i{incident}\"")), "{page}");
    assert!(li.get("/?queue=banks%20%26%20co").body.contains(&format!("id=\"i{incident}\"")));
    assert_eq!(zhang.act(incident, json!({ "act": "take" })).problem(), (409, "other-queue".into()));

    // Its only member goes: it is everybody's.
    drop(screen);
    assert_eq!(li.post("/api/logout", &json!({})).status, 204);
    until("it is everybody's", || (counts(&mut zhang, "banks & co") == json!([false, 1, 0, 0, 0])).then_some(()));
    zhang.does(incident, json!({ "act": "take" }));
    zhang.does(incident, json!({ "act": "call", "contact": 0, "result": "no-answer" }));
    assert_eq!(counts(&mut zhang, "banks & co"), json!([false, 0, 0, 0, 1]));
    let reader = Reader::open(folder.path()).unwrap();
    let says: Vec<String> = reader
        .explain_course(IncidentId::new(incident), Lang::En)
        .unwrap()
        .into_iter()
        .map(|line| format!("{} {}", line.about.as_str(), line.says))
        .collect();
    assert_eq!(says, ["queue → banks & co (members only, banks)", "queue Nobody of the queue is there"]);
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}
