//! Words that are said on the telephone: a threat is heard whatever is refused, and what one person set alone proves nothing.

use serde_json::{Value, json};

use crate::centre::{Centre, PASSWORD, furnish, give_codewords};
use crate::lowered::{FORM, csrf};
use crate::web::{Answer, Web};

fn centre(accounts: &[&str]) -> (tempfile::TempDir, Centre) {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = accounts.iter().map(|account| format!("{account},Shop {account},Main Street,,,,\n")).collect();
    furnish(folder.path(), &rows);
    accounts.iter().for_each(|account| give_codewords(folder.path(), account));
    let centre = Centre::on(folder.path());
    (folder, centre)
}

/// The signals that somebody's words are: account, code, rule, who said it, and who heard it.
fn words(centre: &Centre, count: usize) -> Vec<[String; 5]> {
    let rows = centre.signals(count).into_iter().filter(|row| row.peer.starts_with("operator-"));
    let word = |row: opsmodel::store::query::SignalRow| {
        let account = row.account.unwrap().to_string();
        [account, row.code.unwrap(), row.rule.unwrap(), row.text.unwrap_or_default(), row.peer]
    };
    rows.map(word).collect()
}

fn told(answer: &Answer) -> (u16, String, Value) {
    assert!(!answer.body.to_lowercase().contains("heron"), "no answer holds a word: {}", answer.body);
    let (status, code) = answer.problem();
    (status, code, answer.json()["particulars"]["result"].clone())
}

/// Row 2.5, password: the word is judged before the desk refuses the act. Where it is a duress word or a wrong one, it is a signal of the
/// account, as at its keypad, and whoever typed it reads so.
#[test]
fn row_2_5_password_a_threat_is_heard_whatever_is_refused() {
    let (folder, centre) = centre(&["1001", "1002"]);
    let (mut li, mut zhang) = (centre.operator("li"), centre.operator("zhang"));
    let call = |word: &str| json!({ "act": "call", "contact": 1, "spoken": word });
    let mine = centre.burglary(&mut li, "1001", 3);
    li.does(mine, json!({ "act": "take" }));
    // Of somebody else's incident.
    assert_eq!(told(&zhang.act(mine, call("blue heron"))), (409, "not-yours".into(), Value::Null));
    assert_eq!(told(&zhang.act(mine, call("red heron"))), (409, "not-yours".into(), json!("wrong-code")));
    let row = |account: &str, code: &str, who: &str, heard: &str| {
        let rule = if code == "121" { "life-safety" } else { "class.logged" };
        [account, code, rule, who, heard].map(str::to_owned)
    };
    assert_eq!(words(&centre, 2), [row("1001", "461", "contact 1", "operator-2")]);
    assert_eq!(centre.queue(&mut li, 1)[0]["kind"], "burglary");
    let heard = zhang.act(mine, call("ｇｒｅｙ-heron."));
    assert_eq!(told(&heard), (409, "not-yours".into(), json!("duress-code")));
    assert_eq!(
        [heard.json()["title"].clone(), heard.json()["title_zh"].clone()],
        [
            "Answered with the duress code: treat it as a hold-up. It is reported as signal 121 of the account. Not done: it \
             belongs to operator 1",
            "接通,胁迫口令，请按劫盗报警处理。已作为该用户的信号 121 上报。操作未执行：该警情由接警员 1 处理"
        ]
    );
    assert_eq!(words(&centre, 3)[1..], [row("1001", "121", "contact 1", "operator-2")]);
    let raised = centre.queue(&mut li, 1);
    assert_eq!(
        ["incident", "kind", "priority"].map(|name| &raised[0][name]),
        [&json!(mine), &json!("duress"), &json!(1)]
    );

    // On the page of whoever looks at it as it was.
    let page = zhang.get(&format!("/incidents/{mine}")).body;
    let form = format!("csrf={}&act=call&contact%3An=1&spoken=GREY+heron", csrf(&page));
    let refused = zhang.request("POST", &format!("/incidents/{mine}/act"), &[FORM], &form);
    let text = "接通,胁迫口令，请按劫盗报警处理。已作为该用户的信号 121 上报。操作未执行：该警情由接警员 1 处理";
    assert_eq!((refused.status, refused.body.contains(text)), (409, true), "{}", refused.body);
    assert_eq!(words(&centre, 4)[2..], [row("1001", "121", "contact 1", "operator-2")]);

    // Of one that is closed meanwhile: another is open.
    let closed = centre.burglary(&mut zhang, "1002", 3);
    zhang.does(closed, json!({ "act": "take" }));
    zhang.does(closed, json!({ "act": "verify-false", "cause": "user-error" }));
    assert_eq!(told(&zhang.act(closed, call("grey heron"))), (409, "already-closed".into(), json!("duress-code")));
    assert_eq!(words(&centre, 6)[3..], [row("1002", "121", "contact 1", "operator-2")]);
    let queue = centre.queue(&mut zhang, 2);
    let another = queue.iter().find(|row| row["account"] == "1002").unwrap();
    assert_eq!((another["incident"] == json!(closed), &another["kind"]), (false, &json!("duress")));

    // Beside what cannot be done as it is asked, and beside what asks for no word.
    let heard = [
        (json!({ "act": "call", "contact": 9 }), 404, "contact"),
        (json!({ "act": "call" }), 422, ""),
        (json!({ "act": "call", "contact": 1, "number": 99 }), 422, "number"),
        (json!({ "act": "call", "contact": 1, "again_at": "soon" }), 422, ""),
        (json!({ "act": "call", "contact": 1, "second": "chen" }), 422, ""),
        (json!({ "act": "notify-owner", "contact": 1 }), 422, "spoken: no word is asked for in the act"),
        (json!({ "act": "note", "note": "x" }), 422, "spoken: no word is asked for in the act"),
        (json!({ "act": "explode" }), 422, "spoken"),
        (json!({}), 422, "spoken"),
    ];
    for (index, (mut act, status, why)) in heard.into_iter().enumerate() {
        act["spoken"] = json!("grey heron");
        let answer = li.act(mine, act.clone());
        assert_eq!((told(&answer).0, told(&answer).2), (status, json!("duress-code")), "{act}: {}", answer.body);
        assert!(answer.json()["title"].as_str().unwrap().contains(why), "{act}: {}", answer.body);
        assert_eq!(words(&centre, 7 + index).len(), 5 + index, "{act}");
    }
    let (test, lowered) = ("/api/accounts/1002/test", "/api/lowered/1002");
    for (index, (path, mut ask, is)) in [
        (test, json!({ "act": "end", "contact": 1 }), (409, "duress-given")),
        (test, json!({ "act": "start", "proof": "right" }), (409, "duress-given")),
        (test, json!({ "act": "start", "contact": 9 }), (409, "duress-given")),
        (lowered, json!({ "act": "unassign", "contact": 1 }), (422, "invalid")),
    ]
    .into_iter()
    .enumerate()
    {
        ask["spoken"] = json!("grey heron");
        let answer = li.post(path, &ask);
        assert_eq!(answer.problem(), (is.0, is.1.to_owned()), "{ask}: {}", answer.body);
        assert_eq!(words(&centre, 16 + index).len(), 14 + index, "{ask}");
    }
    // What is no threat is refused in so many words, and is nobody's signal.
    for (path, ask) in [
        (&*format!("/api/incidents/{mine}/acts"), json!({ "act": "note", "note": "x", "contact": 1 })),
        (test, json!({ "act": "end", "contact": 1 })),
        (test, json!({ "act": "start", "reason": "repair" })),
        (lowered, json!({ "act": "unassign", "contact": 1 })),
        ("/api/storms", json!({ "act": "declare", "area": "everywhere" })),
        ("/api/follow-ups", json!({ "act": "create", "minutes": 5 })),
    ] {
        let mut ask = ask;
        ask["spoken"] = json!("blue heron");
        let answer = li.post(path, &ask);
        assert_eq!(told(&answer), (422, "invalid".into(), Value::Null), "{path} {ask}");
        assert!(answer.json()["title"].as_str().unwrap().starts_with("spoken: "), "{}", answer.body);
    }
    assert_eq!(words(&centre, 19).len(), 17);
    let page = li.get(&format!("/api/incidents/{mine}")).json();
    let kinds: Vec<_> = page["moments"].as_array().unwrap().iter().map(|moment| &moment["kind"]).collect();
    assert!(
        !kinds.iter().any(|kind| ["called", "owner-notified", "noted"].contains(&kind.as_str().unwrap())),
        "{kinds:?}"
    );
    assert_eq!(centre.terminate().code(), Some(0));
    opsmodel::store::verify(folder.path()).unwrap();
}

fn version(web: &mut Web) -> Value {
    web.get("/api/accounts/1001").json()["sheet"]["row"]["version"].take()
}

/// Row 2.2, on test, "who asked (code proved)": whoever sets a word, or puts somebody on the call list, proves nothing by it until another
/// person has looked at it; the words that were reviewed before prove as they did, and a threat is one at once.
#[test]
fn row_2_2_on_test_proof_a_word_that_nobody_reviewed_proves_nothing() {
    let (_folder, centre) = centre(&["1001"]);
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let set = |web: &mut Web, more: Value| {
        let mut ask = json!({ "version": version(web), "reason": "agreed" });
        ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = web.post("/api/accounts/1001/card", &ask);
        assert_eq!((answer.status, &answer.json()["pending"]), (200, &json!(true)), "{}", answer.body);
    };
    let test = |web: &mut Web, contact: u32, word: &str, more: Value| {
        let mut ask = json!({ "act": "start", "reason": "repair", "contact": contact, "spoken": word });
        ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = web.post("/api/accounts/1001/test", &ask);
        if answer.status != 200 {
            return answer.problem().1;
        }
        let proved = web.get("/api/tests").json()[0]["proved"].take();
        assert_eq!(web.post("/api/accounts/1001/test", &json!({ "act": "end" })).status, 200);
        if proved == true { "proved".to_owned() } else { "not proved".to_owned() }
    };
    let fire = || json!({ "life_safety": ["fire", "hold-up"] });
    let signed = json!({ "life_safety": ["fire"], "second": { "login": "chen", "password": PASSWORD } });
    set(&mut li, json!({ "codewords": "1 codeword my own; duress not me" }));
    assert_eq!(test(&mut li, 1, "my own", fire()), "proof-unreviewed");
    assert_eq!(test(&mut chen, 1, "my own", fire()), "proof-unreviewed", "a supervisor alone is one person, too");
    assert_eq!(test(&mut li, 1, "my own", json!({})), "not proved");
    assert_eq!(test(&mut li, 1, "my own", signed), "not proved");
    assert_eq!(test(&mut li, 1, "blue heron", fire()), "proved");
    // Somebody new, with a word of their own.
    set(
        &mut li,
        json!({ "contacts": "1 Wang; role owner; phone 1 | 2 Zhao; phone 2", "codewords": "2 codeword mine too" }),
    );
    assert_eq!(test(&mut li, 2, "mine too", fire()), "proof-unreviewed");
    let review = json!({ "version": version(&mut chen), "verdict": "approve" });
    assert_eq!(chen.post("/api/accounts/1001/review", &review).status, 200);
    assert_eq!(test(&mut li, 1, "my own", fire()), "proved");
    assert_eq!(test(&mut li, 2, "mine too", fire()), "proved");
    assert_eq!(test(&mut li, 1, "blue heron", fire()), "codeword-wrong");
    // A duress word counts before anybody agreed that it comes, and until somebody agreed that it goes; in a call, too.
    set(&mut li, json!({ "codewords": "1 codeword third word; duress fourth word" }));
    assert_eq!(test(&mut li, 1, "fourth word", fire()), "duress-given");
    assert_eq!(test(&mut li, 1, "not me", fire()), "duress-given");
    let incident = centre.queue(&mut li, 1)[0]["incident"].as_u64().unwrap();
    li.does(incident, json!({ "act": "take" }));
    for word in ["not me", "fourth word", "third word", "my own"] {
        li.does(incident, json!({ "act": "call", "contact": 1, "spoken": word }));
    }
    let moments = li.get(&format!("/api/incidents/{incident}")).json()["moments"].take();
    let called = moments.as_array().unwrap().iter().filter(|moment| moment["kind"] == "called");
    let results: Vec<_> = called.map(|moment| moment["event"]["result"].clone()).collect();
    assert_eq!(results, ["duress-code", "duress-code", "code-ok", "wrong-code"]);
    assert_eq!(centre.terminate().code(), Some(0));
}

/// Row 2.5, password: whoever asks on the telephone that something is only logged, or says that all is well in a storm, is heard as in a call.
#[test]
fn row_2_5_password_a_threat_is_heard_where_something_is_agreed_to() {
    let (_folder, centre) = centre(&["1001"]);
    let mut li = centre.operator("li");
    let row = |code: &str| {
        let rule = if code == "121" { "life-safety" } else { "class.logged" };
        ["1001", code, rule, "contact 1", "operator-1"].map(str::to_owned)
    };
    let propose = |word: Value| {
        json!({ "act": "propose", "version": 2, "lowers": "suspension", "days": 7, "reason": "rebuilt", "contact": 1,
            "spoken": word })
    };
    let agreed = "/api/accounts/1001/agreed";
    assert_eq!(li.post(agreed, &propose(Value::Null)).problem(), (422, "invalid".into()), "no word");
    let missing =
        json!({ "act": "propose", "version": 2, "lowers": "suspension", "days": 7, "reason": "rebuilt", "contact": 1 });
    let missing = li.post(agreed, &missing);
    assert_eq!(missing.problem(), (422, "invalid".into()));
    assert!(missing.body.contains("this contact has a codeword"), "{}", missing.body);
    assert_eq!(
        told(&li.post(agreed, &propose(json!("red heron")))),
        (409, "word-not-right".into(), json!("wrong-code"))
    );
    assert_eq!(words(&centre, 1), [row("461")]);
    let heard = li.post(agreed, &propose(json!("grey heron")));
    assert_eq!(told(&heard), (409, "word-not-right".into(), json!("duress-code")));
    assert_eq!(
        heard.json()["title"],
        "Answered with the duress code: treat it as a hold-up. It is reported as signal 121 of the account. Not done: nothing is proposed"
    );
    let raised = centre.queue(&mut li, 1);
    assert_eq!(["kind", "priority"].map(|name| &raised[0][name]), [&json!("duress"), &json!(1)]);
    let page = li.get("/accounts/1001").body;
    assert_eq!(
        page.matches(r#"name="spoken""#).count(),
        4,
        "a test, a suspension, a log-only agreement, a recurring test"
    );
    let form = format!(
        "csrf={}&act=propose&lowers=suspension&version%3An=2&days%3An=7&reason=x&contact%3An=1&spoken=grey+heron",
        csrf(&page)
    );
    let refused = li.request("POST", "/accounts/1001/agreed", &[FORM], &form);
    assert!(refused.status == 409 && refused.body.contains("请按劫盗报警处理"), "{}", refused.body);
    assert_eq!(words(&centre, 3), [row("461"), row("121"), row("121")]);
    let proposed = li.post(agreed, &propose(json!("blue heron")));
    assert_eq!(
        (proposed.status, proposed.json()),
        (200, json!({ "version": 3, "pending": true })),
        "{}",
        proposed.body
    );

    // What the customer answers who was asked in a storm.
    let incident = raised[0]["incident"].as_u64().unwrap();
    li.does(incident, json!({ "act": "take" }));
    let answer = |answer: &str, word: &str| {
        let mut act = json!({ "act": "answer-contact", "answer": answer, "contact": 1 });
        if !word.is_empty() {
            act["spoken"] = json!(word);
        }
        act
    };
    assert_eq!(told(&li.act(incident, answer("all-well", ""))), (422, "invalid".into(), Value::Null));
    assert_eq!(
        told(&li.act(incident, answer("all-well", "red heron"))),
        (409, "word-not-right".into(), json!("wrong-code"))
    );
    assert_eq!(
        told(&li.act(incident, answer("all-well", "grey heron"))),
        (409, "word-not-right".into(), json!("duress-code"))
    );
    assert_eq!(words(&centre, 5)[3..], [row("461"), row("121")]);
    let asked = li.act(incident, answer("all-well", "blue heron"));
    assert_eq!(told(&asked), (409, "not-asked".into(), Value::Null), "the word is right; nobody asked them");
}
