//! The centre reports what fails of itself, and that it works again: each fault alone is one item of the shift lead's, and one
//! clearing event (§2.4).

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use opsmodel::store::verify;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use crate::centre::{Centre, command, furnish, until};
use crate::web::Web;

/// Where the certificates of the tests are: of an authority (`ca`), and two that it gave the same end, of which one has run out.
const TLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls");

/// A folder with a furnished centre, and its policy.
fn folder(rules: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    std::fs::write(folder.path().join("policy.toml"), format!("[self_watch]\n{rules}\n")).unwrap();
    folder
}

fn run(folder: &Path, more: &[&str]) -> Centre {
    let policy = folder.join("policy.toml");
    Centre::run(folder, &[&["--policy", policy.to_str().unwrap()], more].concat())
}

/// The incident of the centre's own, once its signals are these: code, and whether it begins.
fn faults(web: &mut Web, expected: &[(&str, bool)]) -> (u64, Vec<String>) {
    until(&format!("the centre says {expected:?}"), || {
        let queue = web.get("/api/queue").json();
        let row = queue["rows"].as_array()?.iter().find(|row| row["kind"] == "centre")?.clone();
        let incident = row["incident"].as_u64()?;
        let page = web.get(&format!("/api/incidents/{incident}")).json();
        let signals = page["signals"].as_array()?;
        let told: Vec<_> = signals.iter().map(|row| (row["code"].as_str().unwrap(), row["qualifier"] == 1)).collect();
        let texts = signals.iter().map(|row| row["text"].as_str().unwrap().to_owned()).collect();
        (told == expected).then_some((incident, texts))
    })
}

/// Which parts fail, as every page and whoever watches the process are told.
fn failing(web: &mut Web) -> Vec<String> {
    let health = web.get("/api/health").json();
    let named: Vec<String> =
        health["faults"].as_array().unwrap().iter().map(|part| part.as_str().unwrap().to_owned()).collect();
    let parts = web.get("/api/self-watch").json();
    let fails = parts.as_array().unwrap().iter().filter(|part| part["fails"] == true);
    let fails: Vec<_> = fails.map(|part| part["part"].as_str().unwrap().to_owned()).collect();
    let page = web.get("/outside").body;
    assert_eq!(page.contains("href=\"/self-watch\"><b>"), !named.is_empty(), "{page}");
    assert_eq!(fails, named);
    named
}

/// It is the shift lead's from the beginning.
fn is_the_leads(web: &mut Web, incident: u64) {
    let row = web.get(&format!("/api/incidents/{incident}")).json()["row"].take();
    let facts = ["kind", "priority", "account", "escalated_to"].map(|name| row[name].clone());
    assert_eq!(facts, [json!("centre"), json!(2), json!(null), json!("supervisor")]);
}

/// When the fault is over it is settled like any other.
fn settle(web: &mut Web, incident: u64) {
    web.does(incident, json!({ "act": "take" }));
    web.does(incident, json!({ "act": "settle", "settlement": "restored" }));
}

#[test]
fn a_disk_that_runs_full_calls_an_operator_before_it_is() {
    // No disk of today has four million gigabytes free.
    let folder = folder(&format!("disk_free_mb = {}", u32::MAX));
    let centre = run(folder.path(), &[]);
    let mut chen = centre.operator("chen");
    let (incident, texts) = faults(&mut chen, &[("623", true)]);
    is_the_leads(&mut chen, incident);
    assert!(texts[0].contains(" MB free / 剩余 "), "{texts:?}");
    assert_eq!(failing(&mut chen), ["storage"]);
    let signal = centre.signals(1).remove(0);
    assert_eq!((signal.rule.as_deref(), signal.code.as_deref()), (Some("centre.fault"), Some("623")));
    centre.kill();

    // There is room again when it starts the next time: one clearing event, in the same incident.
    std::fs::write(folder.path().join("policy.toml"), "[self_watch]\ndisk_free_mb = 1\n").unwrap();
    let centre = run(folder.path(), &[]);
    let mut chen = centre.operator("chen");
    assert_eq!(faults(&mut chen, &[("623", true), ("623", false)]).0, incident);
    assert_eq!(failing(&mut chen), Vec::<String>::new());
    settle(&mut chen, incident);
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}

/// The copy is made beside the running centre, and a centre runs on the copy.
#[test]
fn a_missing_and_an_old_backup_are_faults_and_a_copy_is_a_centre() {
    let folder = folder("");
    let shelf = tempfile::tempdir().unwrap();
    let centre = run(folder.path(), &["--backups", shelf.path().to_str().unwrap()]);
    let mut chen = centre.operator("chen");
    let (incident, texts) = faults(&mut chen, &[("330", true)]);
    is_the_leads(&mut chen, incident);
    assert!(texts[0].starts_with("no copy in "), "{texts:?}");
    assert_eq!(failing(&mut chen), ["backup"]);
    let burglary = centre.burglary(&mut chen, "1001", 3);

    let paths = [folder.path(), shelf.path()].map(|path| path.to_str().unwrap().to_owned());
    let backup = ["backup", "--data", &paths[0], "--to", &paths[1], "--keep", "1"];
    let said = command(&backup).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("signals 2, journal ") && said.contains("copied and checked"), "{said}");
    let copy = PathBuf::from(said.lines().next().unwrap());
    faults(&mut chen, &[("330", true), ("330", false)]);
    assert_eq!(failing(&mut chen), Vec::<String>::new());

    // Nobody has made one for two days.
    for file in ["centre.db", "signals.db"] {
        let file = std::fs::File::options().append(true).open(copy.join(file)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(48 * 3600)).unwrap();
    }
    let (_, texts) = faults(&mut chen, &[("330", true), ("330", false), ("330", true)]);
    assert_eq!(texts[2], "the newest copy is 48 h old / 最新备份于 48 小时前");
    centre.kill();

    let restored = Centre::on(&copy);
    let mut chen = restored.operator("chen");
    let open: Vec<_> = restored.queue(&mut chen, 2).iter().map(|row| row["incident"].clone()).collect();
    assert_eq!(open, [json!(incident), json!(burglary)]);
    restored.reports("1001", "1602 00 000");
    restored.terminate();
    verify(&copy).unwrap();

    // The next copy takes the place of the oldest.
    let said = command(&backup).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.ends_with(&format!("removed {}\n", copy.display())), "{said}");
    assert!(!copy.exists());
    let nowhere = ["backup", "--data", &paths[1], "--to", &paths[1]];
    assert_eq!(command(&nowhere).output().unwrap().status.code(), Some(74));
}

#[test]
fn a_certificate_that_runs_out_is_a_fault() {
    let folder = folder("");
    let shown = folder.path().join("proxy.pem");
    std::fs::copy(format!("{TLS}/old.pem"), &shown).unwrap();
    let centre = run(folder.path(), &["--certificate", shown.to_str().unwrap()]);
    let mut chen = centre.operator("chen");
    let (incident, texts) = faults(&mut chen, &[("616", true)]);
    is_the_leads(&mut chen, incident);
    assert!(texts[0].contains("proxy.pem: valid until 2026-04-01 / "), "{texts:?}");
    assert_eq!(failing(&mut chen), ["certificate"]);
    std::fs::copy(format!("{TLS}/end.pem"), &shown).unwrap();
    let (_, texts) = faults(&mut chen, &[("616", true), ("616", false)]);
    assert!(texts[1].starts_with("valid until 2125-06-20 / "), "{texts:?}");
}

/// The other end of a way: it shows the certificate that is laid before it, and takes every message.
fn authority(shows: Arc<Mutex<&'static str>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for socket in listener.incoming().map_while(Result::ok) {
            let file = |name: &str| format!("{TLS}/{name}");
            let chain = vec![CertificateDer::from_pem_file(file(&shows.lock().unwrap())).unwrap()];
            let key = PrivateKeyDer::from_pem_file(file("end.key")).unwrap();
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
            let config = config.with_no_client_auth().with_single_cert(chain, key).unwrap();
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::new(config)).unwrap(), socket);
            let mut head = [0; 16 * 1024];
            // Whoever only looks at the certificate says nothing more.
            if stream.read(&mut head).is_ok_and(|read| read > 0) {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    port
}

fn write_ways(folder: &Path, way: &str) -> String {
    let file = folder.join("outside.toml");
    std::fs::write(
        &file,
        format!("[way.psap]\nby = \"http\"\ntoken = \"token\"\n{way}[hand_off]\npolice = \"psap\"\n"),
    )
    .unwrap();
    file.to_str().unwrap().to_owned()
}

/// Hands a hold-up at 1001 to the police; with it, so many incidents are open.
fn hand_off(centre: &Centre, web: &mut Web, open: usize) {
    centre.reports("1001", "1120 01 003");
    let row = centre.queue(web, open).into_iter().find(|row| row["kind"] == "hold-up").unwrap();
    let incident = row["incident"].as_u64().unwrap();
    web.does(incident, json!({ "act": "take" }));
    web.does(incident, json!({ "act": "hand-off", "to": "police" }));
}

#[test]
fn the_certificate_of_an_authority_is_watched_and_a_message_arrives_by_https() {
    let folder = folder("");
    let shows = Arc::new(Mutex::new("old.pem"));
    let port = authority(shows.clone());
    let ways = write_ways(folder.path(), &format!("url = \"https://127.0.0.1:{port}/\"\nca = \"{TLS}/ca.pem\"\n"));
    let centre = run(folder.path(), &["--outside", &ways]);
    let mut chen = centre.operator("chen");
    let (incident, texts) = faults(&mut chen, &[("616", true)]);
    is_the_leads(&mut chen, incident);
    assert!(texts[0].starts_with("psap: ") && texts[0].contains("expired"), "{texts:?}");
    *shows.lock().unwrap() = "end.pem";
    faults(&mut chen, &[("616", true), ("616", false)]);
    hand_off(&centre, &mut chen, 2);
    until("it has arrived", || {
        let way = chen.get("/api/outside").json()["ways"][0]["row"].take();
        (way["settled"] == 1 && way["owed"] == 0).then_some(())
    });
    assert_eq!(failing(&mut chen), Vec::<String>::new());
}

#[test]
fn a_way_out_that_fails_over_and_over_is_a_fault_until_it_answers() {
    let folder = folder("");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let ways = write_ways(folder.path(), &format!("url = \"http://{address}/\"\ntries = 3\n"));
    let centre = run(folder.path(), &["--outside", &ways]);
    let mut chen = centre.operator("chen");
    hand_off(&centre, &mut chen, 1);
    let (incident, texts) = faults(&mut chen, &[("354", true)]);
    is_the_leads(&mut chen, incident);
    assert!(texts[0].starts_with("psap: 3 attempts failed: "), "{texts:?}");
    assert_eq!(failing(&mut chen), ["way"]);

    // Nothing is owed any more: it is asked whether it works again.
    let listener = TcpListener::bind(address).unwrap();
    let asked = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut head = [0; 4096];
        let read = socket.read(&mut head).unwrap();
        socket.write_all(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        String::from_utf8_lossy(&head[..read]).lines().next().unwrap().to_owned()
    });
    let (_, texts) = faults(&mut chen, &[("354", true), ("354", false)]);
    assert_eq!(texts[1], "nothing waits / 无积压报文");
    assert_eq!(asked.join().unwrap(), "GET / HTTP/1.1");
    assert_eq!(failing(&mut chen), Vec::<String>::new());
}

/// A folder of answers that cannot be read, as a mount that is gone: what an authority says lies there unheard.
#[test]
fn a_folder_of_answers_that_cannot_be_read_is_a_fault_until_it_can() {
    let folder = folder("");
    let (answers, away) = (folder.path().join("in"), folder.path().join("away"));
    let ways = folder.path().join("outside.toml");
    let way = "[way.fire]\nby = \"file\"\nout = \"out\"\nanswers = \"in\"\n[hand_off]\nfire = \"fire\"\n";
    std::fs::write(&ways, way).unwrap();
    let centre = run(folder.path(), &["--outside", ways.to_str().unwrap()]);
    let mut chen = centre.operator("chen");
    until("answers are looked for", || answers.join("done").exists().then_some(()));
    std::fs::rename(&answers, &away).unwrap();
    std::fs::write(&answers, "no folder").unwrap();
    let (incident, texts) = faults(&mut chen, &[("354", true)]);
    is_the_leads(&mut chen, incident);
    let begins = format!("fire, answers: answers cannot be read from {}: ", answers.display());
    assert!(texts[0].starts_with(&begins) && texts[0].contains("无法读取回执目录"), "{texts:?}");
    assert_eq!(failing(&mut chen), ["way"]);

    std::fs::remove_file(&answers).unwrap();
    std::fs::rename(&away, &answers).unwrap();
    let (_, texts) = faults(&mut chen, &[("354", true), ("354", false)]);
    assert_eq!(texts[1], "nothing waits / 无积压报文");
    assert_eq!(failing(&mut chen), Vec::<String>::new());

    // What Windows writes is read: a mark of the byte order, and a name in capitals.
    centre.reports("1001", "1110 01 005");
    let fire = until("a fire", || {
        let rows = chen.get("/api/queue").json()["rows"].take();
        rows.as_array()?.iter().find(|row| row["kind"] == "fire")?["incident"].as_u64()
    });
    chen.does(fire, json!({ "act": "take" }));
    chen.does(fire, json!({ "act": "hand-off", "to": "fire" }));
    let answer = json!({ "message": "M-1", "incident": fire, "number": 1, "answer": "accepted" });
    std::fs::write(answers.join("ANSWER.JSON"), format!("\u{feff}{answer}")).unwrap();
    until("it is taken", || {
        let page = chen.get(&format!("/api/incidents/{fire}")).json();
        (page["incident"]["hand_offs"][0]["accepted"] == true).then_some(())
    });
    until("it is put aside", || answers.join("done/ANSWER.JSON").exists().then_some(()));
}

/// The desk cannot say that it stands: whoever watches it does, on every page and at `/api/health`; and once it works again it
/// has one incident of it, with its end.
#[test]
fn a_desk_that_stands_is_told_by_others() {
    let folder = folder("undecided_s = 3");
    let centre = run(folder.path(), &[]);
    let mut chen = centre.operator("chen");
    let sql = rusqlite::Connection::open(folder.path().join("centre.db")).unwrap();
    sql.execute_batch("BEGIN IMMEDIATE").unwrap();
    centre.reports("1001", "1130 01 003");
    let health = until("somebody says that the desk stands", || {
        let answer = chen.get("/api/health");
        (answer.json()["faults"] == json!(["desk"])).then_some(answer)
    });
    assert_eq!((health.status, &health.json()["desk"]), (503, &json!("failing")));
    assert_eq!(failing(&mut chen), ["desk"]);
    until("it is said that a signal waits", || {
        let parts = chen.get("/api/self-watch").json();
        let desk = parts.as_array()?.iter().find(|part| part["part"] == "desk")?.clone();
        desk["en"].as_str()?.starts_with("a stored signal waits for ").then_some(())
    });

    sql.execute_batch("ROLLBACK").unwrap();
    let (incident, texts) = faults(&mut chen, &[("300", true), ("300", false)]);
    is_the_leads(&mut chen, incident);
    assert!(texts[0].contains(" s / 已"), "{texts:?}");
    assert_eq!(texts[1], "nothing waits / 无积压");
    assert_eq!(chen.get("/api/health").json()["desk"], "working");
    let open: Vec<Value> = centre.queue(&mut chen, 2).iter().map(|row| row["kind"].clone()).collect();
    assert_eq!(open, [json!("burglary"), json!("centre")]);
}

#[test]
fn a_record_that_was_altered_is_found_by_the_daily_look() {
    let folder = folder("");
    let centre = run(folder.path(), &[]);
    let mut chen = centre.operator("chen");
    centre.burglary(&mut chen, "1001", 3);
    centre.terminate();
    let alter = |by: i64| {
        let sql = rusqlite::Connection::open(folder.path().join("centre.db")).unwrap();
        assert_eq!(sql.execute("UPDATE journal SET at = at + ?1 WHERE seq = 1", [by]).unwrap(), 1);
    };
    alter(1);
    let centre = run(folder.path(), &[]);
    let mut chen = centre.operator("chen");
    let (incident, texts) = faults(&mut chen, &[("307", true)]);
    is_the_leads(&mut chen, incident);
    assert!(texts[0].starts_with("journal 1: altered or moved"), "{texts:?}");
    assert_eq!(failing(&mut chen), ["store"]);
    centre.terminate();
    alter(-1);
    let centre = run(folder.path(), &[]);
    let mut chen = centre.operator("chen");
    faults(&mut chen, &[("307", true), ("307", false)]);
    let parts = chen.get("/api/self-watch").json();
    let parts: BTreeMap<&str, bool> = parts
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["part"].as_str().unwrap(), part["fails"].as_bool().unwrap()))
        .collect();
    let fine = ["clock", "desk", "reception", "storage", "store"].map(|part| (part, false));
    assert_eq!(parts, BTreeMap::from(fine));
}

/// Whoever takes every place of the console keeps people out: that is told, and so is its end. Panels are heard all the while.
#[test]
fn that_the_console_has_no_free_place_is_a_fault() {
    let folder = folder("");
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "ulimit -n 256 && exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_centre")]).env("CENTRE_LOG", "warn");
    let centre = Centre::spawn(folder.path(), &mut limited);
    let half = || {
        let mut guest = std::net::TcpStream::connect(centre.http).unwrap();
        guest.write_all(b"GET /api/health HTTP/1.1\r\n").unwrap();
        guest
    };
    let guests: Vec<_> = (0..64).map(|_| half()).collect();
    let told = centre.signals(1).remove(0);
    assert_eq!(told.rule.as_deref(), Some("centre.fault"));
    assert_eq!(centre.line().report("1001", "1130 01 003"), "ACK");
    drop(guests);
    let mut chen = centre.operator("chen");
    let code = told.code.unwrap();
    let (_, texts) = faults(&mut chen, &[(&code, true), (&code, false)]);
    let full = "the console has no place for another connection: all 64 are taken / 控制台已无空余连接：64 个均被占用";
    assert_eq!(texts[0], full);
}

/// Whoever takes every place that panels have keeps panels out: that is told and logged, and so is its end.
#[test]
fn that_panels_have_no_free_place_is_a_fault() {
    let folder = folder("");
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "ulimit -n 256 && exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_centre")]).env("CENTRE_LOG", "warn");
    let centre = Centre::spawn(folder.path(), &mut limited);
    let mut chen = centre.operator("chen");
    let guests: Vec<_> = (0..140).map(|_| std::net::TcpStream::connect(centre.dc09).unwrap()).collect();
    let (incident, texts) = faults(&mut chen, &[("350", true)]);
    is_the_leads(&mut chen, incident);
    assert_eq!(texts[0], "panels are refused: all 128 connections are taken / 拒绝主机连接：128 个连接均被占用");
    assert_eq!(failing(&mut chen), ["reception"]);
    assert_eq!(chen.get("/api/health").status, 200, "what is let in is received and decided");
    drop(guests);
    faults(&mut chen, &[("350", true), ("350", false)]);
    assert_eq!(centre.line().report("1001", "1130 01 003"), "ACK");
    assert_eq!(failing(&mut chen), Vec::<String>::new());
}
