//! A storm over the API and on its pages: a district whose lines fail at once, declared by rule, confirmed by a person, caught
//! up on line by line, ended by two.

use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, PASSWORD, furnish, hire, until};

const EAST: u32 = 1100;

/// Twelve accounts of the district East and one of West.
fn centre() -> (tempfile::TempDir, Centre) {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "");
    let csv: String = (0..12).map(|n| format!("{},Shop {n},East Road {n},,,,,East\n", EAST + n)).collect();
    let file = folder.path().join("districts.csv");
    std::fs::write(
        &file,
        format!(
            "account,name,address,key_hex,format,heartbeat_s,phone,district\n{csv}1200,Mill,West Road 1,,,,,West\n"
        ),
    )
    .unwrap();
    centre::import::import(folder.path(), &file, false).unwrap();
    let centre = Centre::on(folder.path());
    (folder, centre)
}

fn fields<const N: usize>(value: &Value, names: [&str; N]) -> [Value; N] {
    names.map(|name| value[name].clone())
}

#[test]
fn a_district_that_fails_at_once_is_one_incident_with_a_ledger() {
    let (folder, centre) = centre();
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let mut line = centre.line();
    for n in 0..12 {
        assert_eq!(line.report(&(EAST + n).to_string(), "1301 00 000"), "ACK");
    }
    centre.reports("1200", "1301 00 000");
    let storms = until("a rule declares the storm", || {
        let storms = li.get("/api/storms").json();
        (storms[0]["grouped"] == 12).then_some(storms)
    });
    let told = fields(&storms[0], ["area", "state", "by", "counted_accounts", "left"]);
    let area = json!({ "of": "district", "name": "East" });
    assert_eq!(told, [area, json!("declared"), Value::Null, json!(10), json!(12)]);
    // One incident stands for all twelve; the mill of another district waits for its restore like any other day.
    let queue = centre.queue(&mut li, 1);
    let told = fields(&queue[0], ["kind", "account", "group_of", "priority"]);
    assert_eq!(told, [json!("power"), Value::Null, json!(1), json!(4)]);
    let page = li.get("/").body;
    assert!(page.contains("Storm 1") || page.contains("灾害模式 1"), "{page}");

    // Fire is shown as ever, before it.
    centre.reports("1103", "1110 01 002");
    let queue = centre.queue(&mut li, 2);
    assert_eq!([&queue[0]["kind"], &queue[0]["account"], &queue[1]["kind"]], ["fire", "1103", "power"]);

    // Only a supervisor declares one; whoever is there confirms what a rule declared.
    let declare = json!({ "act": "declare", "area": "district", "name": "West" });
    assert_eq!(li.post("/api/storms", &declare).problem(), (403, "supervisors-only".into()));
    let nowhere = json!({ "act": "declare", "area": "district", "name": "North" });
    assert_eq!(chen.post("/api/storms", &nowhere).problem(), (409, "no-such-area".into()));
    let acts = "/api/storms/1/acts";
    // Nobody calls staff in by accident: whoever confirms it ticks that.
    let page = li.get("/storms/1").body;
    assert!(page.contains(r#"<input type="checkbox" name="call_in:b"><span>"#), "{page}");
    assert_eq!(li.post(acts, &json!({ "act": "confirm", "call_in": true })).status, 200);

    // Each line of the ledger: restored by the panel, ordered or accepted by a person, and no end before.
    let end = json!({ "act": "end", "second": { "login": "chen", "password": PASSWORD } });
    assert_eq!(li.post(acts, &end).problem(), (409, "lines-left".into()));
    for n in 0..10 {
        assert_eq!(line.report(&(EAST + n).to_string(), "3301 00 000"), "ACK");
    }
    let order =
        |reference: Value| json!({ "act": "order", "account": "1110", "kind": "power", "reference": reference });
    assert_eq!(li.post(acts, &order(Value::Null)).problem(), (409, "reference-missing".into()));
    assert_eq!(li.post(acts, &order(json!("R-17"))).status, 200);
    let page = chen.get("/storms/1").body;
    assert!(page.contains("R-17") && page.contains("1111"), "{page}");
    let accept = json!({ "act": "accept", "account": "1111", "kind": "power", "note": "empty flat" });
    assert_eq!(li.post(acts, &accept).status, 200);
    until("the restores are on the ledger", || (li.get("/api/storms").json()[0]["left"] == 0).then_some(()));
    assert_eq!(li.post(acts, &json!({ "act": "end" })).problem(), (409, "second-person-missing".into()));
    assert_eq!(li.post(acts, &end).status, 200);
    assert_eq!(li.get("/api/storms").json(), json!([]));
    let over = li.get("/api/storms/1").json();
    let told = fields(&over["row"], ["state", "ended_by_name", "second_name", "grouped", "left"]);
    assert_eq!(told, [json!("ended"), json!("li"), json!("chen"), json!(12), json!(0)]);
    let how: Vec<_> = over["lines"].as_array().unwrap().iter().map(|line| line["how"].clone()).collect();
    let restored = std::iter::repeat_n(json!("restored"), 10);
    assert_eq!(how, restored.chain([json!("ordered"), json!("accepted")]).collect::<Vec<_>>());
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}

/// The forms of the two pages do what the calls do.
#[test]
fn a_supervisor_declares_and_extends_a_storm_by_form() {
    let (_folder, centre) = centre();
    let mut chen = centre.operator("chen");
    let csrf = chen.csrf.clone().unwrap();
    let mut post = |path: &str, body: &str| {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        chen.request("POST", path, &form, &format!("csrf={csrf}&{body}"))
    };
    let refused = post("/storms", "act=declare&area=district&name=North&minutes:n=60");
    assert!(refused.body.contains("North"), "{}: {}", refused.status, refused.body);
    let declared = post("/storms", "act=declare&area=district&name=East&minutes:n=60&call_in:b=true&note=flood");
    assert_eq!((declared.status, declared.header("location")), (303, Some("/storms")));
    assert_eq!(post("/storms/1/act", "act=extend&minutes:n=90").header("location"), Some("/storms/1"));
    let page = chen.get("/storms").body;
    assert!(page.contains("East") && page.contains("href=\"/storms/1\""), "{page}");
    let storm = chen.get("/api/storms/1").json();
    let told = fields(&storm["row"], ["state", "by_name", "confirmed_by_name"]);
    assert_eq!(told, [json!("confirmed"), json!("chen"), json!("chen")]);
    let done: Vec<_> = storm["moments"].as_array().unwrap().iter().map(|one| one["kind"].clone()).collect();
    assert_eq!(done, ["declared", "called-in", "extended"].map(Value::from));
    assert!(storm["row"]["called_in_at"].is_string(), "{storm}");
}

/// Who is called in at night may declare it, by the form, too; an operator may not.
#[test]
fn row_2_3_declare_by_a_manager() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    hire(folder.path(), "wu", "manager");
    let centre = Centre::on(folder.path());
    let (mut li, mut wu) = (centre.operator("li"), centre.operator("wu"));
    let declare = json!({ "act": "declare", "area": "everywhere", "note": "thunder" });
    let refused = li.post("/api/storms", &declare);
    assert_ne!(refused.status, 200);
    let form = "value=\"declare\"";
    assert_eq!([&mut li, &mut wu].map(|web| web.get("/storms").body.contains(form)), [false, true]);
    assert_eq!(wu.post("/api/storms", &declare).status, 200);
}
