//! Queues over the API and on the page: what is only for members others do not see and do not take, supervisors see it, and it is
//! everybody's when nobody of the queue is there.

use std::path::Path;

use alarmcore::{IncidentId, Lang};
use opsmodel::store::query::Reader;
use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, PASSWORD, command, furnish, give_codewords, until};
use crate::clips::keep;
use crate::live::next;
use crate::secrets::{filled, routes};
use crate::web::Web;

/// The counts of a queue as this person is told them: own, new, suspended, hidden, actioned.
fn counts(web: &mut Web, name: &str) -> Value {
    let queue = web.get("/api/queue").json();
    let of = |count: &&Value| count["queue"] == name;
    let count = queue["queues"].as_array().unwrap().iter().find(of).cloned().unwrap_or_default();
    json!(["own", "new", "suspended", "hidden", "actioned"].map(|field| count[field].clone()))
}

/// A centre with a queue for banks that only Li sees; 1002 is one.
fn banks(folder: &Path, more: &str) -> Centre {
    furnish(folder, "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    give_codewords(folder, "1002");
    let policy = folder.join("policy.toml");
    let rules = "[[queue]]\nname = 'banks & co'\nfor = { site_types = ['bank'] }\nskills = ['banks']\n\
                 exclusive = true\noverflow_s = 600\n";
    std::fs::write(&policy, format!("version = 6\n{rules}{more}")).unwrap();
    let path = folder.to_str().unwrap();
    assert!(
        command(&["account", "set", "1002", "--site-type", "bank", "--data", path]).output().unwrap().status.success()
    );
    let skilled = ["operator", "add", "--data", path, "--login", "li", "--name", "li", "--skills", "banks"];
    let mut add = command(&skilled).stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut add.stdin.take().unwrap(), format!("{PASSWORD}\n").as_bytes()).unwrap();
    assert!(add.wait().unwrap().success());
    Centre::run(folder, &["--policy", policy.to_str().unwrap()])
}

#[test]
fn an_exclusive_queue_is_for_its_members() {
    let folder = tempfile::tempdir().unwrap();
    let centre = banks(folder.path(), "");
    let (mut li, mut zhang, mut chen) = (centre.operator("li"), centre.operator("zhang"), centre.operator("chen"));
    let screen = li.listen("/api/live", &[]);
    centre.reports("1001", "1130 01 003");
    // The desk has heard of who is there by what it does next.
    centre.queue(&mut li, 1);
    centre.reports("1002", "1130 01 003");
    let all = centre.queue(&mut li, 2);
    assert_eq!((&all[0]["queue"], &all[1]["queue"]["name"]), (&Value::Null, &json!("banks & co")));
    let incident = all[1]["incident"].as_u64().unwrap();

    assert_eq!(centre.queue(&mut zhang, 1)[0]["account"], "1001");
    assert_eq!(counts(&mut zhang, "banks & co"), json!([false, 0, 0, 1, 0]));
    assert_eq!(counts(&mut li, "banks & co"), json!([true, 1, 0, 0, 0]));
    assert_eq!(centre.queue(&mut chen, 2).len(), 2, "the shift lead sees everything");
    let page = zhang.get("/").body;
    assert!(page.contains("banks &#38; co") && !page.contains(&format!("id=\"i{incident}\"")), "{page}");
    assert!(li.get("/?queue=banks%20%26%20co").body.contains(&format!("id=\"i{incident}\"")));
    assert_eq!(zhang.act(incident, json!({ "act": "take" })).problem(), (403, "other-queue".into()));

    // Its only member goes: it is everybody's.
    drop(screen);
    assert_eq!(li.post("/api/logout", &json!({})).status, 204);
    until("it is everybody's", || (counts(&mut zhang, "banks & co") == json!([false, 1, 0, 0, 0])).then_some(()));
    zhang.does(incident, json!({ "act": "take" }));
    zhang.does(incident, json!({ "act": "call", "contact": 0, "result": "no-answer" }));
    assert_eq!(counts(&mut zhang, "banks & co"), json!([false, 0, 0, 0, 1]));
    let reader = Reader::open(folder.path()).unwrap();
    let says: Vec<String> = reader
        .explain_course(IncidentId::new(incident), Lang::En)
        .unwrap()
        .into_iter()
        .map(|line| format!("{} {}", line.about.as_str(), line.says))
        .collect();
    assert_eq!(says, ["queue → banks & co (members only, banks)", "queue Nobody of the queue is there"]);
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}

/// Does an answer name the incident: as the number of one in JSON, or by its address or number on a page?
fn names(body: &str, incident: u64) -> bool {
    fn told(value: &Value, field: &str, incident: u64) -> bool {
        match value {
            Value::Number(number) => {
                let fields = ["incident", "interrupted", "incidents[]"];
                fields.contains(&field) && number.as_u64() == Some(incident)
            }
            Value::Array(all) => all.iter().any(|one| told(one, &format!("{field}[]"), incident)),
            Value::Object(fields) => fields.iter().any(|(field, one)| told(one, field, incident)),
            _ => false,
        }
    }
    if let Ok(value) = serde_json::from_str(body) {
        return told(&value, "", incident);
    }
    [
        format!("/incidents/{incident}"),
        format!("#{incident}"),
        format!("incident {incident}"),
        format!("警情 {incident}"),
    ]
    .iter()
    .any(|name| {
        let after = body.split(name.as_str()).skip(1);
        after.into_iter().any(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
    })
}

/// What each route of this method is with the incident and its signal in it; nothing of streams and of what is no page.
fn addresses(document: &Value, method: &str, incident: u64, signal: u64) -> Vec<(String, String)> {
    let whole = |route: String| {
        let path = filled(&route, incident, signal, &json!(1));
        (route, path)
    };
    let streams = |route: &String| route.ends_with("/live") || route.contains("/static/");
    routes(document, method).into_iter().filter(|route| !streams(route)).map(whole).collect()
}

fn is_about_one(route: &str) -> bool {
    route.contains("{incident}") || route.contains("{signal}")
}

/// Every address at which this person is told of the incident.
fn told(web: &mut Web, document: &Value, incident: u64, signal: u64) -> Vec<String> {
    let mut told = Vec::new();
    for (route, path) in addresses(document, "get", incident, signal) {
        let answer = web.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        if is_about_one(&route) || names(&answer.body, incident) {
            told.push(route);
        }
    }
    told
}

/// What waits in an exclusive queue is kept from others at every address that there is, and from every act; a member and the shift
/// lead are told of it, and everybody is once it is everybody's.
#[test]
fn row_2_5_assignment_what_waits_for_members_is_kept_from_others_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let centre = banks(folder.path(), "[feed]\nenabled = true\noffer_s = 3600\n");
    let (mut li, mut zhang, mut chen) = (centre.operator("li"), centre.operator("zhang"), centre.operator("chen"));
    let screen = li.listen("/api/live", &[]);
    // He is there: he is offered a burglary, and deals with it.
    let shop = centre.burglary(&mut li, "1001", 4);
    until("he is there", || (centre.queue(&mut li, 1)[0]["offered_name"] == "li").then_some(()));
    li.does(shop, json!({ "act": "take" }));
    li.does(shop, json!({ "act": "verify-false", "cause": "animal" }));

    let mut hers = zhang.listen("/api/live", &[]);
    // Her screen is told of the alarm's account, and neither of the incident nor by a sound.
    let incident = centre.burglary(&mut li, "1002", 3);
    let (_, change) = next(&mut hers, "change");
    assert_eq!((&change["incidents"], &change["ring"]), (&json!([]), &json!(null)), "{change}");

    // Nobody is offered anything more: the banner of an offer stands on every page.
    for web in [&mut li, &mut zhang] {
        assert_eq!(web.post("/api/queue/pause", &json!({ "paused": true })).status, 204);
    }
    // In a member's hands everybody sees it. Then it waits again, with all that can stand somewhere else about it.
    li.does(incident, json!({ "act": "take" }));
    assert_eq!(zhang.get(&format!("/incidents/{incident}")).status, 200);
    li.does(incident, json!({ "act": "call", "contact": 1, "result": "wrong-number" }));
    li.does(incident, json!({ "act": "confirm-real", "basis": "contact" }));
    li.does(incident, json!({ "act": "offer", "unit": 1 }));
    li.does(incident, json!({ "act": "record-wish", "police": true, "insurer": false }));
    li.does(incident, json!({ "act": "hand-off", "to": "police" }));
    let clips = format!("/api/incidents/{incident}/clips");
    assert_eq!(keep(&mut li, &clips, "audio/ogg", "OggS: a sound").status, 200);
    let later = json!({ "act": "create", "incident": incident, "rank": "operator", "minutes": 60, "note": "again" });
    assert_eq!(li.post("/api/follow-ups", &later).status, 200);
    li.does(incident, json!({ "act": "release" }));
    let storm = json!({ "act": "declare", "area": "everywhere" });
    assert_eq!(chen.post("/api/storms", &storm).status, 200);

    let document = li.get("/api/openapi.json").json();
    let signal = chen.get(&format!("/api/incidents/{incident}")).json()["signals"][0]["id"].as_u64().unwrap();
    let inside = told(&mut li, &document, incident, signal);
    assert_eq!(inside, told(&mut chen, &document, incident, signal), "a member and the shift lead");
    let lists = inside.iter().filter(|route| !is_about_one(route)).map(String::as_str).collect::<Vec<_>>();
    assert_eq!(lists, LISTS);

    for (route, path) in addresses(&document, "get", incident, signal) {
        let answer = zhang.get(&path);
        if !is_about_one(&route) {
            assert_eq!((answer.status, names(&answer.body, incident)), (200, false), "{path}: {}", answer.body);
        } else if path.starts_with("/api/") {
            assert_eq!(answer.problem(), (403, "other-queue".into()), "{path}");
        } else {
            assert_eq!((answer.status, names(&answer.body, incident)), (403, false), "{path}: {}", answer.body);
        }
    }
    let acts = addresses(&document, "post", incident, signal).into_iter().filter(|(route, _)| is_about_one(route));
    let acts: Vec<String> = acts.map(|(_, path)| path).collect();
    assert_eq!(acts.len(), 3, "{acts:?}");
    for path in acts {
        let answer = zhang.post(&path, &json!({ "act": "note", "note": "a neighbour telephones" }));
        assert_eq!(answer.status, 403, "{path}: {}", answer.body);
    }
    for act in [
        json!({ "act": "take" }),
        json!({ "act": "take-over" }),
        json!({ "act": "call", "contact": 1, "spoken": "blue heron" }),
        json!({ "act": "hand-off", "to": "police" }),
        json!({ "act": "offer", "unit": 2 }),
        json!({ "act": "withdraw", "unit": 1 }),
        json!({ "act": "confirm-real", "basis": "contact" }),
        json!({ "act": "close" }),
    ] {
        assert_eq!(zhang.act(incident, act.clone()).problem(), (403, "other-queue".into()), "{act}");
    }
    assert_eq!(keep(&mut zhang, &clips, "audio/wav", "another").problem(), (403, "other-queue".into()));
    assert_eq!(zhang.post("/api/follow-ups", &later).problem(), (403, "other-queue".into()));

    // What is left out is counted; her hand-over says so, and so does the text that both sign.
    let hidden = |web: &mut Web, path: &str| web.get(path).json()["hidden"].clone();
    for path in ["/api/incidents", "/api/accounts/1002", "/api/handover"] {
        assert_eq!((hidden(&mut zhang, path), hidden(&mut chen, path)), (json!(1), json!(0)), "{path}");
    }
    assert_eq!(zhang.get("/api/units").json()[0]["hidden_jobs"], 1);
    let list = zhang.get("/api/handover").json()["list"].clone();
    let signing = json!({ "list": list, "login": "chen", "password": PASSWORD });
    let signed = zhang.post("/api/handover", &signing).json();
    assert_eq!((&signed["open"], signed["text"].as_str().unwrap().lines().next()), (&json!(1), Some("hidden 1")));

    // Her stream begins anew: nothing of it is caught up with, and what comes then is told.
    let mut hers = zhang.listen("/api/live", &[("last-event-id", "0")]);
    let shop = centre.burglary(&mut zhang, "1001", 5);
    loop {
        let event: Vec<String> = hers.by_ref().take_while(|line| !line.is_empty()).collect();
        let event = event.iter().find_map(|line| line.strip_prefix("data:")).unwrap_or_default();
        assert!(!names(event.trim(), incident), "{event}");
        if names(event.trim(), shop) && event.contains("\"ring\":2") {
            break;
        }
    }

    // Its only member goes: it is everybody's, and she is told of it wherever others are.
    drop(screen);
    assert_eq!(li.post("/api/logout", &json!({})).status, 204);
    until("it is everybody's", || (counts(&mut zhang, "banks & co")[3] == 0).then_some(()));
    let mut li = centre.operator("li");
    for web in [&mut zhang, &mut li] {
        assert_eq!(told(web, &document, incident, signal), inside);
    }
    zhang.does(incident, json!({ "act": "note", "note": "a neighbour telephones" }));
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}

/// Where an incident is told of that is not asked for by its own address.
const LISTS: [&str; 24] = [
    "/",
    "/live/queue",
    "/live/ticker",
    "/accounts/{account}",
    "/packs/{pack}",
    "/lowered",
    "/follow-ups",
    "/signals",
    "/handover",
    "/units",
    "/api/accounts/{account}",
    "/api/accounts/{account}/signals",
    "/api/dead-numbers",
    "/api/follow-ups",
    "/api/handover",
    "/api/incidents",
    "/api/lowered",
    "/api/packs/{pack}",
    "/api/queue",
    "/api/reports/hand-offs",
    "/api/reports/offers",
    "/api/reports/response",
    "/api/signals",
    "/api/units",
];
