//! What an override of the policy hid and still stands is shown when it holds no longer: the card leaves it, or the centre is started
//! under another policy.

use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, furnish, until};
use crate::web::Web;

/// The accounts on the queue, and by which signals.
fn shown(web: &mut Web, count: usize) -> Vec<(Value, Value)> {
    let rows = until("the queue has so many", || {
        let rows = web.get("/api/queue").json()["rows"].as_array().unwrap().clone();
        (rows.len() == count).then_some(rows)
    });
    let mut shown: Vec<_> = rows.into_iter().map(|row| (row["account"].clone(), row["kind"].clone())).collect();
    shown.sort_by_key(|(account, _)| account.to_string());
    shown
}

/// Burglaries of four shops of a mall are logged by its override, and one restores. A card that leaves the mall has its burglary shown at
/// once; a start under a policy without the override shows the others that stand, by the rule that says why; and once: a kill and another
/// start show nothing that was dealt with, nor a second time what was not.
#[test]
fn what_an_override_hid_is_shown_when_it_holds_no_longer() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,A,Street 1,,,,\n1002,B,Street 2,,,,\n1003,C,Street 3,,,,\n1004,D,Street 4,,,,\n");
    let file = folder.path().join("policy.toml");
    let mall = "version = 2\n[[override]]\nsite = 'mall'\nowner = 'Li'\nuntil = '2099-12-31'\n\
                classes = { burglary = { action = 'log' } }\n";
    std::fs::write(&file, mall).unwrap();
    let policy = ["--policy", file.to_str().unwrap()];
    let centre = Centre::run(folder.path(), &policy);
    let mut li = centre.operator("li");
    let mut moves = |account: &str, version: u32, site: &str| {
        let edit = json!({ "version": version, "site": site, "reason": "moved" });
        let moved = li.post(&format!("/api/accounts/{account}/card"), &edit);
        assert_eq!(moved.status, 200, "{}", moved.body);
    };
    for account in ["1001", "1002", "1003", "1004"] {
        moves(account, 1, "mall");
        centre.reports(account, "1130 01 005");
    }
    centre.reports("1003", "3130 01 005");
    assert_eq!(centre.signals(5)[0].rule.as_deref(), Some("class.logged"));
    moves("1002", 2, "");
    let of = |account: &str| (json!(account), json!("burglary"));
    assert_eq!(shown(&mut li, 1), [of("1002")]);
    assert_eq!(centre.terminate().code(), Some(0));

    std::fs::write(&file, "version = 3\n").unwrap();
    let centre = Centre::run(folder.path(), &policy);
    let mut li = centre.operator("li");
    assert_eq!(shown(&mut li, 3), [of("1001"), of("1002"), of("1004")]);
    let queue = li.get("/api/queue").json();
    let row = queue["rows"].as_array().unwrap().iter().find(|row| row["account"] == "1001").unwrap().clone();
    let path = format!("/api/incidents/{}", row["incident"]);
    assert_eq!(li.get(&path).json()["incident"]["rule"], "override.over");
    let acts = format!("{path}/acts");
    assert_eq!(li.post(&acts, &json!({ "act": "take" })).status, 200);
    let closed = li.post(&acts, &json!({ "act": "verify-false", "cause": "user-error" }));
    assert_eq!(closed.status, 200, "{}", closed.body);
    assert_eq!(shown(&mut li, 2), [of("1002"), of("1004")]);
    centre.kill();

    std::fs::write(&file, "version = 4\n").unwrap();
    let centre = Centre::run(folder.path(), &policy);
    let mut li = centre.operator("li");
    centre.reports("1003", "1602 00 000");
    centre.signals(6);
    assert_eq!(shown(&mut li, 2), [of("1002"), of("1004")]);
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}
