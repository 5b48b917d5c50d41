//! Units that answer by machine (§2.6): real files and requests between the centre and a gateway, a kill in between, and answers to
//! offers that are over or somebody else's.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::psap::{Caller, Course, Psap, serve_http};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::centre::{Centre, command, furnish, until};
use crate::web::Web;

const ANSWER_TOKEN: &str = "0123456789abcdef";

/// A centre in `folder` that asks units by this way; unit 2 is the nearest to the shop, then 1.
pub(crate) fn run(folder: &Path, way: &str, policy: &str) -> Centre {
    if !folder.join("centre.db").exists() {
        furnish(folder, "1001,Shop,Main Street 1,,,,\n");
        let place = ["account", "set", "1001", "--position", "31.2304,121.4737", "--data"];
        assert!(command(&place).arg(folder).output().unwrap().status.success());
        for (unit, position) in [("1", "31.2500,121.4900"), ("2", "31.2310,121.4740")] {
            let set = ["unit", "set", unit, "--position", position, "--data"];
            assert!(command(&set).arg(folder).output().unwrap().status.success());
        }
    }
    let (outside, rules) = (folder.join("outside.toml"), folder.join("policy.toml"));
    std::fs::write(&outside, format!("{way}[people]\noffer = \"gateway\"\n")).unwrap();
    std::fs::write(&rules, policy).unwrap();
    Centre::run(folder, &["--policy", rules.to_str().unwrap(), "--outside", outside.to_str().unwrap()])
}

/// A burglary that a unit is asked to look at.
fn asked(centre: &Centre, li: &mut Web) -> u64 {
    let incident = centre.burglary(li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "pre-process" }));
    incident
}

/// What became of its units, in order: what a unit said by machine, or the kind of event; and the unit. That an offer arrived is left out.
fn course(li: &mut Web, incident: u64) -> Vec<(String, u64)> {
    let page = li.get(&format!("/api/incidents/{incident}")).json();
    let moments = page["moments"].as_array().unwrap().iter().map(|moment| &moment["event"]);
    let of_units = moments.filter(|event| event["unit"].is_u64() && event["event"] != "offer-delivered");
    let word = |event: &Value| event["answer"].as_str().or(event["event"].as_str()).unwrap().to_owned();
    of_units.map(|event| (word(event), event["unit"].as_u64().unwrap())).collect()
}

fn named(all: &[(&str, u64)]) -> Vec<(String, u64)> {
    all.iter().map(|(event, unit)| ((*event).to_owned(), *unit)).collect()
}

fn unmatched(li: &mut Web) -> Vec<Value> {
    let Value::Array(rows) = li.get("/api/outside").json()["unmatched"].take() else { panic!("rows") };
    rows
}

/// "crew app/web/SMS": a gateway takes the offer and dies with its answers on the way, or the centre does: the offer goes again under
/// its own number, and what the unit says moves it once.
#[test]
fn row_2_6_a_kill_between_offer_and_answers_leaves_one_owner() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let way = format!(
        "[way.gateway]\nby = \"http\"\nurl = \"http://{}/\"\ntoken = \"token\"\nanswer_token = \"{ANSWER_TOKEN}\"\n",
        listener.local_addr().unwrap()
    );
    let unit = ["accepted", "departed", "on-site", "done"].map(String::from).to_vec();
    let course_of_unit =
        Course { in_response: true, twice: true, delay: Duration::from_secs(2), unit, ..Course::default() };
    let gateway = Psap::new(course_of_unit, |_| {});
    runtime.spawn(serve_http(gateway.clone(), listener, "token".into(), None::<Caller>));
    let centre = run(folder.path(), &way, "version = 2\n");
    let mut li = centre.operator("li");
    let incident = asked(&centre, &mut li);
    until("the offer has arrived", || (gateway.messages().len() == 1).then_some(()));
    centre.kill();

    let centre = run(folder.path(), &way, "version = 2\n");
    let mut li = centre.operator("li");
    let whole =
        [("unit-offered", 2), ("answer-awaited", 2), ("accepted", 2), ("departed", 2), ("on-site", 2), ("done", 2)];
    let whole = named(&whole);
    until("the unit has left", || (course(&mut li, incident).last() == whole.last()).then_some(()));
    assert_eq!(course(&mut li, incident), whole);
    let [(message, times)] = &gateway.messages()[..] else { panic!("one offer is one message") };
    assert_eq!((message["kind"].as_str(), message["offer"].as_u64(), *times), (Some("offer"), Some(1), 2));
    assert_eq!(unmatched(&mut li), Vec::<Value>::new());
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("出警单位答复") && page.contains("已完成"), "{page}");
}

/// The gateway cannot be reached, one unit is called back before it was asked, and the centre is away for longer than the other one had
/// to answer. Then the one offer that stands goes out, with the whole time from the start on; of the other nobody is told anything.
#[test]
fn row_2_6_an_outage_lets_no_unit_be_late_that_was_never_asked() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let way = format!(
        "[way.gateway]\nby = \"http\"\nurl = \"http://{address}/\"\ntoken = \"token\"\nanswer_token = \"{ANSWER_TOKEN}\"\n"
    );
    let policy = "version = 2\noffer_accept_s = 4\n";
    let centre = run(folder.path(), &way, policy);
    let mut li = centre.operator("li");
    let incident = asked(&centre, &mut li);
    li.does(incident, json!({ "act": "withdraw", "unit": 2, "note": "gas" }));
    li.does(incident, json!({ "act": "offer", "unit": 1 }));
    centre.kill();
    std::thread::sleep(Duration::from_secs(5));

    let unit = ["accepted"].map(String::from).to_vec();
    let gateway = Psap::new(Course { in_response: true, unit, ..Course::default() }, |_| {});
    let listener = runtime.block_on(TcpListener::bind(address)).unwrap();
    runtime.spawn(serve_http(gateway.clone(), listener, "token".into(), None::<Caller>));
    let centre = run(folder.path(), &way, policy);
    let mut li = centre.operator("li");
    let whole =
        [("unit-offered", 2), ("unit-withdrawn", 2), ("unit-offered", 1), ("answer-awaited", 1), ("accepted", 1)];
    let whole = named(&whole);
    until("the unit has accepted", || (course(&mut li, incident).last() == whole.last()).then_some(()));
    assert_eq!(course(&mut li, incident), whole);
    until("nothing is owed", || {
        let ways = li.get("/api/outside").json()["ways"].take();
        ways[0]["owed"].as_array().is_some_and(Vec::is_empty).then_some(())
    });
    let told: Vec<(Value, Value)> = gateway
        .messages()
        .into_iter()
        .map(|(message, _)| (message["kind"].clone(), message["offer"].clone()))
        .collect();
    assert_eq!(told, [(json!("offer"), json!(2))]);
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("中心曾停运"), "{page}");
}

/// By files: the nearest declines, the next is asked by itself and accepts, and says so once more after the centre was killed. What the
/// first says of the other's offer, of its own after it declined, and of one that there never was, moves nothing and is seen by people.
#[test]
fn row_2_6_units_answer_by_files_and_only_their_own_offers() {
    let folder = tempfile::tempdir().unwrap();
    let way = "[way.gateway]\nby = \"file\"\nout = \"out\"\nanswers = \"in\"\n";
    let (out, answers) = (folder.path().join("out"), folder.path().join("in"));
    let centre = run(folder.path(), way, "version = 2\n");
    let mut li = centre.operator("li");
    let incident = asked(&centre, &mut li);
    let offered = |number: u64| {
        until("an offer", || {
            let files = std::fs::read_dir(&out).ok()?.filter_map(|file| Some(file.ok()?.path()));
            let files = files.filter(|path| path.extension().is_some_and(|name| name == "json"));
            let mut said = files.map(|path| serde_json::from_slice::<Value>(&std::fs::read(path).unwrap()).unwrap());
            said.find(|message| message["kind"] == "offer" && message["offer"] == number)
        })
    };
    let say = |file: &str, unit: u64, offer: u64, says: &str| {
        let answer = json!({ "message": file, "incident": incident, "unit": unit, "offer": offer, "says": says, "text": "by radio" });
        std::fs::write(answers.join(format!("{file}.part")), answer.to_string()).unwrap();
        std::fs::rename(answers.join(format!("{file}.part")), answers.join(format!("{file}.json"))).unwrap();
    };
    let heard = |file: &str, below: &str| {
        until(file, || answers.join(below).join(format!("{file}.json")).exists().then_some(()));
    };
    assert_eq!(offered(1)["unit"]["number"], 2);
    say("a", 2, 1, "declined");
    heard("a", "done");
    assert_eq!(offered(2)["unit"]["number"], 1);
    for (file, unit, offer) in [("b", 2, 2), ("c", 2, 1), ("d", 1, 7)] {
        say(file, unit, offer, "accepted");
        heard(file, "bad");
    }
    say("e", 1, 2, "accepted");
    heard("e", "done");
    centre.kill();

    std::fs::remove_file(answers.join("done").join("e.json")).unwrap();
    say("e", 1, 2, "accepted");
    let centre = run(folder.path(), way, "version = 2\n");
    let mut li = centre.operator("li");
    heard("e", "done");
    say("f", 1, 2, "on-site");
    heard("f", "done");
    // Something else under a number that was heard: moves nothing, and is not passed over in silence.
    let other =
        json!({ "message": "e", "incident": incident, "unit": 1, "offer": 2, "says": "declined", "text": "breakdown" });
    std::fs::write(answers.join("g.part"), other.to_string()).unwrap();
    std::fs::rename(answers.join("g.part"), answers.join("g.json")).unwrap();
    heard("g", "bad");
    let whole = [("unit-offered", 2), ("declined", 2), ("unit-offered", 1), ("accepted", 1), ("on-site", 1)];
    assert_eq!(course(&mut li, incident), named(&whole));
    // Of one that was used before its digest stands beside the number.
    let brief =
        |row: Value| (row["message"].as_str().unwrap()[..1].to_owned(), row["code"].as_str().unwrap().to_owned());
    let mut kept: Vec<_> = unmatched(&mut li).into_iter().map(brief).collect();
    kept.sort();
    let why = [("b", "not-offered"), ("c", "job-taken"), ("d", "not-offered"), ("e", "number-used")];
    assert_eq!(kept, why.map(|(message, code)| (message.to_owned(), code.to_owned())));
}

/// Too late: the offer has expired, and the unit that accepts it does not go. Whoever has no token, or is another gateway, says nothing.
#[test]
fn an_answer_to_an_offer_that_is_over_moves_nothing() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let way = format!(
        "[way.gateway]\nby = \"http\"\nurl = \"{url}\"\ntoken = \"token\"\nanswer_token = \"{ANSWER_TOKEN}\"\n\
         [way.other]\nby = \"http\"\nurl = \"{url}\"\ntoken = \"token\"\nanswer_token = \"fedcba9876543210\"\n"
    );
    let gateway = Psap::new(Course::default(), |_| {});
    runtime.spawn(serve_http(gateway, listener, "token".into(), None::<Caller>));
    let centre = run(folder.path(), &way, "version = 2\noffer_accept_s = 2\n[units]\nnext = \"ask\"\n");
    let mut li = centre.operator("li");
    let incident = asked(&centre, &mut li);
    let mut them = centre.web();
    let mut say = |token: &str, message: &str, says: &str| {
        let bearer = format!("Bearer {token}");
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        let answer = json!({ "message": message, "incident": incident, "unit": 2, "offer": 1, "says": says });
        them.request("POST", "/api/hand-offs/answers", &headers, &answer.to_string())
    };
    assert_eq!(say("guess", "U-1", "accepted").problem(), (401, "unknown-token".into()));
    let foreign = say("fedcba9876543210", "U-2", "accepted");
    assert_eq!((foreign.status, foreign.json()["why"]["code"].clone()), (202, json!("not-offered")));
    let over = named(&[("unit-offered", 2), ("offer-expired", 2)]);
    until("the offer is over", || (course(&mut li, incident) == over).then_some(()));
    for _ in 0..2 {
        let late = say(ANSWER_TOKEN, "U-3", "accepted");
        assert_eq!((late.status, late.json()["why"]["code"].clone()), (202, json!("dispatch-stands")));
    }
    assert_eq!(say(ANSWER_TOKEN, "U-4", "perhaps").problem(), (422, "invalid".into()));
    assert_eq!(course(&mut li, incident), over);
    assert_eq!(unmatched(&mut li).len(), 3, "each is kept once, and seen by people");
}

/// "Feedback form": what the unit found comes with its last word, also after the centre was killed, twice, and is one scene report that
/// says it came from outside; the dispatch record can follow. A report that lacks a field or has a strange one, and one of a unit that is
/// not there yet, count for nothing: people see what was wrong, and nothing is lost.
#[test]
fn row_2_6_units_report_the_scene_by_machine() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let way = format!(
        "[way.gateway]\nby = \"http\"\nurl = \"http://{}/\"\ntoken = \"token\"\nanswer_token = \"{ANSWER_TOKEN}\"\n",
        listener.local_addr().unwrap()
    );
    let found = json!({ "doors": "intact", "windows": "open", "persons": 1, "photos": ["P-7"], "note": "a cat" });
    let course_of_unit = Course {
        in_response: true,
        twice: true,
        delay: Duration::from_secs(2),
        unit: ["accepted", "on-site", "done"].map(String::from).to_vec(),
        scene: Some(found),
        ..Course::default()
    };
    let gateway = Psap::new(course_of_unit, |_| {});
    runtime.spawn(serve_http(gateway.clone(), listener, "token".into(), None::<Caller>));
    let centre = run(folder.path(), &way, "version = 2\n");
    let mut li = centre.operator("li");
    let incident = asked(&centre, &mut li);
    until("the offer has arrived", || (gateway.messages().len() == 1).then_some(()));
    let mut them = centre.web();
    let mut say = |message: &str, says: &str, scene: Value| {
        let bearer = format!("Bearer {ANSWER_TOKEN}");
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        let answer =
            json!({ "message": message, "incident": incident, "unit": 2, "offer": 1, "says": says, "scene": scene });
        them.request("POST", "/api/hand-offs/answers", &headers, &answer.to_string())
    };
    let whole = json!({ "doors": "intact", "windows": "intact" });
    let early = say("S-1", "accepted", whole);
    assert_eq!((early.status, early.json()["why"]["code"].clone()), (202, json!("not-yet-on-scene")));
    let lacking = say("S-2", "done", json!({ "doors": "intact" }));
    assert_eq!(lacking.problem(), (422, "invalid".into()));
    assert!(lacking.body.contains("scene: missing field `windows`"), "{}", lacking.body);
    let strange = say("S-3", "done", json!({ "doors": "intact", "windows": "intact", "roof": "open" }));
    assert!(strange.body.contains("scene: unknown field `roof`"), "{}", strange.body);
    centre.kill();

    let centre = run(folder.path(), &way, "version = 2\n");
    let mut li = centre.operator("li");
    let whole = [
        ("unit-offered", 2),
        ("answer-awaited", 2),
        ("accepted", 2),
        ("on-site", 2),
        ("done", 2),
        ("scene-reported", 2),
    ];
    let whole = named(&whole);
    until("the unit has left", || (course(&mut li, incident).last() == whole.last()).then_some(()));
    assert_eq!(course(&mut li, incident), whole);
    let moments = li.get(&format!("/api/incidents/{incident}")).json()["moments"].take();
    let reported =
        moments.as_array().unwrap().iter().find(|moment| moment["event"]["event"] == "scene-reported").unwrap();
    assert_eq!(
        (&reported["event"]["windows"], &reported["event"]["persons"], &reported["event"]["photos"]),
        (&json!("open"), &json!(1), &json!(["P-7"])),
        "{reported}"
    );
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("现场勘查报告") && page.contains("a cat") && page.contains("P-7"), "{page}");
    let messages = |li: &mut Web| {
        let mut kept: Vec<_> =
            unmatched(li).into_iter().map(|row| row["message"].as_str().unwrap().to_owned()).collect();
        kept.sort();
        kept
    };
    let kept = messages(&mut li);
    assert!(kept.contains(&"S-1".to_owned()) && kept.len() == 3, "each is kept, and seen by people: {kept:?}");
    li.does(
        incident,
        json!({ "act": "record-dispatch", "unit": 2, "people": "Wang", "findings": "a cat", "signed_by": "Wang" }),
    );
}

/// The way to the units is down: the offer is over after its last try and the incident calls, so that somebody telephones; so it is with
/// the recall. What a unit that was called back says of its way is written down and calls, and its call for help comes first of all.
#[test]
fn row_2_6_a_unit_that_cannot_be_told_calls_its_operator() {
    let folder = tempfile::tempdir().unwrap();
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let way = format!(
        "[way.gateway]\nby = \"http\"\nurl = \"http://{address}/\"\ntoken = \"token\"\ntries = 1\nanswer_token = \"{ANSWER_TOKEN}\"\n"
    );
    let centre = run(folder.path(), &way, "version = 2\n");
    let mut li = centre.operator("li");
    let incident = asked(&centre, &mut li);
    let calls = |li: &mut Web, reason: &str| {
        until(reason, || {
            let page = li.get(&format!("/api/incidents/{incident}")).json();
            let last = page["moments"].as_array().unwrap().iter().rfind(|moment| moment["kind"] == "raised").cloned();
            let calls = page["incident"]["calling_since"].is_u64() && page["row"]["priority"] == 1;
            (calls && last.is_some_and(|moment| moment["event"]["reason"] == reason)).then_some(())
        });
    };
    calls(&mut li, "offer-not-delivered");
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("出警通知未送达") && page.contains("未能通知"), "{page}");
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "accept", "unit": 2 }));
    li.does(incident, json!({ "act": "withdraw", "unit": 2, "note": "gas" }));
    calls(&mut li, "recall-not-delivered");
    li.does(incident, json!({ "act": "take" }));
    let mut them = centre.web();
    let mut say = |message: &str, says: &str| {
        let bearer = format!("Bearer {ANSWER_TOKEN}");
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        let answer = json!({ "message": message, "incident": incident, "unit": 2, "offer": 1, "says": says });
        them.request("POST", "/api/hand-offs/answers", &headers, &answer.to_string())
    };
    for _ in 0..2 {
        assert_eq!((say("U-1", "on-site").json()["taken"].clone()), json!(true));
    }
    calls(&mut li, "unit-goes-on");
    li.does(incident, json!({ "act": "take" }));
    assert_eq!(say("U-2", "help").json()["taken"], json!(true));
    calls(&mut li, "unit-help");
    let whole = [
        ("unit-offered", 2),
        ("offer-failed", 2),
        ("unit-accepted", 2),
        ("unit-withdrawn", 2),
        ("recall-failed", 2),
        ("on-site", 2),
        ("help", 2),
    ];
    assert_eq!(course(&mut li, incident), named(&whole));
    assert_eq!(unmatched(&mut li), Vec::<Value>::new());
    assert_eq!(centre.terminate().code(), Some(0));
    opsmodel::store::verify(folder.path()).unwrap();
}

/// A gateway that adds a position, forgets the offer or writes numbers as texts is heard when it calls for help: the incident calls as
/// life safety, and nothing of what it said is lost. What fits no incident is kept for people to see; nothing else is read so gladly.
/// What was found by a unit that was called back is taken with its word, once.
#[test]
fn row_2_6_a_call_for_help_is_heard_whatever_carries_it() {
    let folder = tempfile::tempdir().unwrap();
    let way = "[way.gateway]\nby = \"http\"\nurl = \"http://127.0.0.1:9/\"\ntoken = \"token\"\nanswer_token = \"0123456789abcdef\"\n";
    let centre = run(folder.path(), way, "version = 2\n");
    let mut li = centre.operator("li");
    let incident = asked(&centre, &mut li);
    let mut them = centre.web();
    let mut say = |answer: Value| {
        let bearer = format!("Bearer {ANSWER_TOKEN}");
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        them.request("POST", "/api/hand-offs/answers", &headers, &answer.to_string())
    };
    let cries = [
        json!({ "message": "h1", "incident": incident, "unit": 2, "offer": 1, "says": "help", "position": [31.2, 121.4] }),
        json!({ "message": "h2", "incident": incident, "unit": 2, "says": "help" }),
        json!({ "message": "h3", "incident": incident, "unit": 2, "offer": 9, "says": "help", "text": "shots" }),
        json!({ "message": 4, "incident": incident.to_string(), "unit": "2", "offer": "1", "says": "HELP" }),
        json!({ "incident": incident, "offer": 1, "says": "help", "scene": "dark" }),
    ];
    for cry in &cries {
        for _ in 0..2 {
            let heard = say(cry.clone());
            assert_eq!((heard.status, heard.json()["taken"].clone()), (200, json!(true)), "{cry} {}", heard.body);
        }
        let page = li.get(&format!("/api/incidents/{incident}")).json();
        assert!(page["incident"]["calling_since"].is_u64() && page["row"]["priority"] == 1, "{cry}");
        li.does(incident, json!({ "act": "take" }));
    }
    let page = li.get(&format!("/api/incidents/{incident}")).json();
    let said = page["moments"].as_array().unwrap().iter().map(|moment| &moment["event"]);
    let said: Vec<_> = said.filter(|event| event["answer"] == "help").map(|event| event["note"].clone()).collect();
    let words = [json!("position: [31.2,121.4]"), Value::Null, json!("shots"), Value::Null, json!("\"dark\"")];
    assert_eq!(said, words);
    let nowhere = say(json!({ "message": "h6", "incident": 99, "unit": 2, "says": "help", "position": 1 }));
    assert_eq!((nowhere.status, nowhere.json()["taken"].clone()), (202, json!(false)));
    assert_eq!(say(json!({ "message": "h7", "unit": 2, "says": "help" })).problem(), (422, "invalid".into()));
    let other =
        json!({ "message": "h8", "incident": incident, "unit": 2, "offer": 1, "says": "on-site", "position": 1 });
    assert_eq!(say(other).problem(), (422, "invalid".into()));
    assert_eq!(unmatched(&mut li).len(), 3);

    // The offer did not arrive: the unit does not have the job, and is there.
    let found = json!({ "doors": "damaged", "windows": "open", "persons": 2, "note": "two men inside" });
    let there =
        json!({ "message": "s1", "incident": incident, "unit": 2, "offer": 1, "says": "on-site", "scene": found });
    li.does(incident, json!({ "act": "accept", "unit": 2 }));
    li.does(incident, json!({ "act": "withdraw", "unit": 2 }));
    for _ in 0..2 {
        assert_eq!(say(there.clone()).json()["taken"], json!(true));
    }
    let page = li.get(&format!("/api/incidents/{incident}")).json();
    assert!(page["incident"]["calling_since"].is_u64(), "{page}");
    let moments = page["moments"].as_array().unwrap();
    let said: Vec<_> = moments.iter().filter(|moment| moment["event"]["answer"] == "on-site").collect();
    assert_eq!(said.len(), 1);
    assert_eq!(
        said[0]["event"]["note"],
        json!("two men inside [doors damaged 门被破坏, windows open 窗未关闭, persons 人员 2]")
    );
}
