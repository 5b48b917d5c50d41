//! How the command starts, what it refuses, and how it ends.

use std::process::Stdio;

use serde_json::json;

use crate::centre::{Centre, command, furnish};

#[test]
fn sigterm_ends_it_cleanly_with_open_pages_and_idle_panels() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let _page = li.listen("/api/live", &[]);
    let mut panel = centre.line();
    assert_eq!(panel.report("1001", "1401 01 001"), "ACK");
    assert!(centre.terminate().success());
}

#[test]
fn one_centre_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let centre = Centre::on(folder.path());
    let second =
        command(&["--dc09", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data"]).arg(folder.path()).output().unwrap();
    let text = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(74), "{text}");
    assert!(text.contains("another centre is running"), "{text}");
    assert!(centre.terminate().success());
    assert!(Centre::on(folder.path()).terminate().success(), "the folder is free again");
}

#[test]
fn plain_http_stays_on_this_machine_unless_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let refused = command(&["--http", "0.0.0.0:0", "--data"]).arg(folder.path()).output().unwrap();
    let text = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(64), "{text}");
    assert!(text.contains("--allow-remote-http"), "{text}");
}

#[test]
fn an_address_in_use_is_named_with_the_option_that_changes_it() {
    let centre = Centre::start();
    let folder = tempfile::tempdir().unwrap();
    for (dc09, http, option) in [
        (centre.dc09.to_string(), "127.0.0.1:0".into(), "--dc09"),
        ("127.0.0.1:0".into(), centre.http.to_string(), "--http"),
    ] {
        let refused = command(&["--dc09", &dc09, "--http", &http, "--data"]).arg(folder.path()).output().unwrap();
        let text = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(69), "{text}");
        assert!(text.contains(option), "{text}");
    }
}

#[test]
fn a_policy_file_rules_and_a_wrong_one_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("policy.toml"));
    let start = |text: &str| {
        std::fs::write(&file, text).unwrap();
        command(&["--dc09", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data"])
            .arg(&data)
            .arg("--policy")
            .arg(&file)
            .stderr(Stdio::piped())
            .output()
            .unwrap()
    };
    let refused = start("[classes.fire]\naction = \"log\"\n");
    let text = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(64), "{text}");
    assert!(text.contains("policy.toml") && text.contains("life safety"), "{text}");
}

#[test]
fn a_new_operator_signs_in_and_a_short_password_is_refused() {
    let centre = Centre::start();
    let add = |password: &str| {
        use std::io::Write as _;
        let mut add = command(&["operator", "add", "--login", "wu", "--name", "Wu", "--data"])
            .arg(&centre.data)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        writeln!(add.stdin.take().unwrap(), "{password}").unwrap();
        add.wait().unwrap().code()
    };
    assert_eq!(add("short"), Some(64));
    assert_eq!(add("long enough"), Some(0), "while the centre runs");
    let mut web = centre.web();
    web.sign_in("wu", "long enough");
    assert_eq!(web.get("/api/me").json()["name"], "Wu");
    assert_eq!(add("another one"), Some(0), "a second time changes the password");
    let old = centre.web().post("/api/login", &json!({ "login": "wu", "password": "long enough" }));
    assert_eq!(old.problem(), (401, "wrong-password".into()));
}
