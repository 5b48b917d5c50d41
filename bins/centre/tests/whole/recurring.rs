//! Recurring tests, over the API and on the pages (row "on test" of 2.2): proposed by one, approved by another, begun by the clock.

use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, furnish, until};
use crate::lowered::{FORM, csrf};

/// A test of the next whole minute on, by the clock of UTC, and of that minute of other days.
fn hours() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let begins = now / 60 + 1;
    let clock = |minute: u64| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    format!("zone UTC; Mon-Sun {}-{}", clock(begins), clock(begins + 60))
}

/// Nobody has to think of it: agreed to by an operator and a supervisor, for fire is tested; begun at its minute; named on the page and
/// the board; it survives a death of the centre, and is ended by a person.
#[test]
fn row_2_2_on_test_recurring_begins_by_the_clock() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let centre = Centre::on(folder.path());
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let (agreed, review) = ("/api/accounts/1001/agreed", "/api/accounts/1001/review");
    let propose = |version: u32, more: Value| {
        let mut body = json!({ "act": "propose", "version": version, "lowers": "recurring-test", "days": 30,
            "reason": "weekly try of the sprinklers", "test_reason": "inspection", "hours": "zone UTC; Mon 09:00-10:00" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let wrong = chen.post(agreed, &propose(1, json!({ "hours": "Mon 09:00-10:00" })));
    assert_eq!(wrong.problem(), (422, "invalid".into()));
    assert!(wrong.body.contains("expected a time zone such as `zone Asia/Shanghai`"), "{}", wrong.body);
    let long = chen.post(agreed, &propose(1, json!({ "hours": "zone UTC; Mon 09:00-20:00" })));
    assert_eq!(long.problem(), (409, "card-refused".into()));
    assert!(long.body.contains("hours of 660 minutes: a test may last 480 minutes at most"), "{}", long.body);
    let fire = json!({ "life_safety": ["fire"], "only": [3, 5] });
    assert_eq!(
        chen.post(agreed, &propose(1, fire.clone())).problem(),
        (409, "card-refused".into()),
        "it needs a paper"
    );
    let suspended = chen.post(agreed, &propose(1, json!({ "lowers": "suspension" })));
    assert_eq!(suspended.problem(), (422, "invalid".into()), "a suspension has no hours");

    // What an operator may not put on test alone, an operator does not approve.
    let mut paper = fire;
    paper["agreement"] = json!("A-18");
    assert_eq!(chen.post(agreed, &propose(1, paper.clone())).json(), json!({ "version": 2, "pending": true }));
    let approve = |version: u32| json!({ "version": version, "verdict": "approve" });
    assert_eq!(li.post(review, &approve(2)).status, 403);
    let withdrawn = json!({ "act": "end", "version": 2, "number": 1, "reason": "the other way round" });
    assert_eq!(chen.post(agreed, &withdrawn).json(), json!({ "version": 3, "pending": false }));
    paper["hours"] = json!(hours());
    assert_eq!(li.post(agreed, &propose(3, paper)).json(), json!({ "version": 4, "pending": true }));
    assert_eq!(chen.post(review, &approve(4)).json(), json!({ "version": 5, "pending": false }));
    let page = chen.get("/accounts/1001").body;
    assert!(page.contains("weekly try of the sprinklers") && page.contains("li + chen"), "{page}");
    assert!(page.contains("next ") || page.contains("下次 "), "{page}");
    centre.reports("1001", "1130 01 003");
    assert_eq!(centre.queue(&mut li, 1)[0]["kind"], "burglary", "it has not begun");

    // Its minute comes.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(90);
    let row = loop {
        let rows = li.get("/api/lowered").json();
        match rows.as_array().unwrap().iter().find(|row| row["kind"] == "on-test") {
            Some(row) => break row.clone(),
            None => assert!(std::time::Instant::now() < deadline, "no test within 90 s: {rows}"),
        }
        std::thread::sleep(std::time::Duration::from_millis(200));
    };
    let told = ["number", "owner_name", "why", "reason"].map(|name| row[name].clone());
    assert_eq!(told, [json!(2), json!("li"), json!("weekly try of the sprinklers"), json!("inspection")]);
    let tests = li.get("/api/tests").json();
    let told = ["agreed", "by_name", "second_name", "asked_by"].map(|name| tests[0][name].clone());
    assert_eq!(told, [json!(2), json!("li"), json!("chen"), Value::Null]);
    centre.reports("1001", "1110 01 005");
    let rule = until("the fire is judged", || centre.signals(2).pop().unwrap().rule);
    assert_eq!(rule, "on-test");
    let fire = centre.signals(2).pop().unwrap().id;
    let why = li.get(&format!("/api/signals/{fire}/why")).body;
    assert!(why.contains("recurring test 2 of the card, proposed by li, approved by chen"), "{why}");

    // The process dies, and the test goes on. A person ends it, and the fire that still stands is shown.
    centre.kill();
    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    let page = li.get("/accounts/1001").body;
    let form = format!("csrf={}&act=end", csrf(&page));
    assert_eq!(li.request("POST", "/accounts/1001/test", &[FORM], &form).status, 303);
    let fires = until("the fire is shown", || {
        let queue = centre.queue(&mut li, 1);
        (queue[0]["kind"] == "fire").then_some(queue)
    });
    assert_eq!(fires.len(), 1);
    assert_eq!(li.get("/api/tests?from=2000-01-01T00:00:00Z").json()[0]["ending"], "by-person");
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}
