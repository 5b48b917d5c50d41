//! Action plans and the ends of branch 2: through the calls, on the page, and as files on the command line.

use alarmcore::Plans;
use serde_json::{Value, json};

use crate::centre::{Centre, command, furnish};
use crate::web::Web;

/// Each step's word and state, in the order of the answer.
fn steps(web: &mut Web, incident: u64) -> Vec<(String, String)> {
    let plan = web.get(&format!("/api/incidents/{incident}/plan")).json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    plan["steps"].as_array().unwrap().iter().map(|step| (text(&step["step"]), text(&step["state"]))).collect()
}

fn step(web: &mut Web, incident: u64, wanted: &str) -> Value {
    let plan = web.get(&format!("/api/incidents/{incident}/plan")).json();
    plan["steps"].as_array().unwrap().iter().find(|step| step["step"] == wanted).unwrap().clone()
}

#[test]
fn an_incident_follows_its_plan_and_ends_kept_guarded() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    let plan = li.get(&format!("/api/incidents/{incident}/plan")).json();
    assert_eq!((&plan["plan"], &plan["version"], &plan["given"]), (&json!("burglary"), &json!(2), &json!(true)));
    assert_eq!(steps(&mut li, incident)[0], ("take".into(), "next".into()));

    li.does(incident, json!({ "act": "take" }));
    let taken = step(&mut li, incident, "take");
    assert_eq!((&taken["state"], &taken["by_name"]), (&json!("done"), &json!("li")));
    assert_eq!(
        step(&mut li, incident, "codeword")["conditions"],
        json!([{"question": "reached", "answers": ["reached"]}])
    );
    let refused = li.act(incident, json!({ "act": "tick-step", "step": "call" }));
    assert_eq!(refused.problem(), (409, "step-needs-act".into()));
    li.does(incident, json!({ "act": "skip-step", "step": "call", "note": "the line is dead" }));
    assert_eq!(step(&mut li, incident, "call")["state"], "skipped");
    assert_eq!(step(&mut li, incident, "send")["state"], "next");
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("value=\"skip-step\""), "the page leads through the plan");

    li.does(incident, json!({ "act": "pre-process", "unit": 1 }));
    for act in ["accept", "arrive"] {
        li.does(incident, json!({ "act": act, "unit": 1 }));
    }
    li.does(incident, json!({ "act": "report-scene", "unit": 1, "doors": "damaged", "windows": "intact" }));
    let early = li.act(incident, json!({ "act": "end-undetermined", "end": "handed-to-police" }));
    assert_eq!(early.problem(), (409, "hand-off-missing".into()));
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("value=\"end-undetermined\"") && page.contains("value=\"kept-guarded\""));
    // As the form sends it: a guard for one minute. It is still there at the end of that minute, so it cannot be closed.
    let ended = li.request(
        "POST",
        &format!("/incidents/{incident}/act"),
        &[("content-type", "application/x-www-form-urlencoded")],
        "act=end-undetermined&end=kept-guarded&unit%3An=1&until%3Ain=1",
    );
    assert_eq!(ended.status, 303, "{}", ended.body);
    let row = li.get(&format!("/api/incidents/{incident}")).json()["row"].take();
    assert_eq!(row["stage"], "undetermined");
    assert_eq!(li.act(incident, json!({ "act": "close" })).problem(), (409, "not-yet-left".into()));
    li.does(incident, json!({ "act": "end-undetermined", "end": "secured-by-owner", "contact": 0 }));
    li.does(incident, json!({ "act": "leave", "unit": 1 }));
    let record = json!({ "act": "record-dispatch", "unit": 1, "people": "W", "findings": "door", "signed_by": "W" });
    li.does(incident, record);
    li.does(incident, json!({ "act": "close" }));
    let row = li.get(&format!("/api/incidents/{incident}")).json()["row"].take();
    assert_eq!(
        (&row["stage"], &row["resolution"], &row["cause"]),
        (&json!("closed"), &json!("secured-by-owner"), &json!(null))
    );
    assert_eq!(li.get("/api/incidents/99/plan").problem(), (404, "not-found".into()));
}

#[test]
fn plans_are_printed_shown_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plans.toml");
    let plan = |arguments: &[&std::ffi::OsStr]| {
        let output = command(&["plan"]).args(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let printed = plan(&["example".as_ref()]);
    assert_eq!(printed.0, Some(0));
    std::fs::write(&file, &printed.1).unwrap();
    let name = file.display();
    let checked = plan(&["check".as_ref(), file.as_os_str()]);
    assert_eq!(checked.1, format!("{name}: version 2, 9 plans, the standard plans\n"));
    std::fs::write(&file, printed.1.replace("next = \"police\"", "next = \"polise\"")).unwrap();
    let wrong = plan(&["check".as_ref(), file.as_os_str()]);
    assert_eq!(wrong.0, Some(64));
    let told = "there is no step `polise` in this plan; did you mean `police`?";
    assert!(wrong.2.contains(&format!("centre: the plan file {name}: line ")) && wrong.2.contains(told), "{}", wrong.2);
    let shown = plan(&["show".as_ref(), "hold-up".as_ref()]);
    assert!(
        shown.1.starts_with("hold-up  Hold-up, duress / 劫盗报警、胁迫\n") && shown.1.contains("hand-off police"),
        "{}",
        shown.1
    );
    let unknown = plan(&["show".as_ref(), "dance".as_ref()]);
    assert_eq!((unknown.0, unknown.2.contains("there is no kind dance; there are fire, ")), (Some(64), true));
}

/// The plans are changed while one incident is closed and another is open: the closed one is shown with the words that it was dealt
/// with by, on the page and over the API; the open one goes by the new words, and says so.
#[test]
fn a_closed_incident_is_shown_with_its_plan_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let plans = |version: u32, from: &str, to: &str| {
        let file = folder.path().join(format!("plans-{version}.toml"));
        let text = Plans::DOCUMENTED.replacen("version = 2", &format!("version = {version}"), 1);
        assert!(text.contains(from), "{from}");
        std::fs::write(&file, text.replace(from, to)).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let name = Plans::standard().get("burglary").unwrap().en.clone();
    let step =
        Plans::standard().get("burglary").unwrap().steps.iter().find(|step| step.id == "call").unwrap().en.clone();
    let centre = Centre::run(folder.path(), &["--plans", &plans(4, &step, "Ring the old bell")]);
    let mut li = centre.operator("li");
    let closed = centre.burglary(&mut li, "1001", 3);
    li.does(closed, json!({ "act": "take" }));
    li.does(closed, json!({ "act": "verify-false", "cause": "animal" }));
    let open = centre.burglary(&mut li, "1002", 3);
    assert_eq!(centre.terminate().code(), Some(0));

    let centre = Centre::run(folder.path(), &["--plans", &plans(5, &step, "Ring the new bell")]);
    let mut li = centre.operator("li");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(li.request("POST", "/language", &form, "lang=en&back=/").status, 303);
    let mut told = |incident: u64| {
        let plan = li.get(&format!("/api/incidents/{incident}/plan")).json();
        let page = li.get(&format!("/incidents/{incident}")).body;
        let words = ["Ring the old bell", "Ring the new bell", "The words are those of plans version 5"];
        (
            plan["en"].clone(),
            plan["version"].clone(),
            plan["text_version"].clone(),
            words.map(|words| page.contains(words)),
        )
    };
    assert_eq!(told(closed), (json!(name), json!(4), json!(4), [true, false, false]));
    assert_eq!(told(open), (json!(name), json!(4), json!(5), [false, true, true]));
}
