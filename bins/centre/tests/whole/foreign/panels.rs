//! Panels that others wrote, reporting to a running centre: what they send is acknowledged, stored once and judged.

use opsmodel::store::query::{Fate, SignalRow};
use serde_json::{Value, json};

use super::python::Script;
use crate::centre::Centre;

pub(crate) const AES_128: &str = "00112233445566778899aabbccddeeff";
const AES_256: &str = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210";

/// A short evening: intrusion and its restore, fire in the kitchen, the owner arms. The alarms of an account are one
/// incident, which the fire makes more urgent.
fn evening() -> Value {
    json!([
        ["ADM-CID", {"code": 130, "q": 1, "area": 1, "zone": 5}],
        ["ADM-CID", {"code": 130, "q": 3, "area": 1, "zone": 5}],
        ["SIA-DCS", {"code": "FA", "area": 2, "zone": 7, "text": "Kitchen", "mac": "0026B9E4268B"}],
        ["SIA-DCS", {"code": "CL", "area": 1, "user": 3}],
    ])
}

fn evening_as_stored(line: &str, account: &str, marks: &str) -> [String; 4] {
    [
        format!("{line} {account} ADM-CID [1 130 01 005 -] {marks} ack opened"),
        format!("{line} {account} ADM-CID [3 130 01 005 -] {marks} ack joined"),
        format!("{line} {account} SIA-DCS [1 FA 2 7 Kitchen] {marks} ack joined"),
        format!("{line} {account} SIA-DCS [3 CL 1 3 -] {marks} ack logged"),
    ]
}

/// A centre that knows the account 1001 with this key; an empty one is none.
pub(crate) fn one_account(key_hex: &str) -> Centre {
    Centre::with(&format!("1001,Shop,Main Street,{key_hex},,,\n"))
}

/// Where it listens for panels.
pub(crate) fn port(centre: &Centre) -> u16 {
    centre.dc09.port()
}

pub(crate) fn run(script: &Script, order: Value) -> Value {
    script.run(&[order]).pop().expect("the panel says how it went")
}

#[test]
fn a_panel_reports_in_plain_text() {
    let Some(panel) = Script::find("panel", "my_dc09_spt") else { return };
    let centre = one_account("");
    for transport in ["tcp", "udp"] {
        let account = if transport == "tcp" { "1001" } else { "2002" };
        let order = json!({
            "dialler": "my_dc09_spt", "port": port(&centre), "account": account, "transport": transport,
            "events": evening(), "polls": 2,
        });
        let told = run(&panel, order);
        assert_eq!((&told["acknowledged"], &told["polls"]), (&json!([true, true, true, true]), &json!(2)), "{told}");
    }
    // 2002 is nobody's account: its signals are kept and shown all the same, the fire as a fire. Polls are no signals.
    let unknown = [
        "dc09-udp 2002 ADM-CID [1 130 01 005 -] - ack opened",
        "dc09-udp 2002 ADM-CID [3 130 01 005 -] - ack joined",
        "dc09-udp 2002 SIA-DCS [1 FA 2 7 Kitchen] - ack opened",
        "dc09-udp 2002 SIA-DCS [3 CL 1 3 -] - ack joined",
    ];
    let expected: Vec<String> =
        evening_as_stored("dc09-tcp", "1001", "-").into_iter().chain(unknown.map(str::to_owned)).collect();
    assert_eq!(spelt(&centre.signals(8)), expected);
}

#[test]
fn a_panel_reports_encrypted() {
    let Some(panel) = Script::find("panel", "my_dc09_spt") else { return };
    let centre = Centre::with(&format!("1001,Shop,Main Street,{AES_128},,,\n1002,Bank,Main Street,{AES_256},,,\n"));
    let mut expected = Vec::new();
    for (account, key, transport) in [("1001", AES_128, "tcp"), ("1002", AES_256, "udp")] {
        let order = json!({
            "dialler": "my_dc09_spt", "port": port(&centre), "account": account, "transport": transport,
            "key_hex": key, "events": evening(), "polls": 2,
        });
        let told = run(&panel, order);
        assert_eq!((&told["acknowledged"], &told["polls"]), (&json!([true, true, true, true]), &json!(2)), "{told}");
        expected.extend(evening_as_stored(&format!("dc09-{transport}"), account, "encrypted"));
    }
    assert_eq!(spelt(&centre.signals(8)), expected);
}

#[test]
fn a_panel_with_the_wrong_key_is_kept_and_not_acknowledged() {
    let Some(panel) = Script::find("panel", "my_dc09_spt") else { return };
    let centre = one_account(AES_128);
    let order = json!({
        "dialler": "my_dc09_spt", "port": port(&centre), "account": "1001", "key_hex": AES_256,
        "events": [["ADM-CID", {"code": 130, "q": 1, "area": 1, "zone": 5}]],
    });
    assert_eq!(run(&panel, order)["acknowledged"], json!([false]));
    assert_eq!(spelt(&centre.signals(1)), ["dc09-tcp 1001 ADM-CID [- - - - -] undeciphered duh opened"]);
}

/// The dialler corrects its clock by our refusal and repeats: the alarm was shown by the frame that came late, and the one that came in
/// time is the panel's word. It then fails to read the acknowledgement of the repetition, a
/// fault of its own. Its next polls show that it kept the time.
#[test]
fn a_panel_an_hour_ahead_is_told_the_time() {
    let Some(panel) = Script::find("panel", "my_dc09_spt") else { return };
    let centre = one_account(AES_128);
    let order = json!({
        "dialler": "my_dc09_spt", "port": port(&centre), "account": "1001", "key_hex": AES_128,
        "clock_ahead_s": 3600, "polls": 1,
        "events": [["ADM-CID", {"code": 130, "q": 1, "area": 1, "zone": 5}]],
    });
    let told = run(&panel, order);
    assert!(told["clock_offset_s"].as_f64().expect("the answer carried a time").abs() < 10.0, "{told}");
    assert_eq!(told["polls"], json!(1), "{told}");
    let stored = spelt(&centre.signals(2));
    let expected = [
        "dc09-tcp 1001 ADM-CID [1 130 01 005 -] encrypted+stale-clock nak opened",
        "dc09-tcp 1001 ADM-CID [1 130 01 005 -] encrypted ack joined",
    ];
    assert_eq!(stored, expected);
}

#[test]
fn an_older_dialler_reports_in_plain_text() {
    let Some(panel) = Script::find("panel", "dc09_spt") else { return };
    let centre = one_account("");
    let order = json!({
        "dialler": "dc09_spt", "port": port(&centre), "account": "1001", "events": evening(), "polls": 2,
    });
    let told = run(&panel, order);
    assert_eq!((&told["acknowledged"], &told["polls"]), (&json!([true, true, true, true]), &json!(2)), "{told}");
    assert_eq!(spelt(&centre.signals(4)), evening_as_stored("dc09-tcp", "1001", "-"));
}

/// One line a signal: line, account, token, event, marks, answer, disposition.
fn spelt(rows: &[SignalRow]) -> Vec<String> {
    let spell = |row: &SignalRow| {
        let account = row.account.map(|account| account.to_string());
        let qualifier = row.qualifier.map(|digit| digit.to_string());
        let event = [qualifier, row.code.clone(), row.group.clone(), row.number.clone(), row.text.clone()];
        let event: Vec<String> = event.into_iter().map(|part| part.unwrap_or_else(|| "-".to_owned())).collect();
        let fate = row.disposition.map_or("none", Fate::as_str);
        format!(
            "{} {} {} [{}] {} {} {fate}",
            row.line,
            account.as_deref().unwrap_or("-"),
            row.token,
            event.join(" "),
            if row.marks.is_empty() { "-".to_owned() } else { row.marks.join("+") },
            row.answer,
        )
    };
    rows.iter().map(spell).collect()
}
