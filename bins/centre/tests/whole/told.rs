//! Those who go and what they are told meanwhile (§2.6): by real files, what joined and where it is now; and what cannot be told.

use std::path::Path;

use serde_json::{Value, json};

use crate::centre::{Centre, command, furnish, until};
use crate::web::Web;

/// A centre in `folder` that asks units and hands fires off by files, with one unit.
fn run(folder: &Path) -> Centre {
    furnish(folder, "1001,Shop,Main Street 1,,,,\n");
    let east = ["account", "set", "1001", "--district", "East", "--data"];
    assert!(command(&east).arg(folder).output().unwrap().status.success());
    // The nearest, so that it is the one.
    let set = ["unit", "set", "2", "--travel", "East=60", "--data"];
    assert!(command(&set).arg(folder).output().unwrap().status.success());
    let outside = folder.join("outside.toml");
    let ways = "[way.gateway]\nby = \"file\"\nout = \"out\"\nanswers = \"in\"\n[hand_off]\nfire = \"gateway\"\n\
                [people]\noffer = \"gateway\"\n";
    std::fs::write(&outside, ways).unwrap();
    Centre::run(folder, &["--outside", outside.to_str().unwrap()])
}

/// The messages of a kind that lie in the folder, in the order in which they came to be owed, when there are so many.
fn told(out: &Path, kind: &str, count: usize) -> Vec<Value> {
    until(kind, || {
        let files = std::fs::read_dir(out).ok()?.filter_map(|file| Some(file.ok()?.path()));
        let files = files.filter(|path| path.extension().is_some_and(|name| name == "json"));
        let said = files.map(|path| serde_json::from_slice::<Value>(&std::fs::read(path).unwrap()).unwrap());
        let mut said: Vec<Value> = said.filter(|message| message["kind"] == kind).collect();
        let place = |message: &Value| {
            let numbers = message["id"].as_str().unwrap().split(['-', '.']).filter_map(|part| part.parse::<u64>().ok());
            numbers.collect::<Vec<_>>()
        };
        said.sort_by_key(place);
        (said.len() == count).then_some(said)
    })
}

fn moves(li: &mut Web, address: &str) {
    let version = li.get("/api/accounts/1001").json()["sheet"]["row"]["version"].clone();
    let edit = json!({ "version": version, "reason": "the owner says", "address": address });
    assert_eq!(li.post("/api/accounts/1001/card", &edit).status, 200);
}

#[test]
fn row_2_6_who_goes_is_told_what_joins_and_where_it_is_now() {
    let folder = tempfile::tempdir().unwrap();
    let (out, answers) = (folder.path().join("out"), folder.path().join("in"));
    let centre = run(folder.path());
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "pre-process" }));
    assert_eq!(told(&out, "offer", 1)[0]["site"]["address"], "Main Street 1");
    let said = json!({ "message": "a", "incident": incident, "unit": 2, "offer": 1, "says": "accepted" });
    std::fs::write(answers.join("a.part"), said.to_string()).unwrap();
    std::fs::rename(answers.join("a.part"), answers.join("a.json")).unwrap();
    until("the unit is heard", || answers.join("done").join("a.json").exists().then_some(()));

    centre.reports("1001", "1110 01 007");
    // One message: what joined, and what it is about since.
    let updates = told(&out, "update", 1);
    let joined = [&updates[0]["signal"]["code"], &updates[0]["signal"]["number"], &updates[0]["offer"]];
    assert_eq!(joined, [&json!("110"), &json!("007"), &json!(1)]);
    assert_eq!((&updates[0]["alarm"]["kind"], &updates[0]["unit"]["number"]), (&json!("fire"), &json!(2)));
    assert_eq!(updates[0]["signals"].as_array().unwrap().len(), 2);

    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "hand-off", "to": "fire" }));
    assert_eq!(told(&out, "hand-off", 1)[0]["site"]["address"], "Main Street 1");
    until("it has arrived", || {
        let page = li.get(&format!("/api/incidents/{incident}")).json();
        (page["incident"]["hand_offs"][0]["by_machine"] == true).then_some(())
    });
    moves(&mut li, "Elm Road 99");
    let (site, update) = (told(&out, "site", 1).remove(0), told(&out, "update", 2).remove(1));
    assert_eq!((&site["site"]["address"], &site["to"]), (&json!("Elm Road 99"), &json!("fire")));
    assert_eq!((&update["site"]["address"], &update["signal"]), (&json!("Elm Road 99"), &Value::Null));

    li.does(incident, json!({ "act": "tell-unit", "unit": 2, "note": "the gate is open" }));
    assert_eq!(told(&out, "update", 3)[2]["note"], "the gate is open");
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("告知出警人员") && page.contains("地址更正"), "{page}");
}

/// Nothing of this is owed any more after a kill, and an address that changes while the centre is away is told at the start.
#[test]
fn row_2_6_an_address_that_changes_while_the_centre_is_away_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let centre = run(folder.path());
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "pre-process" }));
    until("the offer has arrived", || {
        let page = li.get(&format!("/api/incidents/{incident}")).json();
        (page["incident"]["dispatches"][0]["by_machine"] == true).then_some(())
    });
    centre.kill();
    let file = folder.path().join("moved.csv");
    std::fs::write(&file, "account,name,address,key_hex,format,heartbeat_s,phone\n1001,Shop,Elm Road 99,,,,\n")
        .unwrap();
    assert!(
        command(&["import", file.to_str().unwrap(), "--data"]).arg(folder.path()).output().unwrap().status.success()
    );
    let centre = Centre::run(folder.path(), &["--outside", folder.path().join("outside.toml").to_str().unwrap()]);
    assert_eq!(told(&out, "update", 1)[0]["site"]["address"], "Elm Road 99");
    centre.kill();
    let centre = Centre::run(folder.path(), &["--outside", folder.path().join("outside.toml").to_str().unwrap()]);
    let mut li = centre.operator("li");
    let moments = li.get(&format!("/api/incidents/{incident}")).json()["moments"].take();
    let said = moments.as_array().unwrap().iter().filter(|moment| moment["kind"] == "unit-told").count();
    assert_eq!((said, told(&out, "update", 1).len()), (1, 1));
}
