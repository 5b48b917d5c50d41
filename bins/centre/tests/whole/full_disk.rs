//! A full disk under the whole centre: nothing is acknowledged, acts are answered with an error, and all goes on by itself.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use opsmodel::store::query::Reader;
use serde_json::{Value, json};

use crate::centre::{Centre, furnish, give_codewords, until, until_found};
use crate::web::Web;

/// Runs `work` on a file system of so many MiB of its own, where the system lets us have one.
fn on_a_small_disk(mib: u32, work: impl FnOnce(&Path)) {
    let dir = tempfile::tempdir().unwrap();
    let size = format!("size={mib}m");
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "centre-test"]).arg(dir.path()).output();
    if !mount.is_ok_and(|mount| mount.status.success()) {
        println!("skipped: only root can mount a small disk");
        return;
    }
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(dir.path())));
    assert!(Command::new("umount").arg("-l").arg(dir.path()).status().unwrap().success());
    if let Err(panic) = result {
        std::panic::resume_unwind(panic);
    }
}

/// How the disk is, as the centre has found it.
fn storage(web: &mut Web) -> Value {
    let parts = web.get("/api/self-watch").json();
    parts.as_array().unwrap().iter().find(|part| part["part"] == "storage").cloned().unwrap_or_default()
}

#[test]
fn the_centre_survives_a_full_disk() {
    on_a_small_disk(4, |dir| {
        furnish(dir, "1001,Shop,Main Street 1,,,,\n");
        let centre = Centre::on(dir);
        let mut li = centre.operator("li");
        let incident = centre.burglary(&mut li, "1001", 3);
        li.does(incident, json!({ "act": "take" }));
        let ballast = dir.join("ballast");
        assert!((0..4096).rev().any(|kib: usize| std::fs::write(&ballast, vec![0; kib << 10]).is_ok()));

        // What the files have in reserve is used up first.
        let note = "x".repeat(4000);
        let refused = until("the disk is full", || {
            let answer = li.act(incident, json!({ "act": "note", "note": note }));
            (answer.status != 200).then_some(answer)
        });
        assert_eq!(refused.problem(), (503, "unavailable".into()));
        let before = li.get(&format!("/api/incidents/{incident}")).json()["row"]["version"].take();

        std::fs::remove_file(&ballast).unwrap();
        until("the desk works again", || {
            let answer = li.act(incident, json!({ "act": "verify-false", "cause": "animal" }));
            (answer.status == 200).then_some(())
        });
        let row = li.get(&format!("/api/incidents/{incident}")).json()["row"].take();
        assert_eq!(row["stage"], "closed");
        assert!(row["version"].as_u64() > before.as_u64(), "what was refused left nothing behind");
        until("the intake works again", || (li.get("/api/health").json()["status"] == "working").then_some(()));
        // Four MiB have no room for what is kept back for the desk.
        until("it is said that nothing is kept back", || {
            let storage = storage(&mut li);
            let said = "there is no room for the 16 MB that are kept back for the desk";
            (storage["fails"] == true && storage["en"].as_str()?.ends_with(said)).then_some(())
        });
        assert!(centre.terminate().success());
        opsmodel::store::verify(dir).unwrap();
    });
}

/// The desk has room of its own when the disk is full: every alarm that was acknowledged is on the queue and can be worked on before
/// anybody makes room, and from then on none is acknowledged that nobody would see.
#[test]
fn what_is_acknowledged_on_a_full_disk_is_on_the_queue_while_it_is_full() {
    on_a_small_disk(48, |dir| {
        let accounts: Vec<String> = (2000..2300).map(|number| number.to_string()).collect();
        furnish(dir, &accounts.iter().map(|account| format!("{account},Shop,Main Street 1,,,,\n")).collect::<String>());
        std::fs::write(dir.join("policy.toml"), "[self_watch]\ndisk_free_mb = 0\n").unwrap();
        let policy = dir.join("policy.toml");
        let centre = Centre::run(dir, &["--keep-room-mb", "4", "--policy", policy.to_str().unwrap()]);
        let mut li = centre.operator("li");
        let reserve = || std::fs::metadata(dir.join("room.reserve")).unwrap().len();
        assert_eq!(reserve(), 4 << 20);
        // The log has room of its own, so that it goes on when nothing is left: the desk alone finds the disk full.
        let fill = dir.join("fill");
        let mut filling = std::fs::File::create(&fill).unwrap();
        for length in [1 << 20, 4096] {
            while filling.write_all(&vec![0; length]).is_ok() {}
        }
        drop(filling);
        let mut line = centre.line().within(Duration::from_millis(500));
        // A fire in every other zone.
        let alarms = (1..=30).flat_map(|zone| accounts.iter().map(move |account| (account, zone)));
        let mut acknowledged = BTreeMap::new();
        let refused = alarms.zip(1..).find_map(|((account, zone), sequence)| {
            let code = if zone % 2 == 0 { 110 } else { 130 };
            match line.send(account, &format!("1{code} 01 {zone:03}"), sequence).as_deref() {
                Ok("ACK") => *acknowledged.entry(account.clone()).or_insert(0) += 1,
                _ => return Some((account, sequence)),
            }
            None
        });
        let (account, sequence) = refused.expect("a full disk is not acknowledged");
        let count = |signals: &BTreeMap<String, u64>| signals.values().sum::<u64>();

        // It is full still, and all of them are there.
        let shown = until("all that was acknowledged is on the queue", || {
            let queue = li.get("/api/queue").json();
            let rows = queue["rows"].as_array()?.iter().filter(|row| row["kind"] != "centre");
            let mut shown = BTreeMap::new();
            for row in rows {
                *shown.entry(row["account"].as_str()?.to_owned()).or_insert(0) += row["signals"].as_u64()?;
            }
            (count(&shown) >= count(&acknowledged)).then_some(shown)
        });
        assert_eq!(shown, acknowledged);
        assert_eq!((reserve(), fill.exists()), (0, true));
        // What the desk has stored is on the queue a moment before it says that it works again.
        until_found("the desk works, and the intake does not", || {
            let health = li.get("/api/health");
            let words = ["status", "desk", "intake"].map(|name| health.json()[name].clone());
            let expected = (503, [json!("failing"), json!("working"), json!("failing")]);
            if (health.status, words.clone()) == expected { Ok(()) } else { Err((health.status, words)) }
        });
        until("every page says so", || li.get("/outside").body.contains("href=\"/self-watch\"><b>").then_some(()));
        let storage_says = storage(&mut li);
        let said = "the disk is full: signals are NOT acknowledged until there is room for 4 MB again";
        assert_eq!((&storage_says["fails"], &storage_says["en"]), (&json!(true), &json!(said)));
        // Nothing more is taken in, however often it comes, and what is there is worked on.
        for _ in 0..3 {
            assert!(centre.line().within(Duration::from_millis(300)).send(account, "1110 01 001", sequence).is_err());
        }
        assert_eq!(centre.line().heartbeat(account), "ACK", "a heartbeat needs no disk");
        let incident = li.get("/api/queue").json()["rows"][0]["incident"].as_u64().unwrap();
        li.does(incident, json!({ "act": "take" }));
        li.does(incident, json!({ "act": "note", "note": "seen" }));
        let clip =
            li.request("POST", &format!("/api/incidents/{incident}/clips"), &[("content-type", "audio/ogg")], "OggS");
        assert_eq!(clip.problem(), (503, "no-room".into()));

        // Room again: everything goes on by itself, the room is kept back anew, and the fault and its end are one incident.
        std::fs::remove_file(&fill).unwrap();
        until("alarms are acknowledged again", || {
            let answer = centre.line().within(Duration::from_millis(300)).send(account, "1110 01 001", 9000);
            (answer.ok()? == "ACK").then_some(())
        });
        assert_eq!(reserve(), 4 << 20);
        assert_eq!(li.get("/api/health").json()["intake"], "working");
        let own = until("the fault and its end are said", || {
            let queue = li.get("/api/queue").json();
            let row = queue["rows"].as_array()?.iter().find(|row| row["kind"] == "centre")?.clone();
            let page = li.get(&format!("/api/incidents/{}", row["incident"])).json();
            let signals = page["signals"].as_array()?.clone();
            (signals.len() == 2).then_some(signals)
        });
        let told: Vec<_> = own.iter().map(|row| (row["code"].as_str().unwrap(), row["qualifier"] == 1)).collect();
        assert_eq!(told, [("623", true), ("623", false)]);
        assert!(own[0]["text"].as_str().unwrap().starts_with(said), "{}", own[0]["text"]);
        assert!(centre.terminate().success());
        opsmodel::store::verify(dir).unwrap();
    });
}

/// Whoever asks for a test and is threatened, or says a wrong word, is heard of at once although neither the desk nor the log can
/// write anything; and both are in the log and at the desk by themselves when there is room again.
#[test]
fn a_word_that_is_not_right_is_heard_of_while_the_disk_is_full() {
    on_a_small_disk(4, |dir| {
        furnish(dir, "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
        give_codewords(dir, "1001");
        give_codewords(dir, "1002");
        let centre = Centre::on(dir);
        let mut li = centre.operator("li");
        let incident = centre.burglary(&mut li, "1001", 3);
        li.does(incident, json!({ "act": "take" }));
        let ballast = dir.join("ballast");
        assert!((0..4096).rev().any(|kib: usize| std::fs::write(&ballast, vec![0; kib << 10]).is_ok()));
        // Each checkpoint finds a little room again: the log is full when it takes nothing for some seconds.
        let mut refused = 0;
        for number in 1..9999 {
            let answer = centre.line().within(Duration::from_millis(300)).send("1001", "1602 00 000", number);
            refused = if answer.is_ok() { 0 } else { refused + 1 };
            if refused == 15 {
                break;
            }
        }
        assert_eq!(refused, 15, "the log never fills up");
        let note = "x".repeat(4000);
        until("the desk cannot write", || {
            (li.act(incident, json!({ "act": "note", "note": note })).status == 503).then_some(())
        });

        // A call that goes on: how the word was is told, although nothing is recorded.
        let called = until("the call is not recorded", || {
            let call = json!({ "act": "call", "contact": 1, "spoken": "grey heron" });
            Some(li.act(incident, call)).filter(|answer| answer.status == 503)
        });
        assert_eq!(called.json()["particulars"], json!({ "result": "duress-code" }));
        assert!(
            called.json()["title"].as_str().unwrap().starts_with("Answered with the duress code. "),
            "{}",
            called.body
        );
        let mut say = |word: &str| {
            let ask = json!({ "act": "start", "reason": "repair", "contact": 1, "spoken": word });
            li.post("/api/accounts/1002/test", &ask)
        };
        assert_eq!(say("grey heron").problem(), (409, "duress-given".into()));
        assert_eq!(say("red heron").problem(), (409, "codeword-wrong".into()));
        let of_words = || {
            let log = Reader::open(dir).unwrap().log_rows(1..u64::MAX).unwrap();
            let words = log.into_iter().filter(|row| row.peer == "operator-1");
            let mut codes: Vec<String> = words.map(|row| row.code.unwrap()).collect();
            codes.sort();
            codes
        };
        assert_eq!(of_words(), Vec::<String>::new(), "the disk was not full");

        std::fs::remove_file(&ballast).unwrap();
        let threatened = until("the duress code calls", || {
            let queue = li.get("/api/queue").json();
            queue["rows"].as_array()?.iter().find(|row| row["account"] == "1002").cloned()
        });
        assert_eq!((&threatened["kind"], &threatened["priority"]), (&json!("duress"), &json!(1)));
        until("all three words are in the log", || (of_words() == ["121", "121", "461"]).then_some(()));
        assert!(centre.terminate().success());
        assert_eq!(of_words(), ["121", "121", "461"], "each once");
        opsmodel::store::verify(dir).unwrap();
    });
}
