//! `--demo`: a small town that reports by itself, the first time and every time after.

use alarmcore::Timestamp;
use opsmodel::store::query::Reader;
use serde_json::Value;

use crate::centre::{Centre, until};

const PASSWORD: &str = "linjiang-110";

#[test]
fn a_demo_shows_alarms_within_seconds_and_resumes() {
    let folder = tempfile::tempdir().unwrap();
    let centre = Centre::run(folder.path(), &["--demo"]);
    let mut limin = centre.web();
    limin.sign_in("limin", PASSWORD);
    let kinds = until("two alarms wait", || {
        let queue = limin.get("/api/queue").json();
        let kinds: Vec<Value> = queue["rows"].as_array().unwrap().iter().map(|row| row["kind"].clone()).collect();
        (kinds.len() >= 2).then_some(kinds)
    });
    assert_eq!(kinds[..2], ["hold-up", "burglary"], "the most urgent first");
    assert_eq!(limin.get("/api/accounts").json()["rows"].as_array().unwrap().len(), 30);
    assert_eq!(limin.get("/api/units").json().as_array().unwrap().len(), 3);
    let report = limin.get("/api/reports/false-alarms").json();
    assert_eq!(
        (&report["closed"], &report["false_alarms"]),
        (&Value::from(7), &Value::from(4)),
        "a few days lie behind it"
    );
    let holes = limin.get("/api/reports/conservation").json()["holes"].take();
    assert_eq!(holes, Value::Array(Vec::new()), "and every frame of them ended somewhere");
    assert!(centre.terminate().success());
    opsmodel::store::verify(folder.path()).unwrap();
    let (reader, policy) = (Reader::open(folder.path()).unwrap(), alarmcore::Policy::default());
    let period = (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));
    let past = reader.what_if(period, (policy.clone(), policy), &mut |_| {}).unwrap().differences;
    assert_eq!((past.disagree, past.old.refused, past.old.dropped), (Vec::new(), 0, 0), "and can be lived again");
    assert_eq!((past.agree, past.old.acts > 40), (past.signals, true), "all of it");

    let centre = Centre::run(folder.path(), &["--demo"]);
    let mut limin = centre.web();
    limin.sign_in("limin", PASSWORD);
    assert!(limin.get("/api/queue").json()["rows"].as_array().unwrap().len() >= 2, "what was open is open");
    assert_eq!(limin.get("/api/accounts").json()["rows"].as_array().unwrap().len(), 30);
}
