//! Heartbeats: none is stored, and the loss and the return of a line are signals like any other.

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
