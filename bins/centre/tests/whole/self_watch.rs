//! The centre reports what fails of itself, and that it works again.

use opsmodel::store::verify;
use serde_json::json;

use crate::centre::{Centre, furnish, until};

#[test]
fn a_disk_that_runs_full_calls_an_operator_before_it_is() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "");
    let policy = folder.path().join("policy.toml");
    let rules = |free_mb: u32| std::fs::write(&policy, format!("[self_watch]\ndisk_free_mb = {free_mb}\n")).unwrap();
    // No disk of today has four million gigabytes free.
    rules(u32::MAX);
    let centre = Centre::run(folder.path(), &["--policy", policy.to_str().unwrap()]);
    let mut li = centre.operator("li");
    let queue = centre.queue(&mut li, 1);
    let told = ["kind", "priority", "account"].map(|name| queue[0][name].clone());
    assert_eq!(told, [json!("centre"), json!(2), json!(null)]);
    let page = li.get("/").body;
    assert!(page.contains("The centre") || page.contains("中心"), "{page}");
    let signal = centre.signals(1).remove(0);
    assert_eq!((signal.rule.as_deref(), signal.code.as_deref()), (Some("centre.fault"), Some("623")));
    assert!(signal.text.is_some_and(|text| text.ends_with(" MB free")));
    centre.kill();

    // There is room again when it starts the next time: one clearing event, in the same incident.
    rules(1);
    let centre = Centre::run(folder.path(), &["--policy", policy.to_str().unwrap()]);
    let mut li = centre.operator("li");
    let signals = until("both parts are said to work", || {
        let page = li.get("/api/incidents/1").json();
        let signals: Vec<_> = page["signals"].as_array()?.iter().map(|row| row["qualifier"].clone()).collect();
        (signals.len() == 3).then_some(signals)
    });
    assert_eq!(signals, [1, 3, 3]);
    li.does(1, json!({ "act": "take" }));
    li.does(1, json!({ "act": "settle", "settlement": "restored" }));
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}
