//! Lowered by agreement, over the API and on the pages (row "4-eyes" of 2.5): proposed by one, approved by another, in force, ended;
//! and the rows of the board, given to somebody and taken back.

use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, command, furnish, until};
use crate::web::Web;

pub(crate) const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// The field of the page's forms that belongs to the session.
pub(crate) fn csrf(page: &str) -> String {
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
    let refused = refused.json();
    let at_most = "until: expected at most 90 days after its beginning, found 400 days: agree on it anew then";
    assert_eq!(
        (&refused["title"], &refused["title_zh"]),
        (&json!(at_most), &json!("最长 90 天,现为 400 天:到期后可重新约定"))
    );
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
    let verdict = json!({ "version": 2, "verdict": "approve", "note": "seen the building site" });
    assert_eq!(li.post(review, &verdict).problem(), (409, "card-refused".into()), "a second person must differ");
    centre.reports("1001", "1130 01 003");
    assert_eq!(centre.queue(&mut li, 1)[0]["kind"], "burglary", "a proposal lowers nothing");
    // Beside an open burglary it takes a supervisor, as a test does.
    let alone = centre.operator("zhang").post(review, &verdict);
    assert_eq!(alone.problem(), (409, "alarm-open".into()), "{}", alone.body);
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

/// A suspension that was agreed to before and begins while a burglary is open covers no further intrusion, and the page says so.
#[test]
fn row_2_5_four_eyes_a_suspension_that_begins_beside_a_burglary() {
    let centre = Centre::with("1001,Shop,Main Street 1,,,,\n");
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let from = chrono::Utc::now() + chrono::Duration::seconds(12);
    let propose = json!({ "act": "propose", "version": 1, "lowers": "suspension", "days": 7, "reason": "the shop is rebuilt",
        "from": from.timestamp_millis() });
    let proposed = li.post("/api/accounts/1001/agreed", &propose);
    assert_eq!(proposed.json(), json!({ "version": 2, "pending": true }));
    let verdict = json!({ "version": 2, "verdict": "approve", "note": "seen the building site" });
    assert_eq!(chen.post("/api/accounts/1001/review", &verdict).json(), json!({ "version": 3, "pending": false }));
    let incident = centre.burglary(&mut li, "1001", 3);
    let hint = format!("/incidents/{incident}\">生效时警情 #{incident} ");
    assert!(!li.get("/accounts/1001").body.contains(&hint), "it has not begun");
    until("it has begun", || li.get("/accounts/1001").body.contains(&hint).then_some(()));
    centre.reports("1001", "1301 00 000");
    centre.reports("1001", "1130 01 004");
    let became: Vec<_> = centre.signals(3).into_iter().map(|row| (row.rule.unwrap(), row.incident)).collect();
    let known = Some(alarmcore::IncidentId::new(incident));
    let expected = [("class.shown", known), ("suspended", None), ("class.shown", known)];
    assert_eq!(became, expected.map(|(rule, incident)| (rule.to_owned(), incident)));
}

/// By command and by import, with nobody signed in: what is proposed waits for a person who approves it on the page, and an end
/// needs nobody. Read twice, a list proposes nothing twice.
#[test]
fn a_suspension_is_proposed_by_command_and_by_import() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let set = |arguments: &[&str]| {
        let done = command(&["account", "set", "--data"]).arg(folder.path()).args(arguments).output().unwrap();
        (done.status.code(), String::from_utf8([done.stdout, done.stderr].concat()).unwrap())
    };
    let moment = |hours: u64| {
        let at = std::time::SystemTime::now() + std::time::Duration::from_secs(hours * 3600);
        let millis = at.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
        alarmcore::Timestamp::from_millis(i64::try_from(millis).unwrap() / 1000 * 1000).to_string()
    };
    let line = format!("suspension; until {}; reason the shop is rebuilt", moment(24));
    let (code, said) = set(&["1001", "--lower", &line]);
    assert_eq!((code, said.contains("lowered 1 suspended: all but life safety, ")), (Some(0), true), "{said}");
    assert!(said.contains("the shop is rebuilt: waits for another person"), "{said}");
    assert!(!set(&["1001", "--lower", &line]).1.contains("lowered 2"), "it stands there already");
    let endless = format!("suspension; until {}; reason never", moment(24 * 400));
    let (code, said) = set(&["1001", "--lower", &endless]);
    assert_eq!((code, said.contains("expected at most 90 days")), (Some(65), true), "{said}");
    let (code, said) = set(&["1001", "--lower", "suspension; reason never"]);
    assert_eq!((code, said.contains("agreement line 1: say until when")), (Some(2), true), "{said}");

    let import = |line: &str| {
        let file = folder.path().join("lowered.csv");
        let head = "account,name,address,key_hex,format,heartbeat_s,phone,lowered";
        std::fs::write(&file, format!("{head}\n1002,Bank,Main Street 2,,,,,\"{line}\"\n")).unwrap();
        let done = command(&["import", "--data"]).arg(folder.path()).arg(&file).output().unwrap();
        String::from_utf8([done.stdout, done.stderr].concat()).unwrap()
    };
    let agreed = format!("log-only; zones 4; until {}; reason moth; agreement A-17", moment(48));
    assert_eq!(import(&agreed), "0 accounts were added, 1 changed; 0 are as the file says\n");
    assert_eq!(import(&agreed), "0 accounts were added, 0 changed; 1 are as the file says\n");
    let paperless = import(&agreed.replace("; agreement A-17", ""));
    assert!(paperless.contains("row 2") && paperless.contains("name the written agreement"), "{paperless}");
    let wrong = import("log-only; zones back door");
    assert!(wrong.contains("row 2, column lowered: agreement line 1: zones: expected numbers"), "{wrong}");

    let centre = Centre::on(folder.path());
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let kinds = |web: &mut Web| {
        let rows = web.get("/api/lowered").json();
        let mut kinds: Vec<String> =
            rows.as_array().unwrap().iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect();
        kinds.sort();
        kinds
    };
    assert_eq!(kinds(&mut li), ["unreviewed", "unreviewed"], "a proposal lowers nothing");
    for account in ["1001", "1002"] {
        let path = format!("/api/accounts/{account}");
        let version = chen.get(&path).json()["sheet"]["row"]["version"].clone();
        let verdict = json!({ "version": version, "verdict": "approve" });
        assert_eq!(chen.post(&format!("{path}/review"), &verdict).json()["pending"], false);
    }
    until("both are in force", || (kinds(&mut li) == ["log-only", "suspended"]).then_some(()));
    let (code, said) = set(&["1001", "--raise", "1 the shop is open again"]);
    assert_eq!((code, said.contains("lowered 1")), (Some(0), false), "{said}");
    until("the suspension is over", || (kinds(&mut li) == ["log-only"]).then_some(()));
    assert_eq!(set(&["1001", "--raise", "1 again"]).0, Some(65), "it is over");

    // The language of the site, on its page and by the API.
    let version = li.get("/api/accounts/1001").json()["sheet"]["row"]["version"].as_u64().unwrap();
    let edit = json!({ "version": version, "reason": "they say so", "language": "ug", "district": "East" });
    assert_eq!(li.post("/api/accounts/1001/card", &edit).status, 200);
    let page = chen.get("/accounts/1001").body;
    assert!(
        page.contains(r#"name="language" value="ug""#) && page.contains(r#"name="district" value="East""#),
        "{page}"
    );
    let form = format!("csrf={}&version:n={}&reason=they+left&language=-", csrf(&page), version + 1);
    assert_eq!(chen.request("POST", "/accounts/1001/card", &[FORM], &form).status, 303);
    let sheet = li.get("/api/accounts/1001").json()["sheet"].take();
    assert_eq!((sheet["language"].clone(), sheet["district"].clone()), (Value::Null, json!("East")));
    centre.terminate();
    verify(folder.path()).unwrap();
}

/// The acceptance of the row "Runaway" of 2.2 on the running centre: 1 item, 1 repair order, on the board with the incident; another
/// life-safety zone still calls; and a kill in between makes no second order.
#[test]
fn row_2_2_runaway_is_one_item_and_one_repair_order() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    let flaps = |centre: &Centre, times: usize| {
        let mut line = centre.line();
        (0..times).for_each(|time| drop(line.report("1001", ["1130 01 007", "3130 01 007"][time % 2])));
    };
    flaps(&centre, 40);
    let runs = |web: &mut Web| {
        let queue = web.get("/api/queue").json();
        let rows = queue["rows"].as_array().unwrap().clone();
        rows.into_iter().filter(|row| row["kind"] == "runaway").collect::<Vec<_>>()
    };
    let item = until("the item is there", || runs(&mut li).pop());
    let orders = li.get("/api/follow-ups").json();
    let told = ["reason", "to_rank", "incident", "account", "by", "note"].map(|name| orders[0][name].clone());
    let expected = json!(["runaway", "supervisor", item["incident"], "1001", null, null]);
    assert_eq!((orders.as_array().map(Vec::len), json!(told)), (Some(1), expected));
    let board = |web: &mut Web| {
        let rows = web.get("/api/lowered").json().as_array().unwrap().clone();
        let told = ["kind", "account", "owner_rank", "incident", "follow_up"];
        rows.iter().map(|row| told.map(|name| row[name].clone())).collect::<Vec<_>>()
    };
    let row = ["runaway".into(), "1001".into(), "supervisor".into(), item["incident"].clone(), json!(1)];
    assert_eq!(board(&mut li), std::slice::from_ref(&row));

    centre.kill();
    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    flaps(&centre, 40);
    centre.reports("1001", "1110 01 002");
    until("the fire calls", || {
        let queue = li.get("/api/queue").json();
        queue["rows"].as_array().unwrap().iter().any(|row| row["kind"] == "fire").then_some(())
    });
    assert_eq!((runs(&mut li).len(), board(&mut li)), (1, vec![row]));
    assert_eq!(li.get("/api/follow-ups").json().as_array().map(Vec::len), Some(1));
    let page = li.get("/lowered").body;
    assert!(page.contains("主机频繁上报") && page.contains("维修单(待办 1)"), "{page}");
    let page = li.get("/follow-ups").body;
    assert!(page.contains("维修单:主机频繁上报") && page.contains("按规则"), "{page}");
    let done = li.post("/api/follow-ups/1", &json!({ "act": "done", "note": "detector changed" }));
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(li.get("/api/follow-ups").json(), json!([]));
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}

/// A centre is not started on a policy that only logs something and says neither who answers for it nor until when; one that says so is
/// on the board, for the account's kind of site too.
#[test]
fn row_2_lowered_protection_by_an_override() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let file = folder.path().join("policy.toml");
    let silent = "[[override]]\naccounts = ['1001']\nclasses = { tamper = { action = 'log' } }\n";
    std::fs::write(&file, silent).unwrap();
    let check = command(&["policy", "check", file.to_str().unwrap()]).output().unwrap();
    let told = String::from_utf8(check.stderr).unwrap();
    assert!(
        told.contains("line 1, column 1: an override that lowers protection (Tamper: logged only) needs `owner`"),
        "{told}"
    );
    std::fs::write(&file, format!("{silent}owner = 'Wang of Safe Ltd'\nuntil = '2099-12-31'\n")).unwrap();
    let centre = Centre::run(folder.path(), &["--policy", file.to_str().unwrap()]);
    let mut li = centre.operator("li");
    centre.reports("1001", "1137 01 004");
    let rows = li.get("/api/lowered").json();
    let told = ["kind", "account", "name", "owner_rank", "owner_name", "deadline", "warn_at", "what_en", "what_zh"];
    assert_eq!(
        json!(told.map(|name| rows[0][name].clone())),
        json!([
            "overridden",
            null,
            "1001",
            "supervisor",
            "Wang of Safe Ltd",
            "2100-01-01T00:00:00.000Z",
            "2099-12-31T00:00:00.000Z",
            "Tamper: logged only",
            "防拆报警:只记录"
        ])
    );
    let page = li.get("/lowered").body;
    assert!(page.contains("例外规则只记录或等待") && page.contains("Wang of Safe Ltd"), "{page}");
    assert_eq!(centre.signals(1)[0].rule.as_deref(), Some("class.logged"));
    let page = li.get("/accounts/1001").body;
    assert!(page.contains("classes · Wang of Safe Ltd · 至"), "{page}");
    assert_eq!(centre.terminate().code(), Some(0));
}
