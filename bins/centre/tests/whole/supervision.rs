//! Heartbeats: none is stored, and the loss and the return of a line are signals like any other.

use serde_json::json;

use crate::centre::{Centre, until};

#[test]
fn a_line_that_falls_silent_becomes_an_incident_and_restores() {
    let centre = Centre::with("1001,Shop,Main Street 1,,,1,\n");
    let mut li = centre.operator("li");
    let mut line = centre.line();
    assert_eq!(line.heartbeat("1001"), "ACK");
    let row = centre.queue(&mut li, 1).remove(0);
    assert_eq!((&row["kind"], &row["account"]), (&json!("communication"), &json!("1001")));

    assert_eq!(line.heartbeat("1001"), "ACK");
    let rows = until("the restore is stored", || {
        let rows = li.get("/api/signals").json()["rows"].take();
        (rows.as_array().unwrap().len() >= 2).then_some(rows)
    });
    let seen: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .take(2)
        .map(|row| {
            assert_eq!((&row["line"], &row["marks"]), (&json!("centre"), &json!(["supervision"])));
            (row["code"].clone(), row["qualifier"].clone())
        })
        .collect();
    assert_eq!(seen, [(json!("350"), json!(1)), (json!("350"), json!(3))]);
    let minutes = li.get("/api/reports/conservation").json();
    assert_eq!(minutes["holes"], json!([]), "heartbeats and edges balance: {minutes}");
}
