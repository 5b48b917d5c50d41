//! The change of shift: two people sign one list.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::centre::{Centre, PASSWORD, furnish, give_codewords, until};

#[test]
fn both_sign_the_list_that_both_saw() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    let list = li.get("/api/handover").json();
    assert_eq!(list["open"][0]["incident"], incident);
    let signing = |login: &str, password: &str| json!({ "list": list["list"], "login": login, "password": password, "note": "shop called twice" });
    assert_eq!(li.post("/api/handover", &signing("li", PASSWORD)).problem(), (403, "second-person".into()));
    assert_eq!(li.post("/api/handover", &signing("zhang", "guess")).problem(), (401, "wrong-password".into()));
    let signed = li.post("/api/handover", &signing("zhang", PASSWORD));
    assert_eq!(signed.status, 200, "{}", signed.body);
    let signed = signed.json();
    let told = ["number", "from", "to", "open", "note"].map(|name| signed[name].clone());
    assert_eq!(told, [json!(1), json!(1), json!(2), json!(1), json!("shop called twice")]);

    // The record holds the very list that both signed.
    let text = signed["text"].as_str().unwrap();
    let digest: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(signed["list"], digest);
    assert!(text.starts_with(&format!("incident {incident} 1001 burglary priority 2 new calling since ")), "{text}");

    let again = li.post("/api/handover", &signing("zhang", PASSWORD));
    assert_eq!(again.problem(), (409, "already-signed".into()));
    li.does(incident, json!({ "act": "take" }));
    let again = li.post("/api/handover", &signing("zhang", PASSWORD));
    assert_eq!(again.problem(), (409, "already-signed".into()), "whatever has changed since");
    // What was shown to nobody, or to somebody else, nobody signs.
    let chens = centre.operator("chen").get("/api/handover").json();
    li.does(incident, json!({ "act": "release" }));
    for unseen in [chens["list"].clone(), json!("0".repeat(64))] {
        let signing = json!({ "list": unseen, "login": "zhang", "password": PASSWORD });
        assert_eq!(li.post("/api/handover", &signing).problem(), (409, "list-changed".into()));
    }
    assert_eq!(li.get("/api/handovers").json(), json!([signed]));
}

/// 2.5 Shift hand-over: "hand-over record refers to the exact list hash": with what is on hold, on test and to be followed up, the storm,
/// and (2.2, restoral tracking) what still stands after its incident is closed.
#[test]
fn row_2_5_hand_over() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let stands = centre.burglary(&mut li, "1001", 7);
    li.does(stands, json!({ "act": "take" }));
    li.does(stands, json!({ "act": "verify-false", "cause": "user-error" }));
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "hold", "reason": "keyholder-coming", "minutes": 10 }));
    let start = json!({ "act": "start", "reason": "repair", "asked_by": "Wang", "minutes": 30 });
    assert_eq!(li.post("/api/accounts/1002/test", &start).status, 200);
    let later =
        json!({ "act": "create", "incident": incident, "rank": "supervisor", "minutes": 60, "note": "call Li" });
    assert_eq!(li.post("/api/follow-ups", &later).status, 200);
    let nobody = json!({ "act": "create", "account": "1002", "operator": 99, "minutes": 60, "note": "x" });
    assert_eq!(li.post("/api/follow-ups", &nobody).problem(), (404, "not-found".into()));

    let storm = json!({ "act": "declare", "area": "everywhere", "note": "thunder" });
    assert_eq!(centre.operator("chen").post("/api/storms", &storm).status, 200);

    let list = li.get("/api/handover").json();
    let moment = |value: &Value| alarmcore::Timestamp::from_rfc3339(value.as_str().unwrap()).unwrap().millis();
    let signing = json!({ "list": list["list"], "login": "zhang", "password": PASSWORD, "note": "owner comes at ten" });
    let signed = li.post("/api/handover", &signing).json();
    let expected = [
        format!(
            "incident {incident} 1001 burglary priority 2 taken by 1 on hold until {}",
            moment(&list["open"][0]["hold_until"])
        ),
        format!("follow-up 1 incident {incident} supervisor {}", moment(&list["follow_ups"][0]["due_at"])),
        format!("test 1 1002 {}", moment(&list["on_test"][0]["until"])),
        "storm 1 confirmed 0".to_owned(),
        format!("1001 unrestored 130 zone 7 since {}", moment(&list["accounts"][0]["since"])),
        format!("1001 unrestored 130 zone 3 since {}", moment(&list["accounts"][1]["since"])),
    ];
    let text = signed["text"].as_str().unwrap();
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    let page = li.get("/handover").body;
    assert!(page.contains("call Li") && page.contains("owner comes at ten"), "{page}");
    assert!(li.get("/follow-ups").body.contains("call Li"));
    assert_eq!(li.post("/api/follow-ups/1", &json!({ "act": "done" })).status, 200);
    assert_eq!(li.post("/api/follow-ups/1", &json!({ "act": "done" })).problem(), (409, "already-done".into()));
    assert_eq!(li.get("/api/follow-ups").json(), json!([]));
}

/// What is signed says what each incident is, what authorities have in hand, what lowers protection besides tests, and what came from
/// outside that nobody has seen. Whatever of it changes between showing and signing stands beside what was signed, and is with both: a
/// shift ends however often panels change the list.
#[test]
fn row_2_5_hand_over_of_what_came_since_it_was_shown() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop 1001,Main Street,,,,\n1002,Shop 1002,Main Street,,,,\n");
    give_codewords(folder.path(), "1001");
    let (policy, outside) = (folder.path().join("policy.toml"), folder.path().join("outside.toml"));
    let log_only = "version = 2\n[[override]]\naccounts = ['1002']\nowner = 'supervisor'\nuntil = '2099-12-31'\n\
                    classes = { burglary = { action = 'log' } }\n";
    std::fs::write(&policy, log_only).unwrap();
    let ways = "[way.police]\nby = \"file\"\nout = \"out\"\nanswers = \"in\"\n[hand_off]\npolice = \"police\"\n";
    std::fs::write(&outside, ways).unwrap();
    let options = ["--policy", policy.to_str().unwrap(), "--outside", outside.to_str().unwrap()];
    let centre = Centre::run(folder.path(), &options);
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));

    let mut shown = li.get("/api/handover").json();
    assert_eq!([&shown["lowered"][0]["kind"], &shown["lowered"][0]["name"]], ["overridden", "1002"]);
    let mut texts = Vec::new();
    let mut grown = |what: &str| {
        let signing = json!({ "list": shown["list"], "login": "zhang", "password": PASSWORD, "note": "all quiet" });
        let signed = li.post("/api/handover", &signing);
        if what.starts_with("lowered") {
            // What people have lowered meanwhile nobody takes over unseen.
            assert_eq!((signed.status, &signed.json()["code"]), (409, &json!("list-changed")), "{}", signed.body);
            assert!(signed.body.contains(what), "{}", signed.body);
            shown = li.get("/api/handover").json();
            return (shown.clone(), li.get("/handover").body);
        }
        assert_eq!(signed.status, 200, "{what}: {}", signed.body);
        let signed = signed.json();
        let digest: String =
            Sha256::digest(signed["text"].as_str().unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            [&signed["list"], &signed["as_of"]],
            [&json!(digest), &shown["as_of"]],
            "{what}: it is what was shown"
        );
        let since = signed["since"].as_str().unwrap();
        let came = since.lines().filter(|line| line.starts_with("+ ")).any(|line| line.contains(what));
        assert!(came, "{what}: {since}");
        texts.push(since.to_owned());
        shown = li.get("/api/handover").json();
        (shown.clone(), li.get("/handover").body)
    };
    // The one who is called says the duress word.
    let duress = centre.operator("li").act(incident, json!({ "act": "call", "contact": 1, "spoken": "grey heron" }));
    assert_eq!(duress.status, 200, "{}", duress.body);
    let (list, page) = grown("hold-up priority 1");
    assert_eq!([&list["open"][0]["kind"], &list["open"][0]["priority"]], [&json!("hold-up"), &json!(1)]);
    assert!(page.contains("自 ") && page.contains("起待处理"), "{page}");
    // It is handed to the police, and they take it.
    let accepted = json!({ "act": "answer-hand-off", "number": 1, "accepted": true });
    centre.operator("li").does(incident, json!({ "act": "hand-off", "to": "police" }));
    until("it is delivered", || {
        let row = centre.operator("li").get("/api/handover").json()["hand_offs"][0].take();
        (row["state"] == "delivered").then_some(())
    });
    assert_eq!(grown("police delivered").0["hand_offs"][0]["to"], "police");
    centre.operator("li").does(incident, accepted);
    assert_eq!(grown("police accepted").0["hand_offs"][0]["state"], "accepted");
    // A card is changed that nobody has reviewed.
    let edit = json!({ "reason": "nobody to call", "version": 2, "contacts": "" });
    assert_eq!(centre.operator("li").post("/api/accounts/1001/card", &edit).status, 200);
    let (list, page) = grown("lowered 1001 unreviewed");
    let row = list["lowered"].as_array().unwrap().iter().find(|row| row["kind"] == "unreviewed").unwrap();
    assert_eq!(row["account"], "1001");
    assert!(page.contains("1001") && page.contains("其他防护降级项：2"), "{page}");
    // Somebody writes that has no place.
    std::fs::write(folder.path().join("in/a.json"), "{\"incident\": 77}").unwrap();
    until("it is kept", || {
        let unmatched = centre.operator("li").get("/api/outside").json()["unmatched"].take();
        (unmatched != json!([])).then_some(())
    });
    let (list, page) = grown("unseen 1 police");
    assert_eq!(list["unmatched"][0]["way"], "police");
    assert!(page.contains("外部来讯无人查看：1"), "{page}");

    let signing = json!({ "list": list["list"], "login": "zhang", "password": PASSWORD, "note": "look at 1001" });
    let signed = li.post("/api/handover", &signing).json();
    let moment = |value: &Value| alarmcore::Timestamp::from_rfc3339(value.as_str().unwrap()).unwrap().millis();
    let since = |rows: &str, place: usize| moment(&list[rows][place]["since"]);
    let until = moment(&list["lowered"][1]["until"]);
    let expected = [
        format!("incident {incident} 1001 hold-up priority 1 {} by 1", list["open"][0]["stage"].as_str().unwrap()),
        format!("hand-off {incident} 1 police accepted"),
        format!("1001 unrestored 130 zone 3 since {}", since("accounts", 0)),
        format!("lowered 1001 unreviewed supervisor since {}", since("lowered", 0)),
        format!(
            "lowered 1002 overridden supervisor since {} until {until}: {}",
            since("lowered", 1),
            list["lowered"][1]["what_en"].as_str().unwrap()
        ),
        format!(
            "unseen 1 police {} {}",
            list["unmatched"][0]["code"].as_str().unwrap(),
            moment(&list["unmatched"][0]["at"])
        ),
    ];
    let text = signed["text"].as_str().unwrap();
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    assert_eq!(signed["since"], json!(null), "nothing has changed since it was shown: {signed}");
    // What it was stands there, too, and the page shows both to whoever came.
    let first: Vec<&str> = texts[0].lines().map(|line| line.split(" priority").next().unwrap()).collect();
    assert_eq!(first, [format!("+ incident {incident} 1001 hold-up"), format!("- incident {incident} 1001 burglary")]);
    let page = li.get("/handover").body;
    assert_eq!(page.matches("双方共同负责）：").count(), 4, "{page}");
    assert!(page.contains(&format!("+ incident {incident} 1001 hold-up")), "{page}");
}

/// What was closed is handed over as long as an answer is awaited of those who have it: whether they cancel. Who has taken what was real
/// owes none.
#[test]
fn row_2_5_hand_over_of_what_was_closed_and_is_awaited() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop 1001,Main Street,,,,\n1002,Shop 1002,Main Street,,,,\n");
    let outside = folder.path().join("outside.toml");
    let ways = "[way.police]\nby = \"file\"\nout = \"out\"\nanswers = \"in\"\n[hand_off]\npolice = \"police\"\n";
    std::fs::write(&outside, ways).unwrap();
    let centre = Centre::run(folder.path(), &["--outside", outside.to_str().unwrap()]);
    let mut li = centre.operator("li");
    let handed = |account: &str| {
        let mut li = centre.operator("li");
        let incident = centre.burglary(&mut li, account, 3);
        li.does(incident, json!({ "act": "take" }));
        li.does(incident, json!({ "act": "confirm-real", "basis": "witness" }));
        li.does(incident, json!({ "act": "record-wish", "police": true, "insurer": false }));
        li.does(incident, json!({ "act": "hand-off", "to": "police" }));
        until("it is delivered", || {
            let rows = li.get("/api/handover").json()["hand_offs"].take();
            let its = rows.as_array().unwrap().iter().find(|row| row["incident"] == incident).cloned();
            (its?["state"] == "delivered").then_some(())
        });
        li.does(incident, json!({ "act": "answer-hand-off", "number": 1, "accepted": true }));
        incident
    };
    let real = handed("1002");
    for act in [
        json!({ "act": "notify-owner", "contact": 0 }),
        json!({ "act": "owner-arrived" }),
        json!({ "act": "take-charge", "number": 1, "officer": "Zhao" }),
        json!({ "act": "sign-losses", "signed_by": "owner" }),
        json!({ "act": "record-case", "note": "broken window" }),
        json!({ "act": "close" }),
    ] {
        li.does(real, act);
    }
    assert_eq!(li.get("/api/handover").json()["hand_offs"], json!([]), "they have it, and owe no answer");
    let incident = handed("1001");
    let chen = json!({ "login": "chen", "password": PASSWORD });
    li.does(incident, json!({ "act": "overturn", "cause": "user-error", "second": chen }));
    li.does(incident, json!({ "act": "close" }));

    let list = li.get("/api/handover").json();
    let row = &list["hand_offs"][0];
    let told = ["incident", "account", "number", "to", "state"].map(|name| row[name].clone());
    assert_eq!(told, [json!(incident), json!("1001"), json!(1), json!("police"), json!("accepted")]);
    let moment = |value: &Value| alarmcore::Timestamp::from_rfc3339(value.as_str().unwrap()).unwrap().millis();
    let page = li.get("/handover").body;
    assert!(page.contains("已结案、仍待对方答复的移交：1") && page.contains("请求撤销"), "{page}");

    let signing = |list: &Value| json!({ "list": list["list"], "login": "zhang", "password": PASSWORD, "note": "" });
    let expected = format!(
        "hand-off {incident} 1 police accepted of what was closed {} asked to cancel {}",
        moment(&row["closed_at"]),
        moment(&row["cancel_asked_at"])
    );
    let signed = li.post("/api/handover", &signing(&list)).json();
    let lines: Vec<_> = signed["text"].as_str().unwrap().lines().filter(|line| line.starts_with("hand-off")).collect();
    assert_eq!(lines, [expected]);

    // They agree: nothing is awaited any more. What was signed is signed.
    std::fs::write(
        folder.path().join("in/a.json"),
        json!({ "message": "P-1", "incident": incident, "number": 1, "answer": "cancelled" }).to_string(),
    )
    .unwrap();
    until("they agree", || {
        let now = li.get("/api/handover").json();
        (now["hand_offs"] == json!([])).then_some(())
    });
    assert_eq!(li.post("/api/handover", &signing(&list)).problem(), (409, "already-signed".into()));
    let after = li.get("/api/handover").json();
    let signed = li.post("/api/handover", &signing(&after)).json();
    assert!(!signed["text"].as_str().unwrap().contains("hand-off"), "{signed}");
    let page = li.get("/handover").body;
    assert!(!page.contains("仍待对方答复的移交"), "{page}");
}

/// A second click, or a proxy that asks once more, while the first signature is still on its way.
#[test]
fn a_list_that_is_signed_twice_at_once_is_signed_once() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let list = li.get("/api/handover").json()["list"].take();
    let signing = json!({ "list": list, "login": "zhang", "password": PASSWORD, "note": "quiet" });
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let clicks: Vec<_> = (0..4)
            .map(|_| {
                let (mut web, signing) = (li.again(), &signing);
                scope.spawn(move || web.post("/api/handover", signing).status)
            })
            .collect();
        clicks.into_iter().map(|click| click.join().unwrap()).collect()
    });
    let signed = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!((signed, statuses.iter().filter(|status| **status == 409).count()), (1, 3), "{statuses:?}");
}
