//! Late to close (§2.2): real files to and from whoever reaches the customers, what they answer, and a kill in between.

use std::path::Path;

use alarmcore::{Marks, Report, Timestamp};
use contactid::{Qualifier, Signal};
use opsmodel::store::{Answer, NewSignal, SignalLog, verify};
use serde_json::{Value, json};

use crate::centre::{Centre, command, furnish, until};
use crate::web::Web;

const SHOPS: [&str; 5] = ["1001", "1002", "1003", "1004", "1005"];

/// Five shops that were opened yesterday at noon, in hours that ended at eleven in the evening; of the last nobody may close late.
fn furnished(folder: &Path) {
    let cards: String = SHOPS.iter().map(|shop| format!("{shop},Shop {shop},Main Street {shop},,,,\n")).collect();
    furnish(folder, &cards);
    let today = chrono::Utc::now().date_naive();
    let (yesterday, later) = (today - chrono::Days::new(1), today + chrono::Days::new(3));
    let hours = format!(
        "zone UTC; Mon 00:00-00:01; closed {today}..{later}; {yesterday} 00:00-23:00; {later} 10:00-11:00; \
         {} 10:00-11:00",
        later + chrono::Days::new(1)
    );
    let row = |shop: &str| {
        let may = if shop == "1005" { "" } else { "; closes-late" };
        format!(
            "{shop},Shop {shop},Main Street {shop},,,,,{hours},1 Wang Fang; role owner; phone 139{may} | 2 Li; phone 138\n"
        )
    };
    let rows: String = SHOPS.iter().map(|shop| row(shop)).collect();
    let header = "account,name,address,key_hex,format,heartbeat_s,phone,schedule,contacts\n";
    std::fs::write(folder.join("hours.csv"), format!("{header}{rows}")).unwrap();
    let import = command(&["import", "--data"]).arg(folder).arg(folder.join("hours.csv")).output().unwrap();
    let said = String::from_utf8([import.stdout, import.stderr].concat()).unwrap();
    assert_eq!(said, "0 accounts were added, 5 changed; 0 are as the file says\n");
    let opened = |shop: &&str| {
        let open = Signal::new("401".parse().unwrap(), Qualifier::New);
        let report = Report {
            received_at: Timestamp::from_rfc3339(&format!("{yesterday}T12:00:00Z")).unwrap(),
            line: "dc09-tcp".into(),
            account: Some(shop.parse().unwrap()),
            token: "ADM-CID".into(),
            sequence: None,
            part: 0,
            parts: 1,
            marks: Marks::NONE,
            content: 0,
            source: None,
            signal: Some(Signal { group: Some(1), number: Some(3), ..open }),
        };
        NewSignal { report, peer: "test".into(), answer: Answer::Ack, raw: Vec::new() }
    };
    let opened: Vec<NewSignal> = SHOPS.iter().map(opened).collect();
    drop(SignalLog::open(folder).unwrap().append(&opened, &[]).unwrap());
    let policy = "[expect]\nrestart_grace_s = 0\n[late_close]\nanswer_within_s = 900\nextend_max_s = 3600\n";
    std::fs::write(folder.join("policy.toml"), policy).unwrap();
    let ways =
        "[way.messages]\nby = \"file\"\nout = \"out\"\nanswers = \"in\"\n[late_close]\nquestion = \"messages\"\n";
    std::fs::write(folder.join("outside.toml"), ways).unwrap();
}

fn run(folder: &Path) -> Centre {
    let (policy, outside) = (folder.join("policy.toml"), folder.join("outside.toml"));
    Centre::run(folder, &["--policy", policy.to_str().unwrap(), "--outside", outside.to_str().unwrap()])
}

/// The questions that were sent, by account.
fn questions(folder: &Path) -> Vec<Value> {
    let files = std::fs::read_dir(folder.join("out")).into_iter().flatten();
    let paths = files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "json"));
    let mut found: Vec<Value> =
        paths.map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect();
    found.sort_by_key(|question| question["account"].as_str().unwrap().to_owned());
    found
}

fn answer(folder: &Path, name: &str, body: &Value) {
    std::fs::write(folder.join("in").join(format!("{name}.part")), body.to_string()).unwrap();
    std::fs::rename(folder.join("in").join(format!("{name}.part")), folder.join("in").join(format!("{name}.json")))
        .unwrap();
}

/// What stands on the board of late closings: account, how far it has come.
fn board(web: &mut Web) -> Vec<(String, String)> {
    let rows = web.get("/api/lowered").json();
    let late = rows.as_array().unwrap().iter().filter(|row| row["kind"] == "late-closing");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let mut late: Vec<_> = late.map(|row| (text(&row["account"]), text(&row["what_en"]))).collect();
    late.sort_unstable();
    late
}

/// "message to customer with answers {extend, not closing today, arm remotely} (C-12) → else operator".
#[test]
fn row_2_2_late_to_close_asks_and_hears_by_files() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    furnished(folder);
    let policy = folder.join("policy.toml");
    let data = folder.join("other");
    let refused = command(&["--data", data.to_str().unwrap(), "--policy", policy.to_str().unwrap()]).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(64) && said.contains("no way to ask: name one as `question`"), "{said}");

    let centre = run(folder);
    let mut li = centre.operator("li");
    let asked = until("four are asked", || Some(questions(folder)).filter(|asked| asked.len() == 4));
    let told = ["kind", "account", "group", "extend_max_minutes", "contacts"].map(|name| asked[0][name].clone());
    let wang = json!([{ "contact": 1, "name": "Wang Fang", "phone": "139", "role": "owner" }]);
    assert_eq!(json!(told), json!(["late-closing", "1001", 1, 60, wang]));
    let queue = centre.queue(&mut li, 1);
    assert_eq!((&queue[0]["account"], &queue[0]["kind"]), (&json!("1005"), &json!("schedule")), "nobody may be asked");
    let waits = |shop: &str| (shop.to_owned(), "Customer asked, group 1".to_owned());
    assert_eq!(board(&mut li), ["1001", "1002", "1003", "1004"].map(waits));
    let why = li.get(&format!("/api/signals/{}/why", asked[0]["signal"])).json();
    assert_eq!((&why["shown"], &why["steps"][0]["rule"]), (&json!(false), &json!("late-close.asked")));
    centre.kill();

    // Whoever was asked before is not asked again, and answers.
    let centre = run(folder);
    let mut li = centre.operator("li");
    let says = |question: usize, message: &str, more: Value| {
        let mut body = json!({ "message": message, "account": asked[question]["account"],
            "signal": asked[question]["signal"], "contact": 1 });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let extend = says(0, "M-1", json!({ "closing": "extend", "minutes": 30, "text": "stock-taking" }));
    until("answers are looked for", || folder.join("in/done").exists().then_some(()));
    answer(folder, "1", &extend);
    answer(folder, "2", &extend);
    answer(folder, "3", &says(1, "M-2", json!({ "closing": "not-today" })));
    answer(folder, "4", &says(2, "M-3", json!({ "closing": "arm", "text": "nobody is there any more" })));
    answer(folder, "5", &says(2, "M-3", json!({ "closing": "arm", "text": "nobody is there any more" })));
    answer(folder, "6", &says(3, "M-4", json!({ "closing": "not-today", "contact": 2 })));
    answer(folder, "7", &says(3, "M-5", json!({ "closing": "extend", "minutes": 5 })));
    let queue = centre.queue(&mut li, 3);
    let mut shown: Vec<_> = queue.iter().map(|row| row["account"].as_str().unwrap()).collect();
    shown.sort_unstable();
    assert_eq!(shown, ["1003", "1004", "1005"]);
    // What is written beside an answer is for people to see, though the answer was heard; so is what came too late.
    let mut codes = until("both are kept", || {
        let rows = li.get("/api/outside").json()["unmatched"].take();
        let codes: Vec<_> = rows.as_array().unwrap().iter().map(|row| row["code"].clone()).collect();
        (codes.len() >= 2).then_some(codes)
    });
    codes.sort_unstable_by_key(|code| code.as_str().map(str::to_owned));
    assert_eq!(codes, ["not-asked", "words-beside"].map(Value::from), "the rest was heard");
    assert!(li.get("/outside").body.contains("stock-taking"), "in their words");
    assert_eq!(questions(folder).len(), 4, "nobody is asked twice");
    // Something else under a number that was heard, of a question that stands and of one that is over: each is seen by people.
    answer(folder, "8", &says(0, "M-1", json!({ "closing": "not-today" })));
    answer(folder, "9", &says(2, "M-3", json!({ "closing": "extend", "minutes": 5 })));
    until("both are kept", || {
        let rows = li.get("/api/outside").json()["unmatched"].take();
        let used = rows.as_array().unwrap().iter().filter(|row| row["code"] == "number-used");
        (used.count() == 2).then_some(())
    });
    let late = [
        ("1001".to_owned(), "Closes later, as the customer says, group 1".to_owned()),
        ("1002".to_owned(), "Does not close today, as the customer says, group 1".to_owned()),
    ];
    assert_eq!(board(&mut li), late);

    // The operator sees the wish and the words; and why the other is not shown.
    let wish = queue.iter().find(|row| row["account"] == "1003").unwrap()["incident"].as_u64().unwrap();
    let page = li.get(&format!("/api/incidents/{wish}")).json();
    let moments = page["moments"].as_array().unwrap();
    assert_eq!(moments[0]["event"]["rule"], "late-close.arm");
    assert!(moments.iter().any(|moment| moment["event"]["note"] == "nobody is there any more"), "{page}");
    let why = li.get(&format!("/api/signals/{}/why", asked[1]["signal"])).json();
    let last = why["steps"].as_array().unwrap().last().unwrap();
    assert_eq!((&why["shown"], &last["rule"]), (&json!(false), &json!("late-close.asked")));

    // By telephone an operator records it, by form or call; once is all that the policy allows.
    let page = li.get("/lowered").body;
    assert!(page.contains("answer-closing") && page.contains("Wang Fang 139"), "{page}");
    let signal = asked[0]["signal"].clone();
    let again = json!({ "act": "answer-closing", "signal": signal, "answer": "extend", "minutes": 5, "contact": 1 });
    assert_eq!(li.post("/api/lowered/1001", &again).problem(), (409, "no-more-extensions".into()));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!(
        "csrf={}&act=answer-closing&signal:n={signal}&answer=extend&minutes:n=5&contact:n=2",
        li.csrf.clone().unwrap()
    );
    let refused = li.request("POST", "/lowered/1001", &form, &body);
    assert!(refused.status == 409 && refused.body.contains("closes-late"), "{}: {}", refused.status, refused.body);

    // Closed in the time that was extended: nobody is called.
    centre.reports("1001", "3401 01 003");
    until("the closing ends it", || (board(&mut li).len() == 1).then_some(()));
    let why = li.get(&format!("/api/signals/{signal}/why")).json();
    let rules: Vec<_> = why["steps"].as_array().unwrap().iter().map(|step| step["rule"].clone()).collect();
    assert_eq!(rules, ["late-close.asked", "late-close.closed"].map(Value::from));
    assert_eq!(centre.queue(&mut li, 3).len(), 3);

    // Whatever becomes of its incident: a site that is open after its hours is on the board until it is closed.
    let open = |web: &mut Web| {
        let rows = web.get("/api/lowered").json();
        let open = rows.as_array().unwrap().iter().filter(|row| row["kind"] == "not-closed");
        let mut open: Vec<_> = open
            .map(|row| {
                (row["account"].clone(), row["number"].clone(), row["owner_rank"].clone(), row["deadline"].is_string())
            })
            .collect();
        open.sort_by_key(|row| row.0.to_string());
        open
    };
    let row = |account: &str| (json!(account), json!(1), json!("operator"), true);
    let incident = queue.iter().find(|row| row["account"] == "1005").unwrap()["incident"].as_u64().unwrap();
    let acts = format!("/api/incidents/{incident}/acts");
    for act in [json!({ "act": "take" }), json!({ "act": "verify-false", "cause": "user-error" })] {
        let done = li.post(&acts, &act);
        assert_eq!(done.status, 200, "{}", done.body);
    }
    centre.queue(&mut li, 2);
    assert_eq!(open(&mut li), ["1003", "1004", "1005"].map(row));
    centre.reports("1005", "3401 01 003");
    until("the closing ends it", || (open(&mut li) == ["1003", "1004"].map(row)).then_some(()));
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder).unwrap();
}

/// Whoever is asked on the telephone why the shop is not closed says their duress word: the closing is not put off, and it is a hold-up.
#[test]
fn row_2_2_late_to_close_under_duress_is_not_put_off() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    furnished(folder);
    let centre = run(folder);
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let asked = until("four are asked", || Some(questions(folder)).filter(|asked| asked.len() == 4));
    let card = json!({ "version": 2, "reason": "agreed", "codewords": "1 codeword blue heron; duress grey heron" });
    assert_eq!(li.post("/api/accounts/1001/card", &card).status, 200);
    let review = json!({ "version": 3, "verdict": "approve" });
    assert_eq!(chen.post("/api/accounts/1001/review", &review).status, 200);
    let says = |answer: &str, word: Option<&str>| {
        let mut act = json!({ "act": "answer-closing", "signal": asked[0]["signal"], "answer": answer, "contact": 1 });
        if answer == "extend" {
            act["minutes"] = json!(30);
        }
        if let Some(word) = word {
            act["spoken"] = json!(word);
        }
        act
    };
    let waits = board(&mut li);
    for answer in ["not-today", "extend"] {
        let refused = li.post("/api/lowered/1001", &says(answer, None));
        assert_eq!(refused.problem(), (422, "invalid".into()), "{}", refused.body);
        let refused = li.post("/api/lowered/1001", &says(answer, Some("red heron")));
        assert_eq!(refused.problem(), (409, "word-not-right".into()), "{}", refused.body);
    }
    // On the page there is a field for it.
    let page = li.get("/lowered").body;
    let fields = page
        .split(r#"name="signal:n""#)
        .skip(1)
        .filter(|form| form.split("</form>").next().unwrap().contains(r#"name="spoken""#));
    assert_eq!(fields.count(), 4, "one for each question");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!(
        "csrf={}&act=answer-closing&signal:n={}&answer=not-today&contact:n=1&spoken=Grey+Heron",
        li.csrf.clone().unwrap(),
        asked[0]["signal"]
    );
    let heard = li.request("POST", "/lowered/1001", &form, &body);
    assert!(heard.status == 409 && heard.body.contains("请按劫盗报警处理"), "{}: {}", heard.status, heard.body);
    assert!(
        heard.body.contains("操作未执行：未延后布防") && !heard.body.to_lowercase().contains("grey heron"),
        "{}",
        heard.body
    );
    assert_eq!(board(&mut li), waits, "the question stands");
    let rows = until("the hold-up is shown", || {
        let rows = li.get("/api/queue").json()["rows"].take();
        (rows[0]["account"] == "1001").then_some(rows)
    });
    assert_eq!(["kind", "priority"].map(|name| &rows[0][name]), [&json!("duress"), &json!(1)]);
    assert_eq!(li.post("/api/lowered/1001", &says("not-today", Some("blue heron"))).status, 200);
    let now = ("1001".to_owned(), "Does not close today, as the customer says, group 1".to_owned());
    assert_eq!(board(&mut li)[0], now);
    // Who has no word says none.
    let other = json!({ "act": "answer-closing", "signal": asked[1]["signal"], "answer": "not-today", "contact": 1 });
    assert_eq!(li.post("/api/lowered/1002", &other).status, 200);
}

/// Whoever calls for help where they are asked about a closing is in danger, whatever else they answer, and whether or not it can be read.
#[test]
fn row_2_2_late_to_close_a_cry_beside_an_answer_is_life_safety() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    furnished(folder);
    let centre = run(folder);
    let mut li = centre.operator("li");
    let asked = until("four are asked", || Some(questions(folder)).filter(|asked| asked.len() == 4));
    let says = |question: usize, message: &str, closing: &str, text: &str| {
        json!({ "message": message, "account": asked[question]["account"], "signal": asked[question]["signal"],
            "contact": 1, "closing": closing, "text": text })
    };
    answer(folder, "1", &says(0, "M-1", "not-today", "HELP robbers here"));
    answer(folder, "2", &says(1, "M-2", "help", "they have a gun"));
    answer(folder, "3", &says(2, "M-3", "not-today", "we count the stock"));
    let queue = centre.queue(&mut li, 3);
    let danger = queue.iter().filter(|row| row["priority"] == 1);
    let mut danger: Vec<_> = danger.map(|row| (row["account"].clone(), row["kind"].clone())).collect();
    danger.sort_unstable_by_key(|(account, _)| account.as_str().map(str::to_owned));
    assert_eq!(danger, ["1001", "1002"].map(|shop| (json!(shop), json!("hold-up"))));
    until("the rest is heard", || {
        let late = board(&mut li);
        late.contains(&("1003".into(), "Does not close today, as the customer says, group 1".into())).then_some(())
    });
}
