//! Users of a panel (capabilities 2.2, "unexpected open": user name on screen): set by import, form, API and command, reviewed, and
//! shown by name wherever their number is.

use serde_json::json;

use crate::centre::{Centre, command, furnish, until};

const HEADER: &str = "account,name,address,key_hex,format,heartbeat_s,phone,schedule,users\n";
fn days(days: u64) -> chrono::Days {
    chrono::Days::new(days)
}

const WANG: &str = "3 Wang Fang; cancels; closes-late; until 2099-12-31T00:00:00.000Z";

#[test]
fn row_2_2_unexpected_open_tells_who_it_was() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let file = folder.path().join("users.csv");
    let import = |users: &str, more: &[&str]| {
        // Hours that are never now: every opening is unexpected.
        let today = chrono::Utc::now().date_naive();
        let hours = format!("zone UTC; Mon 00:00-00:01; closed {}..{}", today - days(2), today + days(3));
        std::fs::write(&file, format!("{HEADER}1001,Shop,Main Street 1,,,,,{hours},{users}\n")).unwrap();
        let done = command(&["import", "--data"]).arg(folder.path()).arg(&file).args(more).output().unwrap();
        String::from_utf8([done.stdout, done.stderr].concat()).unwrap()
    };
    assert!(import("Wang", &[]).contains("row 2, column users: user line 1: expected a number from 1 and a name"));
    let both = format!("{WANG} | 4 Li");
    assert_eq!(import(&both, &["--dry-run"]), "0 accounts would be added, 1 changed; 0 are as the file says\n");
    assert_eq!(import(&both, &[]), "0 accounts were added, 1 changed; 0 are as the file says\n");

    let log = folder.path().join("centre.log");
    let centre = Centre::logging(folder.path(), &log);
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    centre.reports("1001", "1401 01 003");
    let queue = centre.queue(&mut li, 1);
    let last = &queue[0]["last_signal"];
    assert_eq!((&last["user"], &last["user_name"]), (&json!(3), &json!("Wang Fang")), "{queue:?}");
    let incident = queue[0]["incident"].as_u64().unwrap();
    let signal = last["id"].as_u64().unwrap();
    for page in ["/".to_owned(), format!("/incidents/{incident}"), "/signals".into(), "/accounts/1001".into()] {
        let body = li.get(&page).body;
        assert!(body.contains("003 Wang Fang"), "{page}: {body}");
    }
    let why = li.get(&format!("/signals/{signal}")).body;
    assert!(why.contains("003 Wang Fang"), "{why}");
    let stored = li.get("/api/accounts/1001").json()["sheet"].take();
    let until_then = "2099-12-31T00:00:00.000Z";
    assert_eq!(
        stored["users"],
        json!([
            { "user": 3, "name": "Wang Fang", "cancels": true, "cancels_unreviewed": false, "closes_late": true, "until": until_then },
            { "user": 4, "name": "Li", "cancels": false, "cancels_unreviewed": false, "closes_late": false, "until": null },
        ])
    );
    assert_eq!((&stored["cancel_users"], &stored["area_users"]), (&json!([3]), &json!(["Wang Fang"])));

    // On the page another name is given to the number; the past keeps its own, and a rejection puts the old one back.
    let version = stored["row"]["version"].as_u64().unwrap();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("version%3An={version}&reason=Wang+has+left&users=3+Zhao%0D%0A4+Li");
    let done = li.request("POST", "/accounts/1001/card", &form, &body);
    assert_eq!(done.status, 303, "{}", done.body);
    let page = chen.get("/accounts/1001").body;
    assert!(page.contains("主机用户") && page.contains(WANG) && page.contains("3 Zhao"), "{page}");
    let pending = chen.get("/api/accounts/1001").json()["sheet"]["pending"].take();
    assert_eq!(pending["fields"], json!([{ "field": "users", "old": both, "new": "3 Zhao | 4 Li" }]));
    centre.reports("1001", "1401 01 003");
    let names = until("the second is judged", || {
        let rows = li.get("/api/accounts/1001/signals").json()["rows"].take();
        let names: Vec<_> = rows.as_array().unwrap().iter().map(|row| row["user_name"].clone()).collect();
        Some(names).filter(|names| names.len() == 2)
    });
    assert_eq!(names, ["Zhao", "Wang Fang"]);
    let wrong = json!({ "version": version + 1, "reason": "x", "users": "3 Zhao; boss" });
    let refused = li.post("/api/accounts/1001/card", &wrong);
    assert_eq!((refused.status, refused.body.contains("users: user line 1: expected cancels")), (422, true));
    let rejected = chen.post("/api/accounts/1001/review", &json!({ "version": version + 1, "verdict": "reject" }));
    assert_eq!(rejected.status, 200, "{}", rejected.body);
    let back = li.get("/api/accounts/1001").json()["sheet"].take();
    assert_eq!(back["users"], stored["users"]);
    let set =
        command(&["account", "set", "--data"]).arg(folder.path()).args(["1001", "--users", "4 Li"]).output().unwrap();
    let said = String::from_utf8([set.stdout, set.stderr].concat()).unwrap();
    assert!(said.contains("cancel_users -\nuser 4 Li\n"), "{said}");
    let mut set = command(&["account", "set", "--data"]);
    let set = set.arg(folder.path()).args(["1001", "--users", "4 Li; cancels"]).output().unwrap();
    let said = String::from_utf8(set.stdout).unwrap();
    assert!(said.contains("cancel_users 4 (waits for another person: 4)\n"), "{said}");
    centre.kill();
    // Names are on cards and pages, and in no log.
    let logged = std::fs::read_to_string(&log).unwrap();
    assert!(!logged.contains("Wang Fang") && !logged.contains("Zhao"), "{logged}");
    assert!(!logged.is_empty() && !logged.contains('\u{1b}'), "a log that is no terminal has no colours: {logged}");
}

/// An opening in the hours by a user whom the card does not list: an item with the number on it, which says why, in both languages.
#[test]
fn row_2_2_unexpected_open_tells_who_is_not_on_the_card() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let set =
        command(&["account", "set", "--data"]).arg(folder.path()).args(["1001", "--users", "3 Wang Fang"]).output();
    assert!(set.unwrap().status.success());
    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    centre.reports("1001", "1401 01 003");
    centre.reports("1001", "1401 02 009");
    let queue = centre.queue(&mut li, 1);
    let last = &queue[0]["last_signal"];
    assert_eq!((&last["user"], &last["user_name"]), (&json!(9), &json!(null)), "{queue:?}");
    assert_eq!((&queue[0]["kind"], &last["rule"]), (&json!("schedule"), &json!("schedule.unlisted-user")));
    let incident = queue[0]["incident"].as_u64().unwrap();
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("不在档案所列用户之内的用户撤防") && page.contains("009"), "{page}");
    let why = li.get("/api/signals/2/why").json();
    let says = |lang: &str| {
        let remarks = why["remarks"].as_array().unwrap().iter();
        remarks.filter_map(|one| one[lang].as_str()).find(|says| says.contains(" 9 ")).unwrap().to_owned()
    };
    assert_eq!(
        [says("en"), says("zh")],
        [
            "User 9 is not among the users whom the card lists: what they open is shown, and neither that nor what they close \
             lowers an alarm.",
            "用户 9 不在档案所列用户之内:其撤防须显示,其撤防、布防均不作为警情降级的依据。",
        ]
    );
}

/// A right to cancel that one person gives counts only once another has reviewed it; until then the alarm stays what it is, and
/// everybody is told why. What is taken away is gone at once.
#[test]
fn row_2_2_abort_and_cancel_counts_when_it_is_reviewed() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let centre = Centre::on(folder.path());
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let edit = |account: &str, version: u32, users: &str| {
        let mut li = centre.operator("li");
        let ask = json!({ "version": version, "reason": "asked for", "users": users });
        let done = li.post(&format!("/api/accounts/{account}/card"), &ask);
        assert_eq!(done.status, 200, "{}", done.body);
        done.json()["version"].as_u64().unwrap()
    };
    let review = |account: &str, version: u64, verdict: &str| {
        let mut chen = centre.operator("chen");
        let done =
            chen.post(&format!("/api/accounts/{account}/review"), &json!({ "version": version, "verdict": verdict }));
        assert_eq!(done.status, 200, "{}", done.body);
        done.json()["version"].as_u64().unwrap()
    };
    let mut line = centre.line();
    let mut says = |account: &str, content: &str| assert_eq!(line.report(account, content), "ACK");
    let rule = |count: usize| centre.signals(count).pop().unwrap().rule.unwrap();

    // No list was kept: a cancel is what it was before, and lowers nothing.
    let version = edit("1001", 1, "3 Wang; cancels");
    let sheet = li.get("/api/accounts/1001").json()["sheet"].take();
    assert_eq!((&sheet["cancel_users"], &sheet["cancel_users_unreviewed"]), (&json!([3]), &json!([3])));
    assert!(chen.get("/accounts/1001").body.contains("取消权待他人复核，复核前不生效"));
    says("1001", "1130 01 005");
    says("1001", "1406 01 003");
    assert_eq!(rule(2), "cancel.joined");
    assert_eq!(centre.queue(&mut li, 1)[0]["priority"], 2);
    let why = li.get("/api/signals/2/why").body;
    assert!(why.contains("User 3 was given the right to cancel, and nobody else had reviewed that"), "{why}");
    assert!(why.contains("用户 3 的取消权当时尚未经他人复核"), "{why}");

    // Reviewed: it counts from now on.
    let version = review("1001", version, "approve");
    let sheet = li.get("/api/accounts/1001").json()["sheet"].take();
    assert_eq!(sheet["cancel_users_unreviewed"], json!([]));
    says("1001", "1406 01 003");
    assert_eq!(rule(3), "cancel.allowed");
    assert_eq!(centre.queue(&mut li, 1)[0]["priority"], 5);

    // A list is kept by now: whoever is given the right is a stranger until somebody has reviewed it, and whoever loses it is one at once.
    let version = edit("1001", u32::try_from(version).unwrap(), "3 Wang | 4 Li; cancels");
    for user in ["003", "004"] {
        says("1001", &format!("1406 01 {user}"));
    }
    assert_eq!(centre.signals(5).iter().filter(|row| row.rule.as_deref() == Some("cancel.stranger")).count(), 2);
    let version = review("1001", version, "reject");
    says("1001", "1406 01 003");
    assert_eq!(rule(6), "cancel.allowed", "what was put back counts as it did: it was reviewed");

    // And it is so after a restart.
    edit("1001", u32::try_from(version).unwrap(), "3 Wang; cancels | 4 Li; cancels");
    centre.kill();
    let centre = Centre::on(folder.path());
    centre.reports("1001", "1406 01 004");
    assert_eq!(centre.signals(7).pop().unwrap().rule.as_deref(), Some("cancel.stranger"));
    assert_eq!(centre.terminate().code(), Some(0));
    opsmodel::store::verify(folder.path()).unwrap();
}
