//! What is urgent goes out before what is not, however long that is owed and however slowly it is taken.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::centre::{Centre, furnish, until};

/// The message of a request.
fn read(socket: &TcpStream) -> Option<Value> {
    let mut reader = BufReader::new(socket.try_clone().ok()?);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// In a storm the gateway takes its time for each customer; the fire that is handed off by the same way is there at once, while none of
/// them is done.
#[test]
fn row_2_3_a_fire_waits_behind_no_first_contact() {
    let folder = tempfile::tempdir().unwrap();
    let cards: String = (1001..1031).map(|n| format!("{n},Shop {n},Main Street {n},,,,\n")).collect();
    furnish(folder.path(), &cards);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let came = Arc::new(Mutex::new(Vec::<(String, TcpStream)>::new()));
    let coming = came.clone();
    std::thread::spawn(move || {
        for mut socket in listener.incoming().map_while(Result::ok) {
            let Some(message) = read(&socket) else { continue };
            let kind = message["kind"].as_str().unwrap_or_default().to_owned();
            if kind != "first-contact" {
                let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
            // Nobody is told anything as long as this end is held.
            coming.lock().unwrap().push((kind, socket));
        }
    });
    let ways = format!(
        "[way.town]\nby = \"http\"\nurl = \"{url}\"\ntoken = \"token\"\ntimeout_s = 60\n\
         [hand_off]\nfire = \"town\"\n[storm]\nfirst_contact = \"town\"\n"
    );
    let file = folder.path().join("outside.toml");
    std::fs::write(&file, ways).unwrap();
    let centre = Centre::run(folder.path(), &["--outside", file.to_str().unwrap()]);
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let declare = json!({ "act": "declare", "area": "everywhere", "note": "thunder" });
    assert_eq!(chen.post("/api/storms", &declare).status, 200);
    (1001..1030).for_each(|n| centre.reports(&n.to_string(), "1130 01 003"));
    let count = |wanted: &str| came.lock().unwrap().iter().filter(|(kind, _)| kind == wanted).count();
    until("as many are asked as go at once", || (count("first-contact") == 8).then_some(()));
    centre.reports("1030", "1110 01 003");
    let fire = until("the fire is open", || {
        let queue = li.get("/api/queue").json();
        let row = queue["rows"].as_array().unwrap().iter().find(|row| row["account"] == "1030").cloned();
        row.and_then(|row| row["incident"].as_u64())
    });
    li.does(fire, json!({ "act": "take" }));
    li.does(fire, json!({ "act": "hand-off", "to": "fire" }));
    until("the fire brigade is told", || (count("hand-off") == 1).then_some(()));
    assert_eq!(count("first-contact"), 8, "while nobody has taken any of these");
    until("it is known", || {
        let page = li.get(&format!("/api/incidents/{fire}")).json();
        page["incident"]["hand_offs"][0]["delivered_at"].is_u64().then_some(())
    });
}
