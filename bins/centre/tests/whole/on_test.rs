//! Accounts on test over the API: started with a codeword, extended, ended; what came in meanwhile, and what comes back.

use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, PASSWORD, furnish, give_codewords, until};
use crate::lowered::{FORM, csrf};

/// A centre whose account 1001 has a contact with codewords.
fn centre() -> (tempfile::TempDir, Centre) {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    give_codewords(folder.path(), "1001");
    let centre = Centre::on(folder.path());
    (folder, centre)
}

fn rules(centre: &Centre, count: usize) -> Vec<Option<String>> {
    centre.signals(count).into_iter().map(|row| row.rule).collect()
}

#[test]
fn an_account_goes_on_test_and_comes_back() {
    let (folder, centre) = centre();
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let path = "/api/accounts/1001/test";
    let start = |more: Value| {
        let mut body = json!({ "act": "start", "reason": "repair", "contact": 1, "only": [3, 5] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    // Who asks, and with which word.
    assert_eq!(li.post(path, &start(json!({ "contact": 9 }))).problem(), (404, "not-found".into()));
    assert_eq!(li.post(path, &start(json!({ "classes": ["fire"] }))).problem(), (422, "invalid".into()));
    let nobody = json!({ "act": "start", "reason": "repair" });
    assert_eq!(li.post(path, &nobody).problem(), (409, "asked-by-missing".into()));
    assert_eq!(li.post("/api/accounts/7777/test", &nobody).problem(), (409, "no-such-account".into()));
    // An operator's limit is not a supervisor's.
    let long = start(json!({ "spoken": "blueheron", "minutes": 600 }));
    assert_eq!(li.post(path, &long).problem(), (409, "over-limit".into()));
    let started = chen.post(path, &long);
    assert_eq!((started.status, started.json()["version"].clone()), (200, json!(1)), "{}", started.body);
    assert_eq!(li.post(path, &nobody).problem(), (409, "already-on-test".into()));
    let tests = li.get("/api/tests").json();
    let told =
        ["account", "account_name", "asked_by", "proved", "by_name", "reason"].map(|name| tests[0][name].clone());
    assert_eq!(told, [json!("1001"), json!("Shop"), json!("Wang"), json!(true), json!("chen"), json!("repair")]);
    assert!(!tests.to_string().to_lowercase().contains("heron"), "no answer holds a codeword: {tests}");

    // In the scope: logged. Another zone, and life safety of a zone that is tested: shown.
    centre.reports("1001", "1130 01 003");
    centre.reports("1001", "1130 01 005");
    centre.reports("1001", "3130 01 005");
    assert_eq!(rules(&centre, 3), ["on-test", "on-test", "on-test"].map(|rule| Some(rule.into())));
    assert_eq!(centre.queue(&mut li, 0), [] as [Value; 0]);
    centre.reports("1001", "1110 01 003");
    let queue = centre.queue(&mut li, 1);
    assert_eq!(queue[0]["kind"], "fire");
    let lowered = li.get("/api/lowered").json();
    assert_eq!((lowered[0]["kind"].clone(), lowered[0]["account"].clone()), (json!("on-test"), json!("1001")));
    assert_eq!(li.get("/api/handover").json()["on_test"][0]["test"], 1);
    assert_eq!(li.get("/api/accounts/1001").json()["sheet"]["test"]["test"], 1);

    // The process dies; the test goes on, and ends as it would have.
    centre.kill();
    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    let ended = li.post(path, &json!({ "act": "end", "note": "in order" }));
    assert_eq!((ended.status, ended.json()["version"].clone()), (200, json!(2)), "{}", ended.body);
    assert_eq!(li.post(path, &json!({ "act": "extend", "minutes": 5 })).problem(), (409, "not-on-test".into()));
    // Zone 3 was left in alarm: it joins what is open, by the signal that the test hid.
    let incident = centre.queue(&mut li, 1)[0]["incident"].as_u64().unwrap();
    let page = li.get(&format!("/api/incidents/{incident}")).json();
    let signals: Vec<_> = page["signals"].as_array().unwrap().iter().map(|signal| signal["id"].clone()).collect();
    assert_eq!(signals, [1, 4]);
    let joined = page["moments"].as_array().unwrap().iter().find(|moment| moment["event"]["rule"] == "on-test.over");
    assert_eq!(joined.unwrap()["event"]["evidence"]["signal"], 1);
    assert_eq!(li.get("/api/lowered").json(), json!([]));
    assert_eq!(li.get("/api/tests?from=2000-01-01T00:00:00Z").json()[0]["ending"], "by-person");
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}

/// A word that is not right begins no test, and is a signal of the account: a wrong one is logged, the duress code calls.
#[test]
fn a_wrong_word_is_recorded_and_the_duress_code_calls() {
    let (folder, centre) = centre();
    let mut li = centre.operator("li");
    let say = |word: &str| json!({ "act": "start", "reason": "repair", "contact": 1, "spoken": word });
    let path = "/api/accounts/1001/test";
    assert_eq!(li.post(path, &say("red heron")).problem(), (409, "codeword-wrong".into()));
    assert_eq!(li.post(path, &say("grey heron")).problem(), (409, "duress-given".into()));
    let queue = centre.queue(&mut li, 1);
    let told = ["kind", "priority", "account"].map(|name| queue[0][name].clone());
    assert_eq!(told, [json!("duress"), json!(1), json!("1001")]);
    let mut signals: Vec<_> = centre
        .signals(2)
        .into_iter()
        .map(|row| (row.code.unwrap(), row.rule.unwrap(), row.text.unwrap(), row.peer))
        .collect();
    signals.sort();
    let row = |code: &str, rule: &str| (code.into(), rule.into(), "contact 1".into(), "operator-1".into());
    assert_eq!(signals, [row("121", "life-safety"), row("461", "class.logged")]);
    assert_eq!(li.get("/api/tests").json(), json!([]));
    // On test or not: whoever says it is threatened.
    let mut nobody = json!({ "act": "start", "reason": "repair", "asked_by": "Wang" });
    let danger = li.post(path, &nobody);
    assert_eq!(danger.problem(), (409, "danger".into()));
    assert!(danger.body.contains("see incident 1"), "{}", danger.body);
    assert_eq!(li.post(path, &say("blue heron")).problem(), (409, "danger".into()), "no word proves anything now");
    nobody["second"] = json!({ "login": "chen", "password": PASSWORD });
    assert_eq!(li.post(path, &nobody).status, 200);
    assert_eq!(li.post(path, &say("grey heron")).status, 409);
    centre.signals(3);
    assert_eq!(li.get("/api/incidents/1").json()["signals"].as_array().map(Vec::len), Some(2));
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}

/// Row 2.2, on test, "who asked (code proved)": life safety is tested only with a codeword that the centre itself has compared, or
/// with the signature of a supervisor who is somebody else. A duress word raises, whatever else is said beside it.
#[test]
fn row_2_2_on_test_proof_by_call_and_form() {
    let (_folder, centre) = centre();
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let path = "/api/accounts/1001/test";
    let fire = |more: Value| {
        let mut body = json!({ "act": "start", "reason": "inspection", "life_safety": ["fire"] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let sign = |login: &str| json!({ "asked_by": "Wu", "second": { "login": login, "password": PASSWORD } });
    let missing = li.post(path, &fire(json!({ "contact": 1 })));
    assert_eq!(missing.problem(), (409, "proof-missing".into()));
    assert!(missing.json()["title"].as_str().unwrap().contains("compare the codeword"), "{}", missing.body);
    // Nobody states it by hand, and a word is somebody's.
    for by_hand in [json!({ "contact": 1, "proof": "right" }), json!({ "asked_by": "Wu", "spoken": "blueheron" })] {
        assert_eq!(li.post(path, &fire(by_hand)).problem(), (422, "invalid".into()));
    }
    assert_eq!(li.post(path, &fire(sign("li"))).problem(), (403, "second-person".into()));
    assert_eq!(li.post(path, &fire(sign("zhang"))).problem().0, 403);
    assert_eq!(chen.post(path, &fire(json!({ "asked_by": "Wu" }))).problem(), (409, "proof-missing".into()));
    let threatened =
        fire(json!({ "contact": 1, "spoken": "grey heron", "second": { "login": "chen" }, "minutes": "?" }));
    assert_eq!(li.post(path, &threatened).problem(), (409, "duress-given".into()));
    assert_eq!(centre.queue(&mut li, 1)[0]["kind"], "duress");
    assert_eq!(li.get("/api/tests").json(), json!([]));
    // While people may be in danger no word proves anything.
    let right = fire(json!({ "contact": 1, "spoken": "blueheron" }));
    assert_eq!(li.post(path, &right).problem(), (409, "danger".into()));
    for act in [
        json!({ "act": "take" }),
        json!({ "act": "confirm-real", "basis": "contact" }),
        json!({ "act": "overturn", "cause": "user-error", "second": { "login": "chen", "password": PASSWORD } }),
        json!({ "act": "close" }),
    ] {
        li.does(1, act);
    }
    // By the word.
    assert_eq!(li.post(path, &right).status, 200);
    let tests = li.get("/api/tests").json();
    assert_eq!((&tests[0]["proved"], &tests[0]["second"]), (&json!(true), &Value::Null));
    assert_eq!(li.post(path, &json!({ "act": "end" })).status, 200);
    // By the signature, on the page.
    let page = li.get("/accounts/1001").body;
    assert!(page.contains("须先核实：涉及人身安全的测试"), "{page}");
    let form = format!(
        "csrf={}&act=start&reason=inspection&asked_by=Wu&life_safety%3Aeach=fire&second.login=chen&second.password=correct+horse",
        csrf(&page)
    );
    let done = li.request("POST", "/accounts/1001/test", &[FORM], &form);
    assert_eq!(done.status, 303, "{}", done.body);
    let tests = li.get("/api/tests").json();
    assert_eq!((&tests[0]["proved"], &tests[0]["second_name"]), (&json!(false), &json!("chen")));
    assert!(li.get("/accounts/1001").body.contains("Wu · chen 已同意"));
    assert_eq!(centre.terminate().code(), Some(0));
}

/// A test is extended by what begins one; the duress word that is said then is not logged away by the test itself, which covers nothing
/// until somebody agrees who knows.
#[test]
fn row_2_2_on_test_extended_under_duress() {
    let (_folder, centre) = centre();
    let mut li = centre.operator("li");
    let path = "/api/accounts/1001/test";
    let begin = json!({
        "act": "start", "reason": "repair", "contact": 1, "spoken": "blueheron", "life_safety": ["duress", "hold-up"],
    });
    assert_eq!(li.post(path, &begin).status, 200);
    centre.reports("1001", "1130 01 003");
    assert_eq!(rules(&centre, 1), [Some("on-test".into())]);
    let extend = |more: Value| {
        let mut body = json!({ "act": "extend", "minutes": 150 });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    assert_eq!(li.post(path, &extend(json!({}))).problem(), (409, "proof-missing".into()));
    let threatened = extend(json!({ "contact": 1, "spoken": "grey heron" }));
    assert_eq!(li.post(path, &threatened).problem(), (409, "duress-given".into()));
    assert_eq!(centre.queue(&mut li, 1)[0]["kind"], "duress");
    centre.reports("1001", "1130 01 004");
    assert_eq!(centre.signals(3)[2].rule.as_deref(), Some("class.shown"));
    assert!(li.get("/accounts/1001").body.contains("警情 #1 涉及人身安全"));
    let right = extend(json!({ "contact": 1, "spoken": "blueheron" }));
    assert_eq!(li.post(path, &right).problem(), (409, "danger".into()));
    let form = format!(
        "csrf={}&act=extend&minutes%3An=150&second.login=chen&second.password=correct+horse",
        csrf(&li.get("/accounts/1001").body)
    );
    assert_eq!(li.request("POST", "/accounts/1001/test", &[FORM], &form).status, 303);
    centre.reports("1001", "1130 01 005");
    assert_eq!(centre.signals(4)[3].rule.as_deref(), Some("on-test"));
    assert_eq!(li.get("/api/tests").json()[0]["danger"], 1);
    assert!(!li.get("/accounts/1001").body.contains("警情 #1 涉及人身安全"));
}

/// A test cannot outlive its limit, and whoever listens hears the warning before.
#[test]
fn a_test_warns_and_ends_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let policy = folder.path().join("policy.toml");
    std::fs::write(&policy, "[on_test]\ndefault_s = 4\nwarn_before_s = 2\n").unwrap();
    let centre = Centre::run(folder.path(), &["--policy", policy.to_str().unwrap()]);
    let mut li = centre.operator("li");
    let mut heard = li.listen("/api/live", &[]);
    let start = json!({ "act": "start", "reason": "customer", "asked_by": "the owner" });
    assert_eq!(li.post("/api/accounts/1001/test", &start).status, 200);
    centre.reports("1001", "1130 01 003");
    assert_eq!(rules(&centre, 1), [Some("on-test".into())]);
    let ring = heard.find_map(|line| {
        let change: Value = serde_json::from_str(line.strip_prefix("data:")?.trim()).ok()?;
        change["ring"].as_u64().filter(|_| change["tests"] == json!([1]))
    });
    assert_eq!(ring, Some(10), "the warning rings softly");
    let tests = until("the test is over", || {
        let tests = li.get("/api/accounts/1001").json()["tests"].take();
        (tests[0]["ending"] == "at-limit").then_some(tests)
    });
    assert_eq!(tests[0]["ended_at"], tests[0]["until"], "to the millisecond");
    let queue = centre.queue(&mut li, 1);
    assert_eq!(
        (queue[0]["kind"].clone(), queue[0]["opened_at"].clone()),
        (json!("burglary"), tests[0]["until"].clone())
    );
    assert_eq!(queue[0]["received_at"], queue[0]["opened_at"], "the response clock starts when the test is over");
}
