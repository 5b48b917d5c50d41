//! `--demo`: a small town that reports by itself, the first time and every time after.

use alarmcore::Timestamp;
use opsmodel::store::query::Reader;
use serde_json::{Value, json};

use crate::centre::{Centre, until};
use crate::web::Web;

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
    the_whole_desk(&centre, &mut limin);
    assert_eq!(limin.get("/api/accounts").json()["rows"].as_array().unwrap().len(), 30);
    assert_eq!(limin.get("/api/units").json().as_array().unwrap().len(), 3);
    let report = limin.get("/api/reports/false-alarms").json();
    assert_eq!(
        (&report["closed"], &report["false_alarms"]),
        (&Value::from(8), &Value::from(5)),
        "a few days lie behind it"
    );
    let holes = limin.get("/api/reports/conservation").json()["holes"].take();
    assert_eq!(holes, Value::Array(Vec::new()), "and every frame of them ended somewhere");
    assert!(centre.terminate().success());
    opsmodel::store::verify(folder.path()).unwrap();
    let policy = alarmcore::Policy::from_toml(include_str!("../../demo/policy.toml")).unwrap();
    let reader = Reader::open(folder.path()).unwrap();
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

/// What a newcomer should see is there, on its page.
fn the_whole_desk(centre: &Centre, limin: &mut Web) {
    let (mut zhanghao, mut chenjing) = (centre.web(), centre.web());
    zhanghao.sign_in("zhanghao", PASSWORD);
    chenjing.sign_in("chenjing", PASSWORD);
    let row = |web: &mut Web, account: &str| {
        let queue = web.get("/api/queue").json();
        queue["rows"].as_array().unwrap().iter().find(|row| row["account"] == account).cloned()
    };

    // A queue for those who know banks, and one for those who speak English.
    let bank = row(limin, "1007").unwrap();
    let told = ["name", "exclusive", "skills", "overflow"].map(|name| bank["queue"][name].clone());
    assert_eq!(json!(told), json!(["银行", true, ["banks"], "life-safety"]));
    let own = |web: &mut Web| {
        let queues = web.get("/api/queue").json()["queues"].take();
        let own = queues.as_array().unwrap().iter().map(|row| (row["queue"].clone(), row["own"].clone()));
        own.collect::<Vec<_>>()
    };
    let said = |banks: bool, english: bool| {
        vec![(json!(null), json!(true)), (json!("英语"), json!(english)), (json!("银行"), json!(banks))]
    };
    until("both queues are on the page", || (own(limin).len() == 3).then_some(()));
    assert_eq!(
        (own(limin), own(&mut zhanghao)),
        (said(true, true), said(false, false)),
        "one knows banks, one does not"
    );

    // A storm that a rule declared and nobody has confirmed.
    let storms = limin.get("/api/storms").json();
    let told = ["area", "state", "grouped", "left"].map(|name| storms[0][name].clone());
    assert_eq!(json!(told), json!([{ "of": "district", "name": "滨江" }, "declared", 6, 6]));
    assert!(limin.get("/storms/1").body.contains("自来水厂取水泵房"));

    // A hand-off that went by machine, and what came back.
    let incident = bank["incident"].as_u64().unwrap();
    let answers = until("the police answer by machine", || {
        let page = limin.get(&format!("/api/incidents/{incident}")).json();
        let hand_off = page["incident"]["hand_offs"][0].clone();
        (!hand_off["dispatched_at"].is_null()).then_some(hand_off)
    });
    assert_eq!(answers["to"], "police", "{answers}");
    let page = limin.get("/outside").body;
    for way in ["command-110", "messages", "county"] {
        assert!(page.contains(way), "{way}: {page}");
    }
    let ways = until("another centre has what the bank reported", || {
        let ways = limin.get("/api/outside").json()["ways"].take();
        let county = ways.as_array().unwrap().iter().find(|way| way["forwards"] == true)?;
        (county["row"]["settled"].as_u64()? > 0).then(|| ways.clone())
    });
    assert_eq!(ways.as_array().unwrap().len(), 3);

    // The board of lowered protection.
    let lowered = until("all are on the board", || {
        let rows = limin.get("/api/lowered").json();
        let kind = |row: &Value| (row["account"].clone(), row["kind"].clone());
        let mut rows: Vec<_> = rows.as_array().unwrap().iter().map(kind).collect();
        rows.sort_by_key(|(account, _)| account.as_str().map(str::to_owned));
        (rows.len() >= 7).then_some(rows)
    });
    let expected = [
        ("1009", "late-closing"),
        ("1010", "not-closed"),
        ("1012", "unreviewed"),
        ("1018", "bypassed"),
        ("1021", "late-test"),
        ("1022", "on-test"),
        ("1026", "dead-number"),
    ];
    assert_eq!(lowered, expected.map(|(account, kind)| (json!(account), json!(kind))));
    let page = limin.get("/lowered").body;
    for (account, _) in expected {
        assert!(page.contains(account), "{account}: {page}");
    }
    assert!(page.contains("answer-closing"), "who is late to close can be answered for: {page}");
    // And where nobody may be asked, an operator sees it.
    assert_eq!(row(limin, "1010").unwrap()["kind"], "schedule");

    // What is tested each week, as two people agreed: it has not begun.
    let sheet = limin.get("/api/accounts/1008").json()["sheet"].take();
    let told = ["lowers", "by_name", "approved_by_name"].map(|name| sheet["agreed"][0][name].clone());
    assert_eq!(told, [json!("recurring-test"), json!("张浩"), json!("陈静")]);

    // Two follow-ups, one of them due.
    let later = chenjing.get("/api/follow-ups").json();
    let told: Vec<_> =
        later.as_array().unwrap().iter().map(|row| (&row["account"], row["rang_at"].is_null())).collect();
    assert_eq!(told, [(&json!("1026"), false), (&json!("1014"), true)]);

    // An incident with a clip that can be listened to.
    let villa = row(limin, "1025").unwrap()["incident"].as_u64().unwrap();
    let clips = limin.get(&format!("/api/incidents/{villa}/clips")).json();
    let told = ["kind", "media", "fault"].map(|name| clips[0][name].clone());
    assert_eq!(json!(told), json!(["sound", "audio/wav", null]));
    assert!(limin.get(&format!("/incidents/{villa}")).body.contains("<audio controls"));

    // Whoever is there is offered what calls, in a banner.
    let _there = limin.listen("/api/live", &[]);
    until("a banner", || limin.get("/accounts").body.contains("data-key=\"0\"").then_some(()));
}
