//! The same event over two paths, through real sockets and the store (capabilities 2.1, "duplicate").

use std::net::UdpSocket;
use std::time::Duration;

use contactid::{Encoder, Token};
use opsmodel::store::verify;
use serde_json::json;

use crate::centre::{Centre, furnish};

const PAIRS: usize = 100;

/// A hundred panels report a burglary each by TCP and by UDP, one path up to some seconds after the other and either of them first:
/// a hundred incidents, two hundred rows with their raw frames, and each copy says which signal it repeats, and why.
#[test]
fn pairs_over_two_paths_are_one_incident_each() {
    let folder = tempfile::tempdir().unwrap();
    let cards: Vec<String> = (0..PAIRS).map(|n| format!("{},Shop {n},Main Street {n},,,,\n", 2000 + n)).collect();
    furnish(folder.path(), &cards.concat());
    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    let mut line = centre.line();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    udp.connect(centre.dc09).unwrap();
    udp.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let by_udp = |n: usize| {
        let (account, sequence) = (format!("{}", 2000 + n), 5000 + n as u16);
        let data = format!("#{account}|1130 01 005");
        let encoder = Encoder {
            line: Some("0"),
            account: Some(&account),
            data: data.as_bytes(),
            ..Encoder::new(Token::AdmCid, sequence)
        };
        udp.send(&encoder.encode().unwrap()).unwrap();
        let mut answer = [0; 256];
        let count = udp.recv(&mut answer).unwrap();
        assert!(String::from_utf8_lossy(&answer[..count]).contains("\"ACK\""));
    };
    // The copies of ten panels wait until the next ten have reported.
    for n in 0..PAIRS + 10 {
        if n < PAIRS {
            if n % 3 == 0 { by_udp(n) } else { assert_eq!(line.report(&format!("{}", 2000 + n), "1130 01 005"), "ACK") }
        }
        if let Some(late) = n.checked_sub(10) {
            let account = format!("{}", 2000 + late);
            if late % 3 == 0 { assert_eq!(line.report(&account, "1130 01 005"), "ACK") } else { by_udp(late) }
        }
    }
    let rows = centre.signals(2 * PAIRS);
    assert_eq!((rows.len(), centre.queue(&mut li, PAIRS).len()), (2 * PAIRS, PAIRS));
    let (first, copies): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.rule.as_deref() == Some("class.shown"));
    assert_eq!((first.len(), copies.len()), (PAIRS, PAIRS));
    for copy in copies {
        let of = first.iter().find(|row| row.account == copy.account).unwrap();
        assert_eq!(copy.rule.as_deref(), Some("duplicate"));
        assert_ne!(copy.line, of.line);
        let row = li.get(&format!("/api/signals/{}", copy.id)).json();
        assert_eq!((&row["disposition"], &row["incident"]), (&json!("repeat"), &json!(null)), "{row}");
        assert!(row["raw_hex"].as_str().is_some_and(|raw| raw.len() > 60), "{row}");
        let why = li.get(&format!("/api/signals/{}/why", copy.id)).json();
        assert_eq!(why["steps"][0]["of"], json!(of.id), "{why}");
    }
    assert_eq!(li.get("/api/reports/conservation").json()["holes"], json!([]));
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}
