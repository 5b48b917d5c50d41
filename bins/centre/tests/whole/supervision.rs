//! Heartbeats: none is stored, and the loss and the return of a line are signals like any other.

use alarmcore::{Marks, Report, Timestamp};
use contactid::{Qualifier, Signal};
use opsmodel::store::{Answer, NewSignal, SignalLog};
use serde_json::json;

use crate::centre::{Centre, command, furnish, until};

#[test]
fn a_line_that_falls_silent_becomes_an_incident_and_restores() {
    let centre = Centre::with("1001,Shop,Main Street 1,,,1,\n");
    let mut li = centre.operator("li");
    let mut line = centre.line();
    assert_eq!(line.heartbeat("1001"), "ACK");
    let row = centre.queue(&mut li, 1).remove(0);
    assert_eq!((&row["kind"], &row["account"]), (&json!("communication"), &json!("1001")));

    assert_eq!(line.heartbeat("1001"), "ACK");
    let rows = until("the restore is stored", || {
        let rows = li.get("/api/signals").json()["rows"].take();
        (rows.as_array().unwrap().len() >= 2).then_some(rows)
    });
    let seen: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .take(2)
        .map(|row| {
            assert_eq!((&row["line"], &row["marks"]), (&json!("centre"), &json!(["supervision"])));
            (row["code"].clone(), row["qualifier"].clone())
        })
        .collect();
    assert_eq!(seen, [(json!("350"), json!(1)), (json!("350"), json!(3))]);
    let minutes = li.get("/api/reports/conservation").json();
    assert_eq!(minutes["holes"], json!([]), "heartbeats and edges balance: {minutes}");
}

/// 2.2 fail to test: a panel that promised tests and sends none is missed, once; its next signal is the restore. A restart
/// says nothing again. The page shows what is expected, in both languages.
#[test]
fn a_test_that_does_not_come_becomes_an_incident_and_restores() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let rows = "account,name,address,key_hex,format,heartbeat_s,phone,test_interval_s\n\
        1001,Shop,Main Street 1,,,,,1\n1002,Bank,Main Street 2,,,,,86400\n";
    std::fs::write(folder.path().join("tests.csv"), rows).unwrap();
    let import = command(&["import", "--data"]).arg(folder.path()).arg(folder.path().join("tests.csv")).output();
    assert_eq!(
        String::from_utf8_lossy(&import.unwrap().stdout),
        "0 accounts were added, 2 changed; 0 are as the file says\n"
    );
    std::fs::write(folder.path().join("policy.toml"), "[expect]\nrestart_grace_s = 0\n").unwrap();
    let policy = folder.path().join("policy.toml");
    let run = || Centre::run(folder.path(), &["--policy", policy.to_str().unwrap()]);

    let centre = run();
    let mut li = centre.operator("li");
    centre.reports("1001", "1602 00 000");
    centre.reports("1002", "1602 00 000");
    let row = centre.queue(&mut li, 1).remove(0);
    assert_eq!((&row["kind"], &row["account"], &row["signals"]), (&json!("communication"), &json!("1001"), &json!(1)));
    let page = li.get("/accounts/1001").body;
    assert!(page.contains("自 ") && page.contains(" 起未收到"), "{page}");
    let page = li.request("GET", "/accounts/1002", &[("accept-language", "en"), ("cookie", "lang=en")], "").body;
    assert!(page.contains("1d 00h"), "{page}");
    centre.terminate();

    let centre = run();
    let mut li = centre.operator("li");
    std::thread::sleep(std::time::Duration::from_millis(2500));
    assert_eq!(centre.queue(&mut li, 1)[0]["signals"], 1, "said once, before and after a restart");
    centre.reports("1001", "1401 01 003");
    let signals = until("the restore has come", || {
        let row = centre.queue(&mut li, 1).remove(0);
        (row["signals"].as_u64()? >= 2).then(|| li.get("/api/accounts/1001/signals").json()["rows"].take())
    });
    let codes: Vec<_> = signals
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .take(4)
        .map(|row| (row["code"].clone(), row["rule"].clone()))
        .collect();
    let row = |code, rule| (json!(code), json!(rule));
    assert_eq!(
        codes,
        [
            row("602", "class.logged"),
            row("358", "class.shown"),
            row("401", "class.logged"),
            row("358", "restore.joined")
        ]
    );
}

/// A11, 2.2: a group that is open when its hours are over is missed under 454, and its late closing restores that; an opening
/// outside the hours has a rule of its own. The page shows the hours.
#[test]
fn a_schedule_is_kept_or_called_for() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    // Opened yesterday at noon, in hours that ended at eleven in the evening; the next ones come in three days.
    let today = chrono::Utc::now().date_naive();
    let (yesterday, later) = (today - chrono::Days::new(1), today + chrono::Days::new(3));
    let rows = format!(
        "account,name,address,key_hex,format,heartbeat_s,phone,schedule\n\
         1001,Shop,Main Street 1,,,,,zone UTC; Mon 00:00-00:01; closed {today}..{later}; {yesterday} 00:00-23:00; {later} 10:00-11:00\n\
         1002,Bank,Main Street 2,,,,,zone Asia/Shanghai; Mon-Fri 08:30-18:00\n"
    );
    std::fs::write(folder.path().join("hours.csv"), rows).unwrap();
    let import =
        command(&["import", "--data"]).arg(folder.path()).arg(folder.path().join("hours.csv")).output().unwrap();
    let said = [import.stdout, import.stderr].concat();
    assert_eq!(String::from_utf8_lossy(&said), "0 accounts were added, 2 changed; 0 are as the file says\n");
    let report = Report {
        received_at: Timestamp::from_rfc3339(&format!("{yesterday}T12:00:00Z")).unwrap(),
        line: "dc09-tcp".into(),
        account: Some("1001".parse().unwrap()),
        token: "ADM-CID".into(),
        sequence: None,
        part: 0,
        parts: 1,
        marks: Marks::NONE,
        content: 0,
        source: None,
        signal: Some(Signal { group: Some(1), number: Some(3), ..Signal::new("401".parse().unwrap(), Qualifier::New) }),
    };
    let opened = NewSignal { report, peer: "test".into(), answer: Answer::Ack, raw: Vec::new() };
    drop(SignalLog::open(folder.path()).unwrap().append(&[opened], &[]).unwrap());
    std::fs::write(folder.path().join("policy.toml"), "[expect]\nrestart_grace_s = 0\n").unwrap();

    let centre = Centre::run(folder.path(), &["--policy", folder.path().join("policy.toml").to_str().unwrap()]);
    let mut li = centre.operator("li");
    let row = centre.queue(&mut li, 1).remove(0);
    assert_eq!((&row["kind"], &row["account"], &row["priority"]), (&json!("schedule"), &json!("1001"), &json!(4)));
    assert!(li.get("/accounts/1001").body.contains("布防 · 分区 1"), "{}", li.get("/accounts/1001").body);
    centre.reports("1001", "3401 01 003");
    until("the late closing is restored", || (centre.queue(&mut li, 1)[0]["signals"] == 2).then_some(()));
    centre.reports("1001", "1401 01 003");
    let rows = until("the opening is judged", || {
        let rows = li.get("/api/accounts/1001/signals").json()["rows"].take();
        (rows.as_array().unwrap().len() == 5 && !rows[0]["rule"].is_null()).then_some(rows)
    });
    let rules: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|row| format!("{} {}", row["code"], row["rule"]).replace('"', ""))
        .collect();
    assert_eq!(
        rules,
        [
            "401 class.logged",
            "454 code.shown",
            "401 schedule.late-close",
            "454 restore.joined",
            "401 schedule.unexpected-open"
        ]
    );
    let sheet = li.get("/api/accounts/1002").json()["sheet"].take();
    assert_eq!(sheet["schedule"], "zone Asia/Shanghai; tolerance 15m; Mon-Fri 08:30-18:00");
    let set = |more: &[&str]| {
        let done = command(&["account", "set", "--data"]).arg(&centre.data).args(more).output().unwrap();
        (done.status.code(), String::from_utf8([done.stdout, done.stderr].concat()).unwrap())
    };
    let shop = "account 1001 Shop\nschedule zone UTC; tolerance 15m; Mon-Sun 00:00-24:00\nfeatures -\n\
                test_interval_s 3600\ncancel_users -\nsite -\ndistrict -\nfeeder -\ncarrier -\nsite_type -\nlanguage -\nposition -\n";
    let always = ["1001", "--schedule", "zone UTC; Mon-Sun 00:00-24:00", "--test-interval-s", "3600"];
    assert_eq!(set(&always), (Some(0), shop.into()));
    assert_eq!(set(&["1001"]), (Some(0), shop.into()), "nothing named, nothing changed");
    let (code, said) = set(&["1001", "--schedule", "zone UTC; Mon 8-18"]);
    assert_eq!((code, said.contains("character 15: expected hours such as 08:30-18:00")), (Some(2), true), "{said}");
    assert_eq!(set(&["7", "--schedule", ""]).0, Some(65));
    let mut user = 10..90;
    until("the running centre knows it", || {
        // Not so often that the panel runs away, and never the same frame.
        std::thread::sleep(std::time::Duration::from_millis(300));
        centre.reports("1001", &format!("1401 01 0{}", user.next()?));
        let rows = li.get("/api/accounts/1001/signals").json()["rows"].take();
        (rows[0]["rule"] == "schedule.open-again").then_some(())
    });
    let page = li.get("/accounts/1002").body;
    assert!(page.contains("周一–周五") && page.contains("08:30-18:00") && page.contains("Asia/Shanghai"), "{page}");
}
