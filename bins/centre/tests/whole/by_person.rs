//! An alarm that somebody tells of, entered by an operator (row "manual signal" of 2.1): the same pipeline, and the source is a person.

use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, furnish, give_codewords, until};
use crate::lowered::{FORM, csrf};

const PATH: &str = "/api/accounts/1001/signals";

fn centre() -> (tempfile::TempDir, Centre) {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    give_codewords(folder.path(), "1001");
    let centre = Centre::on(folder.path());
    (folder, centre)
}

#[test]
fn row_2_1_manual_signal_by_call() {
    let (folder, centre) = centre();
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    // What is wrong is said, and nothing is entered.
    let told = |more: Value| {
        let mut body = json!({ "code": "110", "contact": 1 });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    for wrong in [
        json!({ "code": "11" }),
        json!({ "code": "fire" }),
        json!({ "code": "406" }),
        json!({ "code": "299" }),
        json!({ "code": "602" }),
        json!({ "code": "121", "zone": 4 }),
        json!({ "code": "313" }),
        json!({ "zone": 0 }),
        json!({ "told": "dream" }),
        json!({ "contact": null }),
        json!({ "note": "x".repeat(2001) }),
    ] {
        let answer = li.post(PATH, &told(wrong.clone()));
        assert_eq!(answer.problem(), (422, "invalid".into()), "{wrong}: {}", answer.body);
    }
    assert_eq!(li.post(PATH, &told(json!({ "contact": 9 }))).problem(), (404, "not-found".into()));
    assert_eq!(li.post("/api/accounts/7777/signals", &told(json!({}))).problem(), (404, "not-found".into()));
    assert_eq!(centre.signals(0).len(), 0);

    // The whole account is on test: a fire that somebody sees is a fire.
    let test = json!({ "act": "start", "reason": "repair", "contact": 1, "spoken": "blueheron" });
    assert_eq!(li.post("/api/accounts/1001/test", &test).status, 200);
    let fire = told(json!({ "zone": 5, "caller": "a neighbour, 555 0199", "note": "smoke from the roof" }));
    let entered = li.post(PATH, &fire);
    assert_eq!(
        (entered.status, entered.json()),
        (200, json!({ "signal": 1, "outcome": "opened", "rule": "life-safety", "incident": 1 })),
        "{}",
        entered.body
    );
    let row = centre.signals(1).remove(0);
    assert_eq!((row.line.as_str(), row.peer.as_str(), row.number.as_deref()), ("operator", "operator-1", Some("005")));
    assert_eq!((row.marks.as_slice(), row.text.as_deref()), (&["manual"][..], Some("by telephone / 电话, contact 1")));
    let page = chen.get("/api/incidents/1").json();
    assert_eq!((page["row"]["kind"].clone(), page["row"]["priority"].clone()), (json!("fire"), json!(1)));
    assert!(page["row"]["calling_since"].is_string(), "a note takes nothing: it calls on: {page}");
    let note = page["moments"].as_array().unwrap().iter().find(|moment| moment["kind"] == "noted").unwrap();
    assert_eq!(note["by_name"], "li");
    assert_eq!(note["event"]["note"], "电话: Wang, a neighbour, 555 0199; smoke from the roof");
    let why = li.get("/api/signals/1/why").body;
    assert!(why.contains("A person said so (by telephone / 电话, contact 1), entered by operator 1"), "{why}");
    assert!(why.contains("由 1 号接警员登记"), "{why}");

    // The panel that reports it after that says something of its own; a second call joins.
    centre.reports("1001", "1110 01 005");
    let again = li.post(PATH, &told(json!({ "code": "130", "told": "radio" })));
    assert_eq!((again.json()["outcome"].clone(), again.json()["incident"].clone()), (json!("joined"), json!(1)));
    assert_eq!(centre.signals(3).iter().filter(|row| row.rule.as_deref() == Some("duplicate")).count(), 0);
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}

#[test]
fn row_2_1_manual_signal_on_the_page() {
    let (_folder, centre) = centre();
    let mut li = centre.operator("li");
    let page = li.get("/accounts/1001").body;
    assert!(page.contains("登记报警") && page.contains(r#"name="code" value="110""#), "{page}");
    assert!(!page.contains(r#"name="code" value="313""#));
    let form =
        format!("csrf={}&code=130&code=&zone:n=7&told=in-person&contact:n=&caller=Wu&note=window+broken", csrf(&page));
    let entered = li.request("POST", "/accounts/1001/signals", &[FORM], &form);
    assert_eq!((entered.status, entered.header("location")), (303, Some("/incidents/1")), "{}", entered.body);
    let incident = until("the note is there", || {
        let page = li.get("/incidents/1").body;
        page.contains("window broken").then_some(page)
    });
    assert!(incident.contains("当面: Wu; window broken"), "{incident}");
    // Another code than those that are listed wins, and what is refused says why on the page.
    let form = format!("csrf={}&code=130&code=406&caller=Wu", csrf(&page));
    let refused = li.request("POST", "/accounts/1001/signals", &[FORM], &form);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("人员只能报告报警或故障"), "{}", refused.body);
    let form = format!("csrf={}&code=130", csrf(&page));
    let refused = li.request("POST", "/accounts/1001/signals", &[FORM], &form);
    assert!(refused.body.contains("请填写报告人"), "{}", refused.body);
}
