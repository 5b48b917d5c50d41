//! A full disk under the whole centre: nothing is acknowledged, acts are answered with an error, and all goes on by itself.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use opsmodel::store::query::Reader;
use serde_json::json;

use crate::centre::{Centre, furnish, give_codewords, until};

/// Runs `work` on a file system of four MiB of its own, where the system lets us have one.
fn on_a_small_disk(work: impl FnOnce(&Path)) {
    let dir = tempfile::tempdir().unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "centre-test"]).arg(dir.path()).output();
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

#[test]
fn the_centre_survives_a_full_disk() {
    on_a_small_disk(|dir| {
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
        assert_eq!(li.get("/api/health").json()["status"], "working");
        assert!(centre.terminate().success());
        opsmodel::store::verify(dir).unwrap();
    });
}

/// Whoever asks for a test and is threatened, or says a wrong word, is heard of at once although neither the desk nor the log can
/// write anything; and both are in the log and at the desk by themselves when there is room again.
#[test]
fn a_word_that_is_not_right_is_heard_of_while_the_disk_is_full() {
    on_a_small_disk(|dir| {
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
        until("both words are in the log", || (of_words() == ["121", "461"]).then_some(()));
        assert!(centre.terminate().success());
        assert_eq!(of_words(), ["121", "461"], "each once");
        opsmodel::store::verify(dir).unwrap();
    });
}
