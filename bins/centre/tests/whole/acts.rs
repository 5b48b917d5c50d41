//! What an act may say, and what happens to the word that was spoken on the telephone.

use serde_json::json;

use crate::centre::{Centre, furnish, give_codewords, until};

#[test]
fn the_spoken_word_decides_and_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    give_codewords(folder.path(), "1001");

    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    for spoken in ["red heron", "blue  heron", "Grey Heron", "ｂｌｕｅ\u{3000}ｈｅｒｏｎ", "grey-heron."] {
        li.does(incident, json!({ "act": "call", "contact": 1, "spoken": spoken }));
    }
    let nobody = li.act(incident, json!({ "act": "call", "contact": 9, "spoken": "blue heron" }));
    assert_eq!(nobody.problem(), (404, "not-found".into()));

    // Nobody states by hand that the word was right where there is one to be compared with.
    let stated = li.act(incident, json!({ "act": "call", "contact": 1, "result": "code-ok" }));
    assert_eq!(stated.problem(), (422, "invalid".into()));

    let page = li.get(&format!("/api/incidents/{incident}"));
    let moments = page.json()["moments"].take();
    let results: Vec<_> = moments
        .as_array()
        .unwrap()
        .iter()
        .filter(|moment| moment["kind"] == "called")
        .map(|moment| moment["event"]["result"].clone())
        .collect();
    assert_eq!(results, ["wrong-code", "code-ok", "duress-code", "code-ok", "duress-code"]);
    assert!(!page.body.to_lowercase().contains("heron"), "no answer holds a codeword: {}", page.body);
}

/// 2.2 "ECV / two-call": somebody who is not on the card was not called, nor told anything: a slip of the finger is not the second call
/// that the police want.
#[test]
fn row_2_2_ecv_two_call_whom_the_card_does_not_know() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    let gone = (404, "not-found".to_owned());
    for act in [
        json!({ "act": "call", "contact": 99, "result": "no-answer" }),
        json!({ "act": "call", "contact": 99, "number": 1, "result": "no-answer" }),
        json!({ "act": "notify-owner", "contact": 99 }),
        json!({ "act": "tell-authority", "number": 1, "telling": "key-holder", "contact": 99 }),
    ] {
        assert_eq!(li.act(incident, act.clone()).problem(), gone, "{act}");
    }
    li.does(incident, json!({ "act": "call", "contact": 0, "result": "no-answer" }));
    let calls = li.get(&format!("/api/incidents/{incident}")).json()["incident"]["calls"].take();
    assert_eq!(calls.as_array().map(Vec::len), Some(1), "{calls}");
}

#[test]
fn what_is_no_act_is_refused_by_name() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    let invalid = (422, "invalid".to_owned());
    assert_eq!(li.act(incident, json!({ "act": "explode" })).problem(), invalid);
    assert_eq!(li.act(incident, json!({ "act": "verify-false", "cause": "gremlins" })).problem(), invalid);
    assert_eq!(li.act(incident, json!({})).problem(), invalid);
    assert_eq!(li.post(&format!("/api/incidents/{incident}/acts"), &json!([1])).problem(), invalid);
    assert_eq!(li.act(99, json!({ "act": "take" })).problem(), (409, "no-such-incident".into()));
    assert_eq!(li.act(incident, json!({ "act": "close" })).problem(), (409, "not-taken".into()));
    let missing = li.post("/api/incidents/first/acts", &json!({ "act": "take" }));
    assert_eq!(missing.problem(), (404, "not-found".into()));
}

/// What was meant for the burglary does not close the fire that joined it: it says what came, and goes on when it was looked at.
#[test]
fn row_2_5_grouping_a_stale_act_ends_no_fire() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    centre.reports("1001", "1110 01 004");
    let page = format!("/api/incidents/{incident}");
    until("the fire has joined", || (li.get(&page).json()["incident"]["kind"] == "fire").then_some(()));

    let stale = li.act(incident, json!({ "act": "verify-false", "cause": "user-error" }));
    assert_eq!(stale.problem(), (409, "not-seen".into()));
    assert!(stale.body.contains("not looked at yet: Life-safety signal, "), "it says what came: {}", stale.body);
    assert!(li.get("/api/queue").json()["rows"].as_array().unwrap().iter().any(|row| row["incident"] == incident));
    let console = li.get(&format!("/incidents/{incident}")).body;
    assert!(
        console.contains(r#"value="take""#) && !console.contains(r#"value="verify-false""#),
        "taking it comes first"
    );

    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "verify-false", "cause": "user-error" }));
    assert_eq!(li.get(&page).json()["incident"]["stage"], "closed");
}
