//! From where signals come (capabilities 2.1, "source check"): real sockets of two addresses of this machine, one of which the card
//! lists.

use std::net::UdpSocket;
use std::time::Duration;

use contactid::{Encoder, Frame, Strictness, Token};
use serde_json::json;

use crate::centre::{Centre, command, furnish};

/// Reports `content` from this address; gives the token of the answer.
fn report(centre: &Centre, from: &str, content: &str, sequence: u16) -> String {
    let socket = UdpSocket::bind((from, 0)).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let data = format!("#1001|{content}");
    let encoder = Encoder {
        line: Some("0"),
        account: Some("1001"),
        data: data.as_bytes(),
        ..Encoder::new(Token::AdmCid, sequence)
    };
    socket.send_to(&encoder.encode().unwrap(), centre.dc09).unwrap();
    let mut buffer = [0; 1024];
    let (count, _) = socket.recv_from(&mut buffer).unwrap();
    Frame::parse(&buffer[..count], Strictness::Strict).unwrap().token().to_string()
}

/// "Spoofed source → flagged, still handled": set by import, shown and changed on the page, told once, explained and reported.
#[test]
fn row_2_1_source_check_by_real_sockets() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let file = folder.path().join("sources.csv");
    let import = |sources: &str, more: &[&str]| {
        let header = "account,name,address,key_hex,format,heartbeat_s,phone,sources";
        std::fs::write(&file, format!("{header}\n1001,Shop,Main Street 1,,,,,\"{sources}\"\n")).unwrap();
        let done = command(&["import", "--data"]).arg(folder.path()).arg(&file).args(more).output().unwrap();
        String::from_utf8([done.stdout, done.stderr].concat()).unwrap()
    };
    assert!(import("moat", &[]).contains("row 2, column sources: expected an address such as 192.0.2.7"));
    let listed = "127.0.0.1, 10.0.0.0/8, 13900000001";
    assert_eq!(import(listed, &["--dry-run"]), "0 accounts would be added, 1 changed; 0 are as the file says\n");
    assert_eq!(import(listed, &[]), "0 accounts were added, 1 changed; 0 are as the file says\n");

    let centre = Centre::on(folder.path());
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    assert_eq!(report(&centre, "127.0.0.1", "1602 00 000", 1), "ACK");
    assert_eq!(report(&centre, "127.0.0.2", "1130 01 005", 2), "ACK");
    assert_eq!(report(&centre, "127.0.0.2", "1602 00 000", 3), "ACK");
    let queue = centre.queue(&mut li, 2);
    let kinds: Vec<_> = queue.iter().map(|row| (row["kind"].clone(), row["signals"].clone())).collect();
    assert_eq!(kinds, [(json!("burglary"), json!(1)), (json!("security"), json!(1))], "handled as always, told once");
    let rows = centre.signals(3);
    let rules: Vec<_> = rows.iter().map(|row| row.rule.as_deref().unwrap()).collect();
    assert_eq!(rules, ["class.logged", "class.shown", "security.not-weighed"]);
    let incident = queue[1]["incident"].as_u64().unwrap();
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("来源不在档案所列之内") && page.contains("来自 127.0.0.2"), "{page}");
    let why = li.get("/api/signals/3/why").json();
    let about: Vec<_> = why["remarks"].as_array().unwrap().iter().filter(|one| one["about"] == "source").collect();
    let says = format!("It came from 127.0.0.2, which the card does not list ({listed}).");
    assert!(about.len() == 1 && about[0]["en"].as_str().unwrap().starts_with(&says), "{why}");
    let reported = li.get("/api/reports/sources").json();
    assert_eq!(
        [&reported[0]["account"], &reported[0]["source"], &reported[0]["signals"], &reported[0]["allowed"]],
        [&json!("1001"), &json!("127.0.0.2"), &json!(2), &json!(listed)],
        "{reported}"
    );

    // The page lets the second address in, too; another person approves it.
    let version = li.get("/api/accounts/1001").json()["sheet"]["row"]["version"].as_u64().unwrap();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = format!("version%3An={version}&reason=second+line&sources=127.0.0.0%2F30");
    assert_eq!(li.request("POST", "/accounts/1001/card", &form, &body).status, 303);
    let sheet = chen.get("/api/accounts/1001").json()["sheet"].take();
    assert_eq!(
        (&sheet["sources"], &sheet["pending"]["fields"][0]["field"]),
        (&json!("127.0.0.0/30"), &json!("sources"))
    );
    let wrong = json!({ "version": version + 1, "reason": "x", "sources": "127.0.0.1/8" });
    let refused = li.post("/api/accounts/1001/card", &wrong);
    assert_eq!(
        (refused.status, refused.body.contains("sources: \\\"127.0.0.1/8\\\": expected 0 to 32 bits")),
        (422, true)
    );
    let approved = chen.post("/api/accounts/1001/review", &json!({ "version": version + 1, "verdict": "approve" }));
    assert_eq!(approved.status, 200, "{}", approved.body);
    let set =
        command(&["account", "set", "--data"]).arg(folder.path()).args(["1001", "--sources", ""]).output().unwrap();
    assert!(!String::from_utf8(set.stdout).unwrap().contains("sources"), "no list is kept any more");
}
