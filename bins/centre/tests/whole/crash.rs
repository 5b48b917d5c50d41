//! `kill -9` under load: what was acknowledged is in the log exactly once, and the desk resumes where it stood.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use alarmcore::{Effect, Timestamp};
use opsmodel::store::Centre as Store;
use opsmodel::store::query::SignalRow;
use serde_json::{Value, json};
use simulator::psap::Course;

use crate::centre::{Centre, furnish, until};
use crate::hand_off::{Town, hand_off, said};
use crate::panel::Line;
use crate::web::Web;

const PANELS: usize = 8;

/// Sends until the centre is gone; gives the numbers of the acknowledged frames.
fn press(mut line: Line, account: String, ended: Arc<AtomicBool>) -> Vec<u16> {
    let mut acknowledged = Vec::new();
    for sequence in 1..9999 {
        match line.send(&account, &format!("1602 00 {:03}", sequence % 1000), sequence) {
            Ok(said) => {
                assert_eq!(said, "ACK");
                acknowledged.push(sequence);
            }
            Err(_) => break,
        }
        if ended.load(Ordering::Relaxed) {
            break;
        }
    }
    acknowledged
}

/// The sequence numbers in the log, by account, in the order of arrival.
fn logged(rows: &[SignalRow]) -> BTreeMap<String, Vec<u16>> {
    let mut logged = BTreeMap::<_, Vec<u16>>::new();
    for row in rows {
        logged.entry(row.account.unwrap().to_string()).or_default().push(row.sequence.unwrap());
    }
    logged
}

#[test]
fn a_kill_under_load_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let csv: String = (0..PANELS).map(|panel| format!("200{panel},Shop {panel},Main Street,,,,\n")).collect();
    furnish(folder.path(), &csv);
    let mut acknowledged = BTreeMap::<String, Vec<u16>>::new();
    for (round, millis) in [150, 400, 90].into_iter().enumerate() {
        let centre = Centre::on(folder.path());
        let ended = Arc::new(AtomicBool::new(false));
        let panels: Vec<_> = (0..PANELS)
            .map(|panel| {
                let (line, account, ended) = (centre.line(), format!("{round}00{panel}"), ended.clone());
                (account.clone(), thread::spawn(move || press(line, account, ended)))
            })
            .collect();
        thread::sleep(Duration::from_millis(millis));
        centre.kill();
        ended.store(true, Ordering::Relaxed);
        for (account, panel) in panels {
            acknowledged.insert(account, panel.join().unwrap());
        }
    }
    let total: usize = acknowledged.values().map(Vec::len).sum();
    assert!(total > 100, "there was load: {total}");

    let centre = Centre::on(folder.path());
    let stored = logged(&centre.signals(total));
    for (account, sequences) in &acknowledged {
        let empty = Vec::new();
        let kept = stored.get(account).unwrap_or(&empty);
        // One frame a panel may have been stored whose answer was cut off.
        assert!(kept.len() <= sequences.len() + 1, "{account}");
        assert_eq!(&kept[..sequences.len()], &sequences[..], "{account}");
    }
    assert!(centre.terminate().success());
    opsmodel::store::verify(folder.path()).unwrap();
}

#[test]
fn the_desk_resumes_where_it_stood() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    let first = centre.burglary(&mut li, "1001", 3);
    let second = centre.burglary(&mut li, "1002", 7);
    li.does(first, json!({ "act": "take" }));
    li.does(first, json!({ "act": "pre-process", "unit": 2 }));
    // Nobody's answer is awaited any more: after a restart that would be awaited anew.
    li.does(first, json!({ "act": "accept", "unit": 2 }));
    assert_eq!(centre.line().report("1002", "1301 01 000"), "ACK", "a mains loss is held");
    centre.signals(3);
    let stands = |centre: &Centre| -> [Value; 4] {
        let mut li = centre.operator("li");
        ["/api/queue", "/api/units", "/api/handover", "/api/accounts/1002"].map(|path| li.get(path).json())
    };
    let before = stands(&centre);
    centre.kill();

    let centre = Centre::on(folder.path());
    assert_eq!(stands(&centre), before);
    let mut li = centre.operator("li");
    li.does(first, json!({ "act": "arrive", "unit": 2 }));
    li.does(second, json!({ "act": "take" }));
    let third = until("a new incident", || {
        assert_eq!(centre.line().report("1002", "1110 01 001"), "ACK");
        let queue = li.get("/api/queue").json();
        queue["rows"].as_array().unwrap().iter().filter_map(|row| row["incident"].as_u64()).max()
    });
    assert!(third >= second, "numbers go on");
    assert!(centre.terminate().success());
    opsmodel::store::verify(folder.path()).unwrap();
}

/// Killed after it claimed a hand-off and before it gave that to its way: it goes out at the start, whether anything else happens or not.
#[test]
fn row_2_6_what_was_claimed_before_a_kill_goes_out_at_the_start() {
    let town = Town::new();
    let centre = town.centre("http://127.0.0.1:9/");
    let mut li = centre.operator("li");
    let incident = hand_off(&centre, &mut li, "1001", "police");
    centre.kill();
    // What such a kill leaves behind, with a lease that no test waits for.
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let now = Timestamp::from_millis(i64::try_from(now).unwrap());
    let mut store = Store::open(town.path()).unwrap();
    store.take_back(&[], now, |_| false).unwrap();
    let claimed = store.claim(now, now.plus_secs(3600), 10).unwrap();
    assert!(claimed.iter().any(|owed| matches!(owed.effect, Effect::HandOff { .. })), "{claimed:?}");
    drop(store);

    let (listener, url) = town.listen();
    let centre = town.centre(&url);
    let psap = Town::psap(Course::default(), "accepted");
    town.serve(&psap, listener, Some(&centre));
    let message = until("it is sent", || psap.messages().first().map(|(message, _)| message.clone()));
    assert_eq!((&message["kind"], &message["incident"]), (&json!("hand-off"), &json!(incident)));
}

/// A hand-off was owed to a way that the next start does not have: nobody has it, and whoever believes that it was sent is called.
#[test]
fn row_2_6_what_a_way_took_along_that_is_gone_calls_people() {
    let town = Town::new();
    let centre = town.centre("http://127.0.0.1:9/");
    let mut li = centre.operator("li");
    let incident = hand_off(&centre, &mut li, "1001", "police");
    centre.kill();
    let centre = Centre::on(town.path());
    let mut li = centre.operator("li");
    let note = until("it has failed", || {
        let page = li.get(&format!("/api/incidents/{incident}")).json();
        let failed = page["moments"].as_array()?.iter().find(|moment| moment["event"]["event"] == "hand-off-failed")?;
        Some(failed["event"]["note"].clone())
    });
    assert_eq!(note, "the way psap is not configured any more");
    let row = li.get("/api/queue").json()["rows"][0].take();
    assert_eq!((row["incident"].as_u64(), row["calling_since"].is_string()), (Some(incident), true), "{row}");
}

/// A fire is with the fire brigade by machine, and the next start has no way to it: whoever believes that a further alarm or a cancel
/// request reaches them is called; of what is closed it is a follow-up.
#[test]
fn row_2_6_what_follows_a_hand_off_whose_way_is_gone_calls_people() {
    let town = Town::new();
    let (listener, url) = town.listen();
    let centre = town.centre(&url);
    let psap = Town::psap(Course::default(), "dispatched");
    town.serve(&psap, listener, Some(&centre));
    let mut li = centre.operator("li");
    centre.reports("1001", "1110 01 003");
    let incident = centre.queue(&mut li, 1)[0]["incident"].as_u64().unwrap();
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "hand-off", "to": "police" }));
    until("they come", || said(&mut li, incident).contains(&("dispatched".into(), "taken".into())).then_some(()));
    centre.kill();

    let centre = Centre::on(town.path());
    let mut li = centre.operator("li");
    let failed = |li: &mut Web, count: usize| {
        until("it has failed", || {
            let page = li.get(&format!("/api/incidents/{incident}")).json();
            let events = page["moments"].as_array()?.iter().map(|moment| moment["event"].clone());
            let failed: Vec<_> = events.filter(|event| event["event"] == "hand-off-failed").collect();
            (failed.len() == count).then_some(failed)
        })
    };
    centre.reports("1001", "1110 01 004");
    let further = failed(&mut li, 1)[0].take();
    assert_eq!(
        (&further["sequence"], &further["note"]),
        (&json!(2), &json!("the way (police) is not configured any more"))
    );
    let row = li.get("/api/queue").json()["rows"][0].take();
    assert_eq!((row["incident"].as_u64(), row["calling_since"].is_string()), (Some(incident), true), "{row}");
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "verify-false", "cause": "user-error" }));
    assert_eq!(failed(&mut li, 2)[1]["sequence"], 3);
    let follow_ups = li.get("/api/follow-ups").json();
    let reasons: Vec<_> = follow_ups.as_array().unwrap().iter().map(|row| row["reason"].clone()).collect();
    assert_eq!(reasons, ["cancel-failed"], "{follow_ups}");
}
