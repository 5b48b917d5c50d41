//! Whom we asked to cancel is not coming (§2.6): what comes after that is handed off anew, and the page says so.

use serde_json::{Value, json};

use crate::centre::{Centre, furnish, until};

/// A brigade was asked by telephone to turn round, and then another zone burns: the page asks for a hand-off, a new one is granted,
/// and nobody closes it as real before. A centre that starts again knows it as well.
#[test]
fn row_2_6_whom_we_asked_to_cancel_is_handed_off_anew() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    centre.reports("1001", "1110 01 003");
    let incident = centre.queue(&mut li, 1)[0]["incident"].as_u64().unwrap();
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "hand-off", "to": "fire" }));
    li.does(incident, json!({ "act": "answer-hand-off", "number": 1, "accepted": true }));
    li.does(incident, json!({ "act": "tell-authority", "number": 1, "telling": "cancel" }));
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(!page.contains("须重新移交") && !page.contains("请重新移交"), "{page}");
    centre.reports("1001", "1110 01 009");
    let signals = |page: &Value| page["incident"]["signals"].as_u64();
    until("the fire has joined", || {
        let page = li.get(&format!("/api/incidents/{incident}")).json();
        (signals(&page) == Some(2)).then_some(())
    });
    centre.kill();
    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    li.does(incident, json!({ "act": "take" }));
    let page = li.get(&format!("/incidents/{incident}")).body;
    for shown in ["对方已撤销或结案,须重新移交", "起再次需要对方到场,请重新移交"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let further = json!({ "act": "tell-authority", "number": 1, "telling": "further-alarm" });
    assert_eq!(li.act(incident, further).problem(), (409, "asked-to-cancel".into()));
    li.does(incident, json!({ "act": "confirm-real", "basis": "video" }));
    li.does(incident, json!({ "act": "notify-owner", "contact": 0 }));
    li.does(incident, json!({ "act": "record-wish", "police": false, "insurer": false }));
    li.does(incident, json!({ "act": "record-case", "note": "kitchen fire" }));
    assert_eq!(li.act(incident, json!({ "act": "close" })).problem(), (409, "hand-off-missing".into()));
    li.does(incident, json!({ "act": "hand-off", "to": "fire" }));
    li.does(incident, json!({ "act": "answer-hand-off", "number": 2, "accepted": true }));
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(!page.contains("起再次需要对方到场,请重新移交"), "they have it: {page}");
    li.does(incident, json!({ "act": "close" }));
}
