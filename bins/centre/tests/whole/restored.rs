//! A centre that is started on a copy of its store goes on with the numbers of that copy; what it sends is not taken for a repeat.

use serde_json::{Value, json};

use crate::centre::{Centre, command, until};
use crate::hand_off::{Town, hand_off};

/// A fire that the lost centre handed off under a number that the copy gives to another fire: the file of that goes out, too, under a number
/// of its own, and says of which generation it is. So it is with files that somebody copied back by hand.
#[test]
fn row_2_4_what_a_restored_centre_sends_is_new() {
    let town = Town::new();
    let centre = town.centre("http://127.0.0.1:9/");
    let shelf = tempfile::tempdir().unwrap();
    let paths = [town.path(), shelf.path()].map(|path| path.to_str().unwrap().to_owned());
    let said = command(&["backup", "--data", &paths[0], "--to", &paths[1]]).output().unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    let copy = std::path::PathBuf::from(said.lines().next().unwrap());
    let mut li = centre.operator("li");
    assert_eq!(hand_off(&centre, &mut li, "1001", "fire"), 1);
    let out = town.path().join("out");
    let sent = || {
        let files =
            std::fs::read_dir(&out).map(|files| files.map(|file| file.unwrap().path()).collect()).unwrap_or_default();
        let files: Vec<std::path::PathBuf> = files;
        let files = files.into_iter().filter(|file| file.extension().is_some_and(|is| is == "json"));
        let read = |file: std::path::PathBuf| serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let mut messages: Vec<Value> = files.map(read).collect();
        messages.sort_by_key(|message| message["id"].as_str().unwrap().len());
        messages
    };
    let [first] = &until("the fire is told", || Some(sent()).filter(|sent| sent.len() == 1))[..] else { panic!("one") };
    let facts = |message: &Value| json!(["incident", "number", "kind"].map(|name| message[name].clone()));
    assert_eq!((facts(first), &first["generation"]), (json!([1, 1, "hand-off"]), &Value::Null));
    assert_eq!(first["site"]["account"], "1001");
    centre.kill();

    for file in ["centre.db", "signals.db"] {
        for beside in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(town.path().join(format!("{file}{beside}")));
        }
        std::fs::copy(copy.join(file), town.path().join(file)).unwrap();
    }
    let restored: Centre = town.centre("http://127.0.0.1:9/");
    let mut li = restored.operator("li");
    assert_eq!(hand_off(&restored, &mut li, "1002", "fire"), 1, "the copy knows of no incident");
    let sent = until("another fire is told", || Some(sent()).filter(|sent| sent.len() == 2));
    let generation = sent[1]["generation"].as_str().unwrap();
    assert_eq!(sent[1]["id"], format!("{}.{generation}", first["id"].as_str().unwrap()));
    assert_eq!((facts(&sent[1]), &sent[1]["site"]["account"]), (facts(first), &json!("1002")));
}
