//! The machine's clock is set while the centre runs, and while it does not: nothing that waits stands still.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::centre::{Centre, command, furnish, until};

const POLICY: &str = "[self_watch]\nbackup_age_h = 0\ndisk_free_mb = 0\n[[escalation]]\nfamily = \"life-safety\"\nmissing = \"take\"\n\
    after_s = 4\nto = \"supervisor\"\n";

/// A library for `LD_PRELOAD`, made of the file beside this one by the C compiler that the database needs, too.
fn shim(folder: &Path) -> String {
    let (source, library) =
        (concat!(env!("CARGO_MANIFEST_DIR"), "/tests/whole/shifted_clock.c"), folder.join("clock.so"));
    let made = Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).args([source, "-ldl"]).status();
    assert!(made.expect("a C compiler").success());
    library.to_str().unwrap().to_owned()
}

/// Set forward by an hour, a line that is alive stays alive: it has what was left of its silence. One that falls silent then is missed.
#[test]
fn a_clock_set_forward_by_an_hour_loses_no_line() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    furnish(folder, "1001,Shop,Main Street 1,,,2,\n");
    let (library, shift, policy) = (shim(folder), folder.join("shift"), folder.join("policy.toml"));
    std::fs::write(&policy, POLICY).unwrap();
    std::fs::write(&shift, "0").unwrap();
    let mut command = command(&[]);
    command.env("LD_PRELOAD", &library).env("CLOCK_SHIFT", &shift);
    let centre = Centre::spawn(folder, command.arg("--policy").arg(&policy));
    let mut chen = centre.operator("chen");
    let mut line = centre.line();
    assert_eq!(line.heartbeat("1001"), "ACK");
    std::fs::write(&shift, "3600").unwrap();
    until("the step of the clock is told of, and the line was looked at since", || {
        assert_eq!(line.heartbeat("1001"), "ACK");
        let rows = chen.get("/api/queue").json()["rows"].take();
        let kinds: Vec<_> = rows.as_array()?.iter().map(|row| row["kind"].clone()).collect();
        kinds.contains(&json!("centre")).then(|| assert_eq!(kinds, ["centre"]))
    });
    for _ in 0..20 {
        assert_eq!(line.heartbeat("1001"), "ACK");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    let kinds = |chen: &mut crate::web::Web| {
        let rows = chen.get("/api/queue").json()["rows"].take();
        rows.as_array().unwrap().iter().map(|row| row["kind"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&mut chen), ["centre"]);
    until("the line that fell silent is missed", || kinds(&mut chen).contains(&json!("communication")).then_some(()));
}

/// Set back by an hour, a fire that nobody takes is escalated all the same, and a line that falls silent is missed; so they are after
/// a restart at the wrong hour. The centre says for how long its own time is ahead; put right, all is as before.
#[test]
fn a_clock_set_back_by_an_hour_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    furnish(folder, "1001,Shop,Main Street 1,,,1,\n1002,Bank,Main Street 2,,,,\n1003,Mill,Main Street 3,,,,\n");
    let (library, shift, policy) = (shim(folder), folder.join("shift"), folder.join("policy.toml"));
    std::fs::write(&policy, POLICY).unwrap();
    let set = |seconds: i64| std::fs::write(&shift, seconds.to_string()).unwrap();
    let run = || {
        let mut command = command(&[]);
        command.env("LD_PRELOAD", &library).env("CLOCK_SHIFT", &shift);
        Centre::spawn(folder, command.arg("--policy").arg(&policy))
    };
    let escalated = |centre: &Centre, account: &str| {
        let mut chen = centre.operator("chen");
        until("the fire is escalated", || {
            let queue = chen.get("/api/queue").json();
            let row = queue["rows"].as_array().unwrap().iter().find(|row| row["account"] == account)?.clone();
            (row["escalated_to"] == "supervisor").then_some(row["kind"].clone())
        })
    };
    let clock = |centre: &Centre, fails: bool| {
        let mut chen = centre.operator("chen");
        until("the clock is told of", || {
            let parts = chen.get("/api/self-watch").json();
            let part = parts.as_array()?.iter().find(|part| part["part"] == "clock")?.clone();
            let said = part["en"].as_str().unwrap_or_default().contains(" ahead of it");
            (part["fails"] == json!(fails) && said == fails).then_some(())
        });
    };

    set(0);
    let centre = run();
    assert_eq!(centre.line().heartbeat("1001"), "ACK");
    centre.reports("1002", "1110 01 001");
    centre.signals(1);
    set(-3600);
    assert_eq!(escalated(&centre, "1002"), "fire");
    let lost = until("the line is missed", || {
        let rows = centre.operator("chen").get("/api/queue").json()["rows"].take();
        rows.as_array().unwrap().iter().find(|row| row["account"] == "1001").map(|row| row["kind"].clone())
    });
    assert_eq!(lost, "communication");
    clock(&centre, true);
    centre.reports("1003", "1110 01 001");
    until("the fire is shown", || {
        (centre.operator("chen").get("/api/queue").json()["rows"].as_array()?.len() >= 3).then_some(())
    });
    centre.kill();

    let centre = run();
    assert_eq!(escalated(&centre, "1003"), "fire");
    clock(&centre, true);
    set(0);
    centre.reports("1002", "1110 01 002");
    let rows = centre.signals(4);
    // What is missing is dated when it was due, and stored when the centre has looked: another signal may lie between.
    let of_panels: Vec<_> = rows.iter().filter(|row| row.peer != "centre").collect();
    assert_eq!(of_panels.iter().map(|row| row.number.as_deref()).collect::<Vec<_>>(), ["001", "001", "002"].map(Some));
    assert!(of_panels.is_sorted_by_key(|row| row.received_at), "{rows:?}");
}
