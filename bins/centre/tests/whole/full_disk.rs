//! A full disk under the whole centre: nothing is acknowledged, acts are answered with an error, and all goes on by itself.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::centre::{Centre, furnish, until};

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
