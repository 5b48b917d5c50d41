//! Another centre as a mirror (§2.6): two real centres, one of which forwards to the other by DC-09.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use opsmodel::store::query::Reader;
use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, furnish, until};
use crate::web::Web;

const KEY: &str = "000102030405060708090a0b0c0d0e0f";

/// A centre that forwards all that is at a mall to `address`.
fn forwarding(folder: &Path, address: &str) -> Centre {
    let (policy, outside) = (folder.join("policy.toml"), folder.join("outside.toml"));
    std::fs::write(&policy, "[[forward]]\nto = \"north\"\nsite_types = [\"mall\"]\n").unwrap();
    let way = format!("[way.north]\nby = \"dc09\"\naddress = \"{address}\"\nkey = \"{KEY}\"\ntimeout_s = 2\n");
    std::fs::write(&outside, way).unwrap();
    Centre::run(folder, &["--policy", policy.to_str().unwrap(), "--outside", outside.to_str().unwrap()])
}

/// Two accounts at the mall and one elsewhere.
fn furnished(folder: &Path) {
    furnish(folder, "1001,Shop,Mall 1,,,,\n1002,Bank,Mall 2,,,,\n1003,Mill,River 3,,,,\n");
    let rows = "account,name,address,key_hex,format,heartbeat_s,phone,site_type\n1001,Shop,Mall 1,,,,,mall\n1002,Bank,Mall 2,,,,,mall\n";
    std::fs::write(folder.join("sites.csv"), rows).unwrap();
    centre::import::import(folder, &folder.join("sites.csv"), false).unwrap();
}

/// The way to another centre, for as long as it leads anywhere.
type Way = Arc<Mutex<Option<SocketAddr>>>;

/// Passes everything on to where the way leads, and what comes back where `answers` says so.
fn relay(way: Way, answers: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let pass = |mut from: TcpStream, mut on: TcpStream| {
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut on);
        });
    };
    std::thread::spawn(move || {
        for from in listener.incoming().flatten() {
            let Some(on) = *way.lock().unwrap() else { continue };
            let on = TcpStream::connect(on).unwrap();
            if answers {
                pass(on.try_clone().unwrap(), from.try_clone().unwrap());
            }
            pass(from, on);
        }
    });
    address
}

/// Passes everything on to `to` and back, and counts the connections on which something is said.
fn counting(to: SocketAddr, calls: Arc<Mutex<u32>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut from in listener.incoming().flatten() {
            let mut first = [0; 1024];
            let length = from.read(&mut first).unwrap_or(0);
            if length == 0 {
                continue;
            }
            *calls.lock().unwrap() += 1;
            let mut on = TcpStream::connect(to).unwrap();
            on.write_all(&first[..length]).unwrap();
            let (mut answers, mut back) = (on.try_clone().unwrap(), from.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut answers, &mut back));
            std::thread::spawn(move || std::io::copy(&mut from, &mut on));
        }
    });
    address
}

/// What the other centre has of an account: code, qualifier and what became of it, oldest first.
fn mirrored(web: &mut Web, account: &str) -> Vec<(String, u64, String)> {
    let rows = web.get(&format!("/api/accounts/{account}/signals")).json()["rows"].take();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let row = |row: &Value| (text(&row["code"]), row["qualifier"].as_u64().unwrap(), text(&row["disposition"]));
    rows.as_array().unwrap().iter().rev().map(row).collect()
}

fn way(web: &mut Web) -> Value {
    web.get("/api/outside").json()["ways"][0].take()
}

/// "forward as DC-09 to another centre, with its ACK tracked": encrypted, in their order, and only what the policy names. While
/// nobody answers there, everything waits and one incident tells of it; then all of it goes, and the incident hears of that.
#[test]
fn row_2_6_mirror_forwards_and_waits() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    furnished(here.path());
    furnish(there.path(), &format!("1001,Shop,Mall 1,{KEY},,,\n1002,Bank,Mall 2,{KEY},,,\n"));
    let north = Centre::on(there.path());
    let leads: Way = Arc::new(Mutex::new(Some(north.dc09)));
    let address = relay(leads.clone(), true);
    let centre = forwarding(here.path(), &address.to_string());
    let (mut li, mut other) = (centre.operator("li"), north.operator("li"));
    centre.reports("1001", "1401 01 003");
    centre.reports("1001", "3401 01 003");
    centre.reports("1001", "1130 01 005");
    centre.reports("1003", "1130 01 005");
    let got = until("the mirror has it", || Some(mirrored(&mut other, "1001")).filter(|got| got.len() == 3));
    let codes: Vec<_> = got.iter().map(|(code, qualifier, _)| (code.as_str(), *qualifier)).collect();
    assert_eq!(codes, [("401", 1), ("401", 3), ("130", 1)], "in their order");
    let rows = other.get("/api/accounts/1001/signals").json()["rows"].take();
    assert_eq!((&rows[0]["marks"], &rows[0]["sequence"]), (&json!(["encrypted"]), &json!(3)), "its place in our log");
    assert_eq!(north.queue(&mut other, 1)[0]["account"], "1001");
    let done = until("all is acknowledged", || Some(way(&mut li)).filter(|way| way["row"]["settled"] == 3));
    assert_eq!((&done["by"], &done["forwards"], &done["owed"]), (&json!("dc09"), &json!(true), &json!([])));
    assert_eq!(north.terminate().code(), Some(0));
    *leads.lock().unwrap() = None;

    // Nobody answers: it waits, and after a few tries one incident tells of it.
    centre.reports("1002", "1301 00 000");
    centre.reports("1002", "3301 00 000");
    let own = until("the centre says so", || {
        let queue = li.get("/api/queue").json();
        queue["rows"].as_array().unwrap().iter().find(|row| row["kind"] == "centre").cloned()
    });
    let waits = way(&mut li);
    assert_eq!(waits["row"]["owed"], 2);
    assert!(waits["owed"][0]["fault"].as_str().unwrap().contains(&address.to_string()), "{waits}");
    assert!(li.get("/outside").body.contains("1002"));
    let north = Centre::on(there.path());
    *leads.lock().unwrap() = Some(north.dc09);
    let mut other = north.operator("li");
    let got = until("the mirror has the rest", || Some(mirrored(&mut other, "1002")).filter(|got| got.len() == 2));
    assert_eq!(got.iter().map(|(_, qualifier, _)| *qualifier).collect::<Vec<_>>(), [1, 3]);
    let incident = own["incident"].as_u64().unwrap();
    let page = until("the fault is over", || {
        let page = li.get(&format!("/api/incidents/{incident}")).json();
        (page["signals"].as_array().unwrap().len() == 2).then_some(page)
    });
    let said: Vec<_> =
        page["signals"].as_array().unwrap().iter().map(|row| (&row["code"], &row["qualifier"])).collect();
    assert_eq!(said, [(&json!("354"), &json!(1)), (&json!("354"), &json!(3))]);
    assert!(page["signals"][0]["text"].as_str().unwrap().starts_with("north: "), "{page}");
    assert_eq!((centre.terminate().code(), north.terminate().code()), (Some(0), Some(0)));
    verify(here.path()).unwrap();
    verify(there.path()).unwrap();
}

/// Killed between the signal and its acknowledgement: it goes again under the same number, and is one event there.
#[test]
fn row_2_6_mirror_a_kill_before_the_acknowledgement_is_one_event() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    furnished(here.path());
    furnish(there.path(), &format!("1001,Shop,Mall 1,{KEY},,,\n"));
    let north = Centre::on(there.path());
    let deaf = relay(Arc::new(Mutex::new(Some(north.dc09))), false);
    let centre = forwarding(here.path(), &deaf.to_string());
    let mut other = north.operator("li");
    centre.reports("1001", "1130 01 005");
    until("the mirror has it", || (!mirrored(&mut other, "1001").is_empty()).then_some(()));
    centre.kill();

    let centre = forwarding(here.path(), &north.dc09.to_string());
    let mut li = centre.operator("li");
    until("it is acknowledged", || (way(&mut li)["row"]["settled"] == 1).then_some(()));
    let got = until("it came again", || Some(mirrored(&mut other, "1001")).filter(|got| got.len() > 1));
    let fates: Vec<_> = got.iter().map(|(_, _, fate)| fate.as_str()).collect();
    assert!(fates[0] == "opened" && fates[1..].iter().all(|fate| *fate == "repeat"), "{fates:?}");
    let queue = north.queue(&mut other, 1);
    assert_eq!((queue.len(), &queue[0]["signals"]), (1, &json!(1)));
}

/// What the other centre has refused is counted over a restart, with when it goes again and what was answered: no more is sent than may be.
#[test]
fn row_2_6_mirror_what_was_refused_is_counted_over_a_restart() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    furnished(here.path());
    furnish(there.path(), &format!("1001,Shop,Mall 1,{},,,\n", KEY.replace("00", "ff")));
    let north = Centre::on(there.path());
    let calls = Arc::new(Mutex::new(0));
    let address = counting(north.dc09, calls.clone());
    let centre = forwarding(here.path(), &address.to_string());
    let mut li = centre.operator("li");
    centre.reports("1001", "1110 01 005");
    let refused = |web: &mut Web, times: u64| {
        until("it is refused once more", || {
            let owed = way(web)["owed"].get(0)?.clone();
            (owed["refusals"] == times).then_some(owed)
        })
    };
    let before = refused(&mut li, 3);
    let said = json!("DUH: the other centre does not understand it");
    assert_eq!((&before["attempts"], &before["fault"]), (&json!(3), &said));
    let page = li.get("/outside").body;
    assert!(page.contains("refused 3") || page.contains("被拒 3 次"), "{page}");
    centre.kill();
    assert_eq!(*calls.lock().unwrap(), 3);
    let kept = Reader::open(here.path()).unwrap().outgoing("north", 9).unwrap();
    assert_eq!(json!(kept), json!([before]));

    // The fourth is the last, as without a restart.
    let centre = forwarding(here.path(), &address.to_string());
    let mut li = centre.operator("li");
    let kept = until("people see it", || li.get("/api/outside").json()["unmatched"].get(0).cloned());
    assert_eq!(kept["code"], json!("not-forwarded"));
    until("nothing is owed", || way(&mut li)["owed"].as_array().is_some_and(Vec::is_empty).then_some(()));
    assert_eq!(*calls.lock().unwrap(), 4);
    assert_eq!(centre.terminate().code(), Some(0));
    verify(here.path()).unwrap();
}

/// Another key there: what it refuses goes a few times, and then the operator of its incident hears that the other centre does not have
/// it, and so do all. What it takes goes on beside it.
#[test]
fn row_2_6_mirror_what_is_refused_is_tried_again_and_told() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    furnished(here.path());
    let other_key = KEY.replace("00", "ff");
    furnish(there.path(), &format!("1001,Shop,Mall 1,{other_key},,,\n1002,Bank,Mall 2,{KEY},,,\n"));
    let north = Centre::on(there.path());
    let centre = forwarding(here.path(), &north.dc09.to_string());
    let (mut li, mut other) = (centre.operator("li"), north.operator("li"));
    centre.reports("1001", "1110 01 005");
    centre.reports("1002", "1130 01 005");
    until("the other has come", || (!mirrored(&mut other, "1002").is_empty()).then_some(()));
    let incident = centre.queue(&mut li, 2)[0]["incident"].as_u64().unwrap();
    let note = until("its incident says so", || {
        let page = li.get(&format!("/api/incidents/{incident}")).json();
        let events = page["moments"].as_array()?.iter().map(|moment| &moment["event"]);
        let mut notes = events.filter(|event| event["event"] == "noted");
        notes.next().map(|event| event["note"].clone())
    });
    assert_eq!(
        note,
        json!("not forwarded / 未能转发: north: DUH: the other centre does not understand it / DUH：对方中心无法识别")
    );
    let kept = until("people see it", || li.get("/api/outside").json()["unmatched"].get(0).cloned());
    assert_eq!(
        ["code", "why_en", "why_zh"].map(|name| kept[name].clone()),
        ["not-forwarded", "DUH: the other centre does not understand it", "DUH：对方中心无法识别"]
    );
    until("nothing is owed", || way(&mut li)["owed"].as_array().is_some_and(Vec::is_empty).then_some(()));
}
