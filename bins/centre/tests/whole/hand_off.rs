//! Hand-offs by machine (§2.6): real sockets and real files between the centre and a simulated authority.

use std::path::Path;
use std::time::Duration;

use opsmodel::store::query::check_dossier;
use serde_json::{Value, json};
use simulator::psap::{Caller, Course, Psap, serve_files, serve_http};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::centre::{Centre, PASSWORD, furnish, until};
use crate::web::Web;

pub(crate) const ANSWER_TOKEN: &str = "0123456789abcdef";

/// A folder with a furnished centre and its ways out, and what runs on the other ends.
pub(crate) struct Town {
    folder: TempDir,
    runtime: Runtime,
}

impl Town {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
        Self { folder, runtime: Runtime::new().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn psap(course: Course, says: &str) -> Psap {
        let says = says.split(',').map(|word| word.parse().unwrap()).collect();
        Psap::new(Course { says, ..course }, |_| {})
    }

    /// The address of an authority over HTTP, and its listener.
    pub(crate) fn listen(&self) -> (TcpListener, String) {
        let listener = self.runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        (listener, url)
    }

    pub(crate) fn serve(&self, psap: &Psap, listener: TcpListener, centre: Option<&Centre>) {
        let caller = centre.map(|centre| Caller {
            url: format!("http://{}/api/hand-offs/answers", centre.http),
            token: ANSWER_TOKEN.into(),
        });
        self.runtime.spawn(serve_http(psap.clone(), listener, "token".into(), caller));
    }

    /// A centre that reaches police and ambulance at `url`, and the fire brigade by files.
    pub(crate) fn centre(&self, url: &str) -> Centre {
        let ways = format!(
            "[way.psap]\nby = \"http\"\nurl = \"{url}\"\ntoken = \"token\"\nanswer_token = \"{ANSWER_TOKEN}\"\ntries = 3\n\
             [way.fire]\nby = \"file\"\nout = \"out\"\nanswers = \"in\"\n\
             [hand_off]\npolice = \"psap\"\nambulance = \"psap\"\nfire = \"fire\"\ninsurer = \"fire\"\n\
             [storm]\nfirst_contact = \"psap\"\ncall_in = \"psap\"\n"
        );
        let file = self.path().join("outside.toml");
        std::fs::write(&file, ways).unwrap();
        Centre::run(self.path(), &["--outside", file.to_str().unwrap()])
    }
}

/// Opens a hold-up, takes it and hands it to `to`.
pub(crate) fn hand_off(centre: &Centre, li: &mut Web, account: &str, to: &str) -> u64 {
    centre.reports(account, "1120 01 003");
    let incident = until("the incident is open", || {
        let queue = li.get("/api/queue").json();
        let row = queue["rows"].as_array().unwrap().iter().find(|row| row["account"] == account).cloned();
        row.and_then(|row| row["incident"].as_u64())
    });
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "hand-off", "to": to, "note": "back door" }));
    incident
}

pub(crate) fn hand_offs(web: &mut Web, incident: u64) -> Vec<Value> {
    let mut page = web.get(&format!("/api/incidents/{incident}")).json();
    let Value::Array(found) = page["incident"]["hand_offs"].take() else { panic!("{page}") };
    found
}

/// What the authority said that counted, in order.
pub(crate) fn said(web: &mut Web, incident: u64) -> Vec<(String, String)> {
    let page = web.get(&format!("/api/incidents/{incident}")).json();
    let events = page["moments"].as_array().unwrap().iter().map(|moment| &moment["event"]);
    let answers = events.filter(|event| event["event"] == "authority-answered");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    answers.map(|event| (text(&event["answer"]), text(&event["standing"]))).collect()
}

/// "our file/HTTP adapter implements the ASAP message states": by request, with an authority that fails at first and says
/// everything twice.
#[test]
fn row_2_6_police_by_http_from_the_asking_to_the_closing() {
    let town = Town::new();
    let (listener, url) = town.listen();
    let centre = town.centre(&url);
    let course = Course { twice: true, fails: 2, ..Course::default() };
    let psap = Town::psap(course, "accepted,dispatched,on-scene,closed:nothing-found");
    town.serve(&psap, listener, Some(&centre));
    let mut li = centre.operator("li");
    let incident = hand_off(&centre, &mut li, "1001", "police");
    // What is seen afterwards is no evidence of the level that was told.
    li.does(incident, json!({ "act": "observe", "source": "video", "saw": "life" }));
    let done = until("the police have closed it", || {
        let done = hand_offs(&mut li, incident);
        (done[0]["end"]["state"] == "closed").then_some(done)
    });
    assert_eq!(done.len(), 1);
    let facts = ["to", "accepted", "reference", "outcome", "by_machine", "sent"].map(|name| done[0][name].clone());
    let reference = format!("CAD-{incident}");
    assert_eq!(json!(facts), json!(["police", true, reference, "nothing-found", true, 1]));
    let states = ["accepted", "dispatched", "on-scene", "closed"];
    let heard = until("all of it was heard twice", || Some(said(&mut li, incident)).filter(|heard| heard.len() == 8));
    let twice =
        states.iter().flat_map(|state| [(state.to_string(), "taken".into()), (state.to_string(), "repeated".into())]);
    assert_eq!(heard, twice.collect::<Vec<(String, String)>>());

    let [(message, times)] = &psap.messages()[..] else { panic!("one message is one message") };
    assert_eq!(*times, 1, "what was refused before was not taken");
    let facts = ["kind", "to", "incident", "number", "sequence", "note"].map(|name| message[name].clone());
    assert_eq!(json!(facts), json!(["hand-off", "police", incident, 1, 1, "back door"]));
    assert_eq!(message["site"], json!({ "account": "1001", "name": "Shop", "address": "Main Street 1", "phone": "" }));
    assert_eq!(message["signals"][0]["code"], "120");
    let alarm = &message["alarm"];
    let told = json!({ "at": alarm["received_at"], "level": 2, "reason": "hold-up", "name_en": "Hold-up or duress signal",
        "name_zh": "紧急或胁迫信号" });
    assert_eq!((&alarm["avs_01"], &alarm["avs_01_evidence"]), (&json!(2), &json!([told])));

    // What they are told afterwards goes the same way, in its order, and a request to cancel is answered.
    let other = hand_off(&centre, &mut li, "1002", "ambulance");
    li.does(other, json!({ "act": "tell-authority", "number": 1, "telling": "note", "note": "side entrance" }));
    let kinds = until("the note has arrived", || {
        let kinds: Vec<Value> = psap.messages().iter().map(|(message, _)| message["kind"].clone()).collect();
        (kinds.len() == 3).then_some(kinds)
    });
    assert_eq!(kinds, ["hand-off", "hand-off", "note"]);
    let alarm = &psap.messages()[1].0["alarm"];
    assert_eq!(
        (&alarm["avs_01"], &alarm["avs_01_evidence"]),
        (&Value::Null, &json!([])),
        "an ambulance is told no level"
    );
    let report = li.get("/api/reports/hand-offs").json();
    let row = ["to", "way", "accepted", "state", "outcome", "failures"].map(|name| report["rows"][0][name].clone());
    assert_eq!(json!(row), json!(["police", "psap", true, "closed", "nothing-found", 2]));
}

/// "rejected hand-off returns to an operator as priority 1", here in the response; and so does one that nobody takes in.
#[test]
fn row_2_6_rejected_and_failed_hand_offs_return_as_priority_1() {
    let town = Town::new();
    let (listener, url) = town.listen();
    let centre = town.centre(&url);
    let mut li = centre.operator("li");
    let course = Course { in_response: true, ..Course::default() };
    let psap = Town::psap(course, "rejected:bad-address");
    town.serve(&psap, listener, None);
    let rejected = hand_off(&centre, &mut li, "1001", "police");
    let row = |li: &mut Web, incident: u64| {
        let queue = li.get("/api/queue").json();
        let row = queue["rows"].as_array().unwrap().iter().find(|row| row["incident"] == incident).cloned();
        row.filter(|row| row["priority"] == 1 && !row["calling_since"].is_null())
    };
    until("the rejected one calls as priority 1", || row(&mut li, rejected));
    let hand_off_1 = hand_offs(&mut li, rejected).remove(0);
    assert_eq!((&hand_off_1["rejection"], &hand_off_1["end"]["state"]), (&json!("bad-address"), &json!("rejected")));

    // Nobody listens there any more.
    drop(town.runtime);
    let failed = hand_off(&centre, &mut li, "1002", "police");
    until("the failed one calls as priority 1", || row(&mut li, failed));
    assert_eq!(hand_offs(&mut li, failed)[0]["end"]["state"], "failed");
    let way = until("both are settled", || {
        let way = li.get("/api/outside").json()["ways"][1].take();
        (way["row"]["settled"] == 2).then_some(way)
    });
    assert_eq!(way["owed"], json!([]));
}

/// "fire hand-off in the same minute": by files, with an answer that cannot be read among them.
#[test]
fn row_2_6_fire_by_files() {
    let town = Town::new();
    let (out, answers) = (town.path().join("out"), town.path().join("in"));
    let centre = town.centre("http://127.0.0.1:9/");
    let psap = Town::psap(Course::default(), "accepted,eta:240,on-scene");
    town.runtime.spawn(serve_files(psap.clone(), out.clone(), answers.clone()));
    let mut li = centre.operator("li");
    centre.reports("1001", "1110 01 004");
    let incident = centre.queue(&mut li, 1)[0]["incident"].as_u64().unwrap();
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "hand-off", "to": "fire" }));
    let aside = || std::fs::read_dir(answers.join("done")).map_or(0, |files| files.count());
    until("the answers are put aside", || (aside() == 3).then_some(()));
    let done = hand_offs(&mut li, incident);
    let facts = ["by_machine", "eta", "on_scene_at"].map(|name| done[0][name].clone());
    assert!(done.len() == 1 && facts[0] == true && facts[1].is_u64() && facts[2].is_u64(), "{done:?}");
    assert_eq!(psap.messages().len(), 1);

    std::fs::write(answers.join("x.part"), "{\"message\": \"X\"}").unwrap();
    std::fs::rename(answers.join("x.part"), answers.join("x.json")).unwrap();
    let kept = until("what cannot be taken is shown", || li.get("/api/outside").json()["unmatched"].get(0).cloned());
    assert_eq!(
        (&kept["way"], &kept["body"], &kept["code"]),
        (&json!("fire"), &json!("{\"message\": \"X\"}"), &json!("invalid"))
    );
    until("it is put aside", || answers.join("bad/x.json.error.txt").exists().then_some(()));
}

/// Killed between the message and its answer: after the restart it goes again under the same number, and there is one hand-off.
#[test]
fn row_2_6_a_kill_between_message_and_answer_leaves_one_hand_off() {
    let town = Town::new();
    let (listener, url) = town.listen();
    let centre = town.centre(&url);
    let course = Course { in_response: true, delay: Duration::from_secs(2), ..Course::default() };
    let psap = Town::psap(course, "accepted,dispatched");
    town.serve(&psap, listener, None);
    let mut li = centre.operator("li");
    let incident = hand_off(&centre, &mut li, "1001", "police");
    until("the message has arrived", || (psap.messages().len() == 1).then_some(()));
    centre.kill();

    let centre = town.centre(&url);
    let mut li = centre.operator("li");
    let done = until("the answer has come", || {
        let done = hand_offs(&mut li, incident);
        (!done[0]["dispatched_at"].is_null()).then_some(done)
    });
    assert_eq!((done.len(), &done[0]["sent"]), (1, &json!(1)));
    let times: Vec<u32> = psap.messages().iter().map(|(_, times)| *times).collect();
    assert_eq!(times, [2], "twice the same message");
    let heard = [("accepted", "taken"), ("dispatched", "taken")].map(|(said, how)| (said.to_owned(), how.to_owned()));
    assert_eq!(said(&mut li, incident), heard);
    until("it is settled", || (li.get("/api/outside").json()["ways"][1]["row"]["settled"] == 1).then_some(()));
}

/// What has no place at the desk is kept and shown until somebody has seen it; who shows no token says nothing.
#[test]
fn an_answer_without_a_place_is_kept_and_shown() {
    let town = Town::new();
    let centre = town.centre("http://127.0.0.1:9/");
    let mut li = centre.operator("li");
    let mut them = centre.web();
    let bearer = format!("Bearer {ANSWER_TOKEN}");
    let mut say = |token: &str, body: &str| {
        let headers = [("content-type", "application/json"), ("authorization", token)];
        them.request("POST", "/api/hand-offs/answers", &headers, body)
    };
    let lost = json!({ "message": "M-1", "incident": 77, "number": 1, "answer": "on-scene" }).to_string();
    assert_eq!(say("Bearer guess", &lost).problem(), (401, "unknown-token".into()));
    for _ in 0..2 {
        let answer = say(&bearer, &lost);
        assert_eq!((answer.status, answer.json()["taken"].clone()), (202, json!(false)));
        assert_eq!(answer.json()["why"]["code"], "no-such-incident");
    }
    assert_eq!(say(&bearer, "{\"answer\": \"perhaps\"}").problem(), (422, "invalid".into()));
    let page = li.get("/outside").body;
    assert!(page.contains("没有警情 77") && page.contains("on-scene"), "{page}");
    assert_eq!(li.get("/api/queue").json()["unseen"], 2);
    assert!(li.get("/").body.contains("外部来讯 2 条无法归属"));
    assert_eq!(li.post("/api/outside/unmatched/1", &json!({ "note": "telephoned: another centre's" })).status, 204);
    assert_eq!(li.post("/api/outside/unmatched/1", &json!({})).problem(), (409, "seen-before".into()));
    assert_eq!(li.post("/api/outside/unmatched/9", &json!({})).problem(), (404, "not-found".into()));
    assert_eq!(li.get("/api/queue").json()["unseen"], 1);
    drop(centre);

    // Kept across the end of the process.
    let centre = town.centre("http://127.0.0.1:9/");
    let unmatched = centre.operator("zhang").get("/api/outside").json()["unmatched"].take();
    let brief = |place: usize| [unmatched[place]["id"].clone(), unmatched[place]["note"].clone()];
    assert_eq!([brief(0), brief(1)], [[json!(2), Value::Null], [json!(1), json!("telephoned: another centre's")]]);
}

/// The acts after the asking, by the forms of the incident's page, where people telephone.
#[test]
fn row_2_6_what_people_hear_and_tell_by_telephone_is_written_down_by_form() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = hand_off(&centre, &mut li, "1001", "police");
    let csrf = li.csrf.clone().unwrap();
    // It is a hold-up: nobody alone asks them not to come.
    assert!(li.get(&format!("/incidents/{incident}")).body.contains("请求撤销须由另一位值班主管登录确认"));
    let mut form = |body: &str| {
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        li.request("POST", &format!("/incidents/{incident}/act"), &kind, &format!("csrf={csrf}&{body}")).status
    };
    assert_eq!(form("act=confirm-delivery&number%3An=1&sequence%3An=1"), 303);
    assert_eq!(form("act=confirm-delivery&number%3An=1&sequence%3An=1"), 409, "it is delivered");
    assert_eq!(form("act=record-answer&number%3An=1&answer=dispatched&reference=110-9&eta_s%3Aminutes="), 303);
    assert_eq!(form("act=record-answer&number%3An=1&answer=eta&eta_s%3Aminutes=4"), 303);
    assert_eq!(form("act=tell-authority&number%3An=1&telling=key-holder&contact%3An="), 409, "which contact");
    let cancel = "act=tell-authority&number%3An=1&telling=cancel&note=by+mistake";
    assert_eq!(form(&format!("{cancel}&second.login=&second.password=")), 409, "alone");
    assert_eq!(form(&format!("{cancel}&second.login=chen&second.password={}", PASSWORD.replace(' ', "+"))), 303);
    let done = hand_offs(&mut li, incident).remove(0);
    let (dispatched, eta) = (done["answered_at"].as_i64().unwrap(), done["eta"].as_i64().unwrap());
    assert!((240_000..270_000).contains(&(eta - dispatched)), "four minutes from when they said so");
    assert_eq!((&done["by_machine"], &done["on_the_way"]), (&Value::Null, &json!([2])));
    let page = li.get(&format!("/incidents/{incident}")).body;
    for shown in ["已派警", "110-9", "请求撤销", "value=\"cancel-refused\"", "对方已收到", "value=\"fail-delivery\""]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let report = li.get("/api/reports/hand-offs").json();
    let row = ["to", "way", "state", "messages", "answer_ms"].map(|name| report["rows"][0][name].clone());
    assert_eq!(json!(row[..4]), json!(["police", null, "dispatched", 2]));
    assert_eq!(report["figures"][0]["answer_p50_ms"], row[4]);
    assert!(li.get("/reports").body.contains("警情移交"));
}

/// 2.2 "AVS-01 score": whoever is on the way learns that somebody has a weapon. What was found to be nothing is no such message.
#[test]
fn row_2_2_avs_01_score_changes_after_the_hand_off() {
    let town = Town::new();
    let (listener, url) = town.listen();
    let centre = town.centre(&url);
    let psap = Town::psap(Course::default(), "accepted");
    town.serve(&psap, listener, Some(&centre));
    let mut li = centre.operator("li");
    let incident = hand_off(&centre, &mut li, "1001", "police");
    let first = until("the hand-off has arrived", || psap.messages().first().map(|(message, _)| message.clone()));
    let told = first["alarm"]["avs_01"].clone();
    assert!(told.as_u64().is_some_and(|level| level < 4), "{first}");
    li.does(incident, json!({ "act": "observe", "source": "video", "saw": "life", "note": "a man with a gun" }));
    let sent = |sequence: u64| {
        let messages = psap.messages().into_iter().map(|(message, _)| message);
        messages.into_iter().find(|message| message["sequence"] == sequence)
    };
    let rise = until("the rise has arrived", || sent(2));
    assert_eq!((&rise["kind"], &rise["sequence"], &rise["alarm"]["avs_01"]), (&json!("level"), &json!(2), &json!(4)));
    let reasons = rise["alarm"]["avs_01_evidence"].as_array().unwrap();
    assert_eq!(reasons.last().unwrap()["reason"], "observed");
    // What does not change the level says nothing new.
    li.does(incident, json!({ "act": "observe", "source": "video", "saw": "people" }));
    li.does(incident, json!({ "act": "set-level", "level": 2, "note": "it was a broom" }));
    let lower = until("the change has arrived", || sent(3));
    assert_eq!((&lower["sequence"], &lower["alarm"]["avs_01"]), (&json!(3), &json!(2)));
    assert_eq!(psap.messages().len(), 3);
    assert!(li.get(&format!("/incidents/{incident}")).body.contains("警情等级"));
}

/// "notice + dossier" (G3): the insurer gets all of the incident, sealed, and can see that nothing of it was changed.
#[test]
fn row_2_6_the_insurer_gets_a_dossier_that_can_be_checked() {
    let town = Town::new();
    let centre = town.centre("http://127.0.0.1:9/");
    let psap = Town::psap(Course::default(), "accepted,closed:report-taken");
    town.runtime.spawn(serve_files(psap.clone(), town.path().join("out"), town.path().join("in")));
    let mut li = centre.operator("li");
    centre.reports("1001", "1401 01 001");
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "confirm-real", "basis": "contact", "note": "window broken" }));
    li.does(incident, json!({ "act": "record-wish", "police": false, "insurer": true, "loss_minor": 900_000 }));
    li.does(incident, json!({ "act": "list-loss", "item": "rings", "quantity": 3, "value_minor": 900_000 }));
    li.does(incident, json!({ "act": "sign-losses", "signed_by": "Chen" }));
    li.does(incident, json!({ "act": "hand-off", "to": "insurer" }));
    let message = until("the insurer has it", || psap.messages().first().map(|(message, _)| message.clone()));
    let checked = check_dossier(&message["dossier"]).unwrap();
    assert_eq!(checked.records["signal"], 1);
    let dossier = &message["dossier"]["dossier"];
    assert_eq!((&dossier["armed"]["code"], &dossier["armed"]["qualifier"]), (&json!("401"), &json!(1)));
    let told: Vec<&Value> = dossier["moments"].as_array().unwrap().iter().map(|moment| &moment["event"]).collect();
    let listed = told.iter().find(|event| event["event"] == "loss-listed").unwrap();
    assert_eq!((&listed["item"], &listed["value_minor"]), (&json!("rings"), &json!(900_000)));

    until("the insurer has closed it", || (hand_offs(&mut li, incident)[0]["end"]["state"] == "closed").then_some(()));
    let sealed = li.get(&format!("/api/incidents/{incident}/dossier")).json();
    let checked = check_dossier(&sealed).unwrap();
    let page = li.get(&format!("/incidents/{incident}/dossier")).body;
    assert!(page.contains(&checked.seal) && page.contains("rings") && page.contains("window broken"), "{page}");
    assert!(page.contains("立案时所载") && page.contains("<dt>此后变更</dt><dd>无</dd>"), "{page}");
    assert_eq!(li.get("/api/incidents/99/dossier").problem(), (404, "not-found".into()));

    // Once the card says something else, the paper still says what it said when the incident was opened, and what has changed.
    let (site, version) = (&sealed["dossier"]["site"], sealed["dossier"]["site"]["version"].as_u64().unwrap());
    let edit = json!({ "version": version, "reason": "moved", "contacts": "1 Zhao; phone 13900000009" });
    let edited = li.post("/api/accounts/1001/card", &edit);
    assert_eq!(edited.status, 200, "{}", edited.body);
    let later = li.get(&format!("/api/incidents/{incident}/dossier")).json();
    assert_ne!(site["contacts"][0]["name"], "Zhao");
    let parts = ["said", "version", "since", "name", "address", "phone", "zones", "contacts", "record"];
    for part in parts {
        assert_eq!(later["dossier"]["site"][part], site[part], "{part}");
    }
    let told = (&later["dossier"]["site"]["version_now"], &later["dossier"]["site"]["changed"]);
    assert_eq!(told, (&json!(version + 1), &json!(["contacts"])));
    let page = li.get(&format!("/incidents/{incident}/dossier")).body;
    assert!(page.contains(" · 联系人</dd>") && page.contains("名称为现行名称"), "{page}");
    assert!(!page.contains("13900000009"), "{page}");
}

/// In a storm: staff is called in and customers are asked by the same ways, and answer through the same door; whom no way reaches,
/// people are told of.
#[test]
fn row_2_3_first_contact_and_call_in_go_out_and_are_answered() {
    let town = Town::new();
    let (listener, url) = town.listen();
    let centre = town.centre(&url);
    let course = Course { contact: "all-well".into(), staff: "coming".into(), ..Course::default() };
    let gateway = Town::psap(course, "accepted");
    town.serve(&gateway, listener, Some(&centre));
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let declare = json!({ "act": "declare", "area": "everywhere", "call_in": true, "note": "thunder" });
    assert_eq!(chen.post("/api/storms", &declare).status, 200);
    let staff = |li: &mut Web| -> Vec<Value> {
        let moments = li.get("/api/storms/1").json()["moments"].take();
        moments
            .as_array()
            .unwrap()
            .iter()
            .map(|moment| moment["answer"].clone())
            .filter(|said| !said.is_null())
            .collect()
    };
    until("somebody comes", || Some(staff(&mut li)).filter(|said| *said == ["coming"]));
    let first = centre.burglary(&mut li, "1001", 3);
    let contact = |li: &mut Web, incident: u64| {
        let contact = li.get(&format!("/api/incidents/{incident}")).json()["incident"]["first_contact"].take();
        contact["answer"].as_str().map(str::to_owned)
    };
    assert_eq!(until("the customer answers", || contact(&mut li, first)), "all-well");
    let kinds: Vec<Value> = gateway.messages().iter().map(|(message, _)| message["kind"].clone()).collect();
    assert_eq!(kinds, ["first-contact", "call-in"]);
    assert_eq!(gateway.messages()[0].0["site"]["name"], "Shop");

    // The same answers again are recognised, and whoever wants help after all is heard; another one of the same customer has no place.
    let bearer = format!("Bearer {ANSWER_TOKEN}");
    let mut them = centre.web();
    let mut say = |body: Value| {
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        let answer = them.request("POST", "/api/hand-offs/answers", &headers, &body.to_string());
        (answer.status, answer.json()["why"]["code"].clone())
    };
    let well = |said: &str| json!({ "message": "C-9", "incident": first, "contact": said });
    let taken = || (200, Value::Null);
    let said = [say(well("all-well")), say(well("help")), say(well("help"))];
    assert_eq!(said, [taken(), taken(), taken()]);
    assert_eq!(say(well("silent")), (202, json!("already-answered")));
    let priority = li.get(&format!("/api/incidents/{first}")).json()["incident"]["priority"].take();
    assert_eq!(priority, json!(1), "help is life safety");
    let comes = json!({ "message": "S-2", "storm": 1, "staff": "not-coming", "text": "Zhang" });
    assert_eq!([say(comes.clone()), say(comes)], [(200, Value::Null), (200, Value::Null)]);
    assert_eq!(staff(&mut li), ["coming", "not-coming"]);

    // Nobody listens there any more.
    drop(town.runtime);
    assert_eq!(chen.post("/api/storms/1/acts", &json!({ "act": "call-in" })).status, 200);
    let second = centre.burglary(&mut li, "1002", 3);
    assert_eq!(until("nobody was reached", || contact(&mut li, second)), "silent");
    until("staff was not reached", || Some(staff(&mut li)).filter(|said| said.len() == 3 && said[2] == "unreached"));
    let page = li.get("/storms/1").body;
    assert!(page.contains("前来") && page.contains("未能通知") && page.contains("Connection refused"), "{page}");
}
