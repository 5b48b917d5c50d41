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
    assert_eq!(
        text,
        format!(
            "centre: the policy file {}: line 1, column 10: fire is life safety: it is always shown first, and no rule can \
             change that\n  [classes.fire]\n           ^\n",
            file.display()
        )
    );
}

#[test]
fn a_policy_is_printed_and_checked() {
    let policy = |arguments: &[&std::ffi::OsStr]| {
        let output = command(&["policy"]).args(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let printed = policy(&["example".as_ref()]);
    assert_eq!(printed, (Some(0), alarmcore::Policy::DOCUMENTED.to_owned(), String::new()));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("rules.toml");
    let check = |text: &str| {
        std::fs::write(&file, text).unwrap();
        policy(&["check".as_ref(), file.as_os_str()])
    };
    let (name, wrong) = (file.display(), "version = 9\nbatery_hours = 3\n");
    assert_eq!(check(&printed.1), (Some(0), format!("{name}: version 1, the default\n"), String::new()));
    assert_eq!(check("version = 9\n"), (Some(0), format!("{name}: version 9\n"), String::new()));
    let own = "version = 9\n[[override]]\nsite = 'North Mall'\nswinger = { trips = 5 }\n\
               classes = { tamper = { action = 'show', priority = 5 } }\n\
               [[override]]\naccounts = ['1002', '1001']\nowner = 'Li'\nuntil = '2027-03-31'\noffer_accept_s = 20\nrecent = { opening_s = 60, log = true }\n";
    let covers = "  override for site North Mall: classes.tamper = show priority 5; swinger.trips = 5\n  \
                  override for accounts 1001, 1002: offer_accept_s = 20; recent.log = true; recent.opening_s = 60; answers for it: Li; until 2027-04-01T00:00:00.000Z\n";
    assert_eq!(check(own), (Some(0), format!("{name}: version 9\n{covers}"), String::new()));
    let (code, out, told) = check(wrong);
    assert_eq!((code, out.as_str()), (Some(64), ""));
    assert!(
        told.starts_with(&format!("centre: the policy file {name}: line 2, column 1: unknown field `batery_hours`")),
        "{told}"
    );
    assert!(told.ends_with("; did you mean `battery_hours`?\n  batery_hours = 3\n  ^\n"), "{told}");
    std::fs::remove_file(&file).unwrap();
    let (code, _, told) = policy(&["check".as_ref(), file.as_os_str()]);
    assert_eq!(
        (code, told),
        (Some(64), format!("centre: the policy file {name}: No such file or directory (os error 2)\n"))
    );
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
