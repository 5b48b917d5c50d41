//! Review of card changes (H2) over the API and on the page: pending until somebody else has looked, seen by whoever handles an
//! alarm, put back by the system when it is rejected; and what the desk decides in the meantime.

use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, furnish, until};

#[test]
fn a_change_is_pending_until_somebody_else_has_reviewed_it() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let policy = folder.path().join("policy.toml");
    std::fs::write(&policy, "[[override]]\nsite = 'mall'\nowner = 'Li'\nuntil = '2099-12-31'\nclasses = { burglary = { action = 'log' } }\n").unwrap();
    let centre = Centre::run(folder.path(), &["--policy", policy.to_str().unwrap()]);
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let (card, review) = ("/api/accounts/1001/card", "/api/accounts/1001/review");
    assert_eq!(li.post(card, &json!({ "version": 1, "site": "mall" })).problem(), (422, "invalid".into()));
    let stale = json!({ "version": 9, "site": "mall", "reason": "moved" });
    assert_eq!(li.post(card, &stale).problem(), (409, "card-changed".into()));
    let wrong = json!({ "version": 1, "zones": "door", "reason": "as built" });
    assert_eq!(li.post(card, &wrong).problem(), (422, "invalid".into()));
    let edit = json!({ "version": 1, "site": "mall", "zones": "3 back door; 4 vault", "reason": "as built" });
    let edited = li.post(card, &edit);
    assert_eq!((edited.status, edited.json()), (200, json!({ "version": 2, "pending": true })), "{}", edited.body);

    // It acts at once: the desk works by the site's rules; and everybody sees that nobody has reviewed it.
    centre.reports("1001", "1130 01 003");
    let row = centre.signals(1).remove(0);
    assert_eq!(row.rule.as_deref(), Some("class.logged"));
    let lowered = li.get("/api/lowered").json();
    assert_eq!((lowered[0]["kind"].clone(), lowered[0]["by_name"].clone()), (json!("unreviewed"), json!("li")));
    assert_eq!((lowered[0]["owner_rank"].clone(), lowered[0]["owner"].clone()), (json!("supervisor"), Value::Null));
    assert!(lowered[0]["deadline"].as_str() > lowered[0]["since"].as_str(), "{lowered}");
    let counted = chen.get("/live/lowered").body;
    // The override of the policy that logs only is a row, too.
    assert!(counted.contains(">2</b>") && !counted.contains("hot"), "the navigation counts it: {counted}");
    let sheet = chen.get("/api/accounts/1001").json()["sheet"].take();
    assert_eq!(
        sheet["pending"]["fields"],
        json!([
            { "field": "site", "old": "", "new": "mall" },
            { "field": "zones", "old": "", "new": "3 back door; 4 vault" },
        ])
    );
    for page in ["/accounts/1001", "/lowered"] {
        let page = chen.get(page).body;
        assert!(page.contains("Change not reviewed") || page.contains("档案修改待复核"), "{page}");
    }

    // Not by whoever made it; rejected by another, it is as it was, and the desk works by that.
    let verdict = |version: u32, verdict: &str| json!({ "version": version, "verdict": verdict, "note": "wrong shop" });
    assert_eq!(li.post(review, &verdict(2, "approve")).problem(), (409, "card-refused".into()));
    assert_eq!(chen.post(review, &verdict(1, "approve")).problem(), (409, "card-changed".into()));
    let rejected = chen.post(review, &verdict(2, "reject"));
    assert_eq!((rejected.status, rejected.json()), (200, json!({ "version": 3, "pending": false })));
    let page = chen.get("/api/accounts/1001").json();
    assert_eq!((page["sheet"]["site"].clone(), page["sheet"]["zones"].clone()), (json!(""), json!([])));
    let last = &page["history"][0];
    assert_eq!(last["reason"], "review: rejected, back to version 1: wrong shop");
    assert_eq!(last["by_name"], "chen");
    centre.reports("1001", "1130 01 005");
    let queue = centre.queue(&mut li, 1);
    assert_eq!(queue[0]["kind"], "burglary");

    // The command line changes too, and that is reviewed by anybody.
    let set = crate::centre::command(&["account", "set", "1002", "--site", "mall", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(set.status.code(), Some(0), "{}", String::from_utf8_lossy(&set.stderr));
    let pending = |li: &mut crate::web::Web| li.get("/api/accounts/1002").json()["sheet"]["pending"].take();
    until("the change is seen", || (pending(&mut li) != Value::Null).then_some(()));
    let approved = li.post("/api/accounts/1002/review", &verdict(2, "approve"));
    assert_eq!((approved.status, approved.json()), (200, json!({ "version": 3, "pending": false })));
    let left = li.get("/api/lowered").json();
    let kinds: Vec<_> = left.as_array().unwrap().iter().map(|row| row["kind"].clone()).collect();
    assert_eq!(kinds, ["overridden"]);
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}
