//! The change of shift: two people sign one list.

use serde_json::json;

use crate::centre::{Centre, PASSWORD};

#[test]
fn both_sign_the_list_that_both_saw() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    let list = li.get("/api/handover").json();
    assert_eq!(list["open"][0]["incident"], incident);
    let signing = |login: &str, password: &str| json!({ "list": list["list"], "login": login, "password": password, "note": "shop called twice" });
    assert_eq!(li.post("/api/handover", &signing("li", PASSWORD)).problem(), (403, "second-person".into()));
    assert_eq!(li.post("/api/handover", &signing("zhang", "guess")).problem(), (401, "wrong-password".into()));
    let signed = li.post("/api/handover", &signing("zhang", PASSWORD));
    assert_eq!(signed.status, 200, "{}", signed.body);
    let signed = signed.json();
    let told = ["number", "from", "to", "open", "note"].map(|name| signed[name].clone());
    assert_eq!(told, [json!(1), json!(1), json!(2), json!(1), json!("shop called twice")]);

    li.does(incident, json!({ "act": "take" }));
    let stale = li.post("/api/handover", &signing("zhang", PASSWORD));
    assert_eq!(stale.problem(), (409, "list-changed".into()), "somebody has taken the incident since");
    assert_eq!(li.get("/api/handovers").json(), json!([signed]));
}
