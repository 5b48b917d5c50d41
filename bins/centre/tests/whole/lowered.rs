//! Lowered by agreement, over the API and on the pages (row "4-eyes" of 2.5): proposed by one, approved by another, in force, ended;
//! and the rows of the board, given to somebody and taken back.

use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, until};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// The field of the page's forms that belongs to the session.
fn csrf(page: &str) -> String {
    page.split(r#"name="csrf" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn row_2_5_four_eyes_suspending_an_account() {
    let centre = Centre::with("1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let (agreed, review) = ("/api/accounts/1001/agreed", "/api/accounts/1001/review");
    let propose = |days: u32, reason: &str| json!({ "act": "propose", "version": 1, "lowers": "suspension", "days": days, "reason": reason });
    // What is wrong with it is said in the reader's language.
    let refused = li.post(agreed, &propose(400, "rebuilt"));
    assert_eq!(refused.problem(), (409, "card-refused".into()), "{}", refused.body);
    assert!(refused.body.contains("7776000") && refused.body.contains("最长 7776000 秒"), "{}", refused.body);
    assert_eq!(li.post(agreed, &propose(7, "")).problem(), (409, "card-refused".into()));
    let endless = json!({ "act": "propose", "version": 1, "lowers": "suspension", "reason": "rebuilt" });
    assert_eq!(li.post(agreed, &endless).problem(), (422, "invalid".into()));
    let whole = json!({ "act": "propose", "version": 1, "lowers": "log-only", "days": 7, "reason": "noise", "agreement": "A-1" });
    assert_eq!(li.post(agreed, &whole).problem(), (409, "card-refused".into()));
    let fire = json!({ "act": "propose", "version": 1, "lowers": "log-only", "classes": ["fire"], "days": 7, "reason": "noise",
        "agreement": "A-1" });
    assert_eq!(li.post(agreed, &fire).problem(), (422, "invalid".into()), "no agreement can name life safety");

    let proposed = li.post(agreed, &propose(7, "the shop is rebuilt"));
    assert_eq!(
        (proposed.status, proposed.json()),
        (200, json!({ "version": 2, "pending": true })),
        "{}",
        proposed.body
    );
    centre.reports("1001", "1130 01 003");
    assert_eq!(centre.queue(&mut li, 1)[0]["kind"], "burglary", "a proposal lowers nothing");
    let verdict = json!({ "version": 2, "verdict": "approve", "note": "seen the building site" });
    assert_eq!(li.post(review, &verdict).problem(), (409, "card-refused".into()), "a second person must differ");
    assert_eq!(chen.post(review, &verdict).json(), json!({ "version": 3, "pending": false }));

    // In force: logged, life safety shown and marked; on the board with both people, owner and deadline; on the pages.
    let row = until("it is on the board", || {
        li.get("/api/lowered").json().as_array().unwrap().iter().find(|row| row["kind"] == "suspended").cloned()
    });
    assert_eq!((row["by_name"].clone(), row["approved_by_name"].clone()), (json!("li"), json!("chen")));
    assert_eq!((row["owner_rank"].clone(), row["deadline"].clone()), (json!("supervisor"), row["until"].clone()));
    centre.reports("1002", "1130 01 001");
    centre.reports("1001", "1137 01 004");
    centre.reports("1001", "1110 01 005");
    let rules: Vec<String> = until("all are judged", || {
        let rows = centre.signals(4);
        rows.iter().map(|row| row.rule.clone()).collect::<Option<Vec<String>>>()
    });
    assert!(
        rules.contains(&"suspended".to_owned()) && rules.contains(&"suspended.life-safety".to_owned()),
        "{rules:?}"
    );
    let logged = centre.signals(4).into_iter().find(|row| row.rule.as_deref() == Some("suspended")).unwrap();
    let why = li.get(&format!("/api/signals/{}/why", logged.id)).body;
    assert!(why.contains("the shop is rebuilt") && why.contains("Two people agreed to it"), "{why}");
    let page = chen.get("/accounts/1001").body;
    assert!(page.contains("the shop is rebuilt") && page.contains("li + chen"), "{page}");

    // Ended early on the page, by one person.
    let form = format!("csrf={}&act=end&version:n=3&number:n=1&reason=opens+again", csrf(&page));
    let ended = chen.request("POST", "/accounts/1001/agreed", &[FORM], &form);
    assert_eq!(ended.status, 303, "{}", ended.body);
    until("it is off the board", || {
        let rows = li.get("/api/lowered").json();
        rows.as_array().unwrap().iter().all(|row| row["kind"] != "suspended").then_some(())
    });
    let sheet = li.get("/api/accounts/1001").json()["sheet"].take();
    assert_eq!((sheet["pending"].clone(), sheet["agreed"][0]["ended_by_name"].clone()), (Value::Null, json!("chen")));
    // By the page too: what waits for a second person is said there.
    let form = format!(
        "csrf={}&act=propose&lowers=log-only&version:n=4&days:n=30&only:numbers=4&agreement=A-17&reason=moth",
        csrf(&page)
    );
    assert_eq!(chen.request("POST", "/accounts/1001/agreed", &[FORM], &form).status, 303);
    let page = chen.get("/accounts/1001").body;
    assert!(page.contains("A-17") && (page.contains("proposed") || page.contains("待确认")), "{page}");
    assert_eq!(centre.terminate().code(), Some(0));
}

#[test]
fn rows_of_the_board_are_given_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    crate::centre::furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let centre = Centre::on(folder.path());
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    centre.reports("1001", "1570 01 003");
    let row = until("the bypass is on the board", || li.get("/api/lowered").json().get(0).cloned());
    let page = li.get("/lowered").body;
    let since = page.split(r#"name="since:n" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let people = page.split("<option value=\"").find(|option| option.contains(">chen<")).unwrap();
    let chens = people.split('"').next().unwrap();
    let form = |act: &str, to: &str| {
        let csrf = csrf(&page);
        format!("csrf={csrf}&act={act}&kind=bypassed&code=570&number:n=3&since:n={since}&to={to}&note=go+and+see")
    };
    assert_eq!(li.request("POST", "/lowered/1001", &[FORM], &form("assign", chens)).status, 303);
    let given = li.get("/api/lowered").json()[0].clone();
    assert_eq!((given["owner_name"].clone(), given["assigned_by_name"].clone()), (json!("chen"), json!("li")));
    assert_eq!((given["since"].clone(), given["owner_rank"].clone()), (row["since"].clone(), json!("operator")));
    assert!(chen.get("/lowered").body.contains("chen"));
    let again = li.request("POST", "/lowered/1001", &[FORM], &form("assign", chens));
    assert_eq!(again.status, 409, "{}", again.body);
    let stranger = json!({ "act": "assign", "kind": "silent", "since": 1, "rank": "manager" });
    assert_eq!(li.post("/api/lowered/1001", &stranger).problem().0, 404, "there is no such row");
    let unassign = form("unassign", "").replace(&csrf(&page), &csrf(&chen.get("/lowered").body));
    assert_eq!(chen.request("POST", "/lowered/1001", &[FORM], &unassign).status, 303);
    let taken = li.get("/api/lowered").json()[0].clone();
    assert_eq!((taken["owner_name"].clone(), taken["assigned_at"].clone()), (Value::Null, Value::Null));
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}
