//! The live stream: every commit is told, and who was away is told what was missed.

use serde_json::{Value, json};

use crate::centre::Centre;

/// The next event of this name with its id and data.
pub(crate) fn next(lines: &mut impl Iterator<Item = String>, name: &str) -> (u64, Value) {
    loop {
        let event: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        assert!(!event.is_empty(), "the stream ended");
        let field = |field: &str| event.iter().find_map(|line| Some(line.strip_prefix(field)?.trim().to_owned()));
        if field("event:").as_deref() == Some(name) {
            let id = field("id:").map_or(0, |id| id.parse().unwrap());
            return (id, serde_json::from_str(&field("data:").unwrap()).unwrap());
        }
    }
}

#[test]
fn a_commit_is_told_at_once_and_a_lost_connection_catches_up() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let mut live = li.listen("/api/live", &[]);
    let incident = centre.burglary(&mut li, "1001", 3);
    let (seq, change) = next(&mut live, "change");
    assert_eq!(
        (&change["incidents"], &change["accounts"], &change["ring"]),
        (&json!([incident]), &json!(["1001"]), &json!(2))
    );
    assert_eq!(change["seq"], seq);
    drop(live);

    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "verify-false", "cause": "animal" }));
    let mut live = li.listen("/api/live", &[("last-event-id", &seq.to_string())]);
    let missed: Vec<_> = (0..4).map(|_| next(&mut live, "happening")).map(|(_, one)| one["kind"].clone()).collect();
    assert_eq!(missed, ["taken", "step-skipped", "verified-false", "closed"]);
}
