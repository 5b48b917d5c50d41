//! Whom to call and what the site has, set by command, form, API and import (capabilities 2.5, "call list"): further numbers, hours,
//! "not before", taking turns; codewords stay, and all of it waits for a review.

use serde_json::json;

use crate::centre::{Centre, command, furnish, give_codewords, until};
use crate::lowered::{FORM, csrf};

const WANG: &str = "1 Wang Fang; role owner; phone 13900000001, 13900000002; closes-late; not-before 2026-12-01T00:00:00.000Z; \
                    zone Asia/Shanghai; tolerance 15m; Mon-Fri 08:00-18:00";
const LI: &str = "2 Li; phone 13900000003";

#[test]
fn people_to_call_are_set_on_the_page_by_calls_by_command_and_by_import() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    give_codewords(folder.path(), "1001");
    let set = |arguments: &[&str]| {
        let done = command(&["account", "set", "--data"]).arg(folder.path()).args(arguments).output().unwrap();
        (done.status.code(), String::from_utf8([done.stdout, done.stderr].concat()).unwrap())
    };
    let (code, said) = set(&["1002", "--contacts", &format!("{LI} | {WANG}"), "--rotate", "true"]);
    assert_eq!(
        (code, said.contains(&format!("contact {LI}\ncontact {WANG}\nrotate true\n"))),
        (Some(0), true),
        "{said}"
    );
    let (code, said) = set(&["1002", "--contacts", "Wang; phone 1"]);
    assert_eq!((code, said.contains("contact line 1: expected a number and a name")), (Some(2), true), "{said}");
    let file = folder.path().join("contacts.csv");
    let rows = format!(
        "account,name,address,key_hex,format,heartbeat_s,phone,contacts\n1002,Bank,Main Street 2,,,,,\"{LI}\"\n"
    );
    std::fs::write(&file, rows).unwrap();
    let import = command(&["import", "--data"]).arg(folder.path()).arg(&file).output().unwrap();
    let said = String::from_utf8([import.stdout, import.stderr].concat()).unwrap();
    assert_eq!(said, "0 accounts were added, 1 changed; 0 are as the file says\n");

    let centre = Centre::on(folder.path());
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let before = li.get("/api/accounts/1001").json()["sheet"].take();
    assert_eq!(before["contacts"][0]["has_codeword"], true, "{before}");
    assert_eq!(li.get("/api/accounts/1002").json()["sheet"]["contacts"].as_array().map(Vec::len), Some(1));
    let version = before["row"]["version"].as_u64().unwrap();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let lines =
        format!("{WANG}\n{LI}").replace(';', "%3B").replace(' ', "+").replace('\n', "%0D%0A").replace(',', "%2C");
    let body = format!("version%3An={version}&reason=agreed&contacts={lines}&rotate%3Ab=yes&features=video+guarded");
    let done = li.request("POST", "/accounts/1001/card", &form, &body);
    assert_eq!(done.status, 303, "{}", done.body);
    let sheet = chen.get("/api/accounts/1001").json()["sheet"].take();
    assert_eq!(
        sheet["contacts"],
        json!([
            { "contact": 1, "name": "Wang Fang", "phone": "13900000001", "phones": ["13900000002"],
              "available": "zone Asia/Shanghai; tolerance 15m; Mon-Fri 08:00-18:00",
              "not_before": "2026-12-01T00:00:00.000Z", "role": "owner", "closes_late": true, "has_codeword": true },
            { "contact": 2, "name": "Li", "phone": "13900000003", "phones": [], "available": null, "not_before": null,
              "role": "", "closes_late": false, "has_codeword": sheet["contacts"][1]["has_codeword"] },
        ])
    );
    assert_eq!((&sheet["rotate"], &sheet["features"]), (&json!(true), &json!(["video", "guarded"])));
    let fields: Vec<_> = sheet["pending"]["fields"].as_array().unwrap().iter().map(|one| &one["field"]).collect();
    assert_eq!(fields, ["contacts", "rotate", "features"]);
    // Keys act on the list of accounts as everywhere: nothing is typed into its search before somebody goes there.
    let list = chen.get("/accounts").body;
    let (_, search) = list.split_once("<input type=\"search\"").unwrap();
    assert!(!search.split_once('>').unwrap().0.contains("autofocus"), "{list}");
    let page = chen.get("/accounts/1001").body;
    for shown in ["13900000001<br>13900000002", "轮流先呼", "video guarded", "Mon-Fri 08:00-18:00", LI] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let wrong = json!({ "version": version + 1, "reason": "agreed", "features": "moat" });
    let refused = li.post("/api/accounts/1001/card", &wrong);
    assert_eq!((refused.status, refused.body.contains("found \\\"moat\\\"")), (422, true), "{}", refused.body);
    let wrong = json!({ "version": version + 1, "reason": "agreed", "contacts": format!("{LI}\n3 Chen; phone 1; not-before soon") });
    let refused = li.post("/api/accounts/1001/card", &wrong);
    assert_eq!(
        (refused.status, refused.body.contains("contact line 2: expected a time")),
        (422, true),
        "{}",
        refused.body
    );
    let rejected = chen.post("/api/accounts/1001/review", &json!({ "version": version + 1, "verdict": "reject" }));
    assert_eq!(rejected.status, 200, "{}", rejected.body);
    let back = li.get("/api/accounts/1001").json()["sheet"].take();
    assert_eq!(
        (&back["contacts"], &back["rotate"], &back["features"]),
        (&before["contacts"], &json!(false), &json!([]))
    );
}

/// Row 2.5, password: codewords and duress words are set and taken away by command, on the page, by call and by import; they act at once,
/// wait for a review, and cannot be read again anywhere.
#[test]
fn row_2_5_password_words_are_set_and_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let (file, list) = (folder.path().join("words.txt"), folder.path().join("words.csv"));
    let set = |words: &str| {
        std::fs::write(&file, words).unwrap();
        let mut set = command(&["account", "set", "--data"]);
        let set =
            set.arg(folder.path()).args(["1001", "--contacts", &format!("{WANG} | {LI}"), "--codewords"]).arg(&file);
        let done = set.output().unwrap();
        (done.status.code(), String::from_utf8([done.stdout, done.stderr].concat()).unwrap())
    };
    let (code, said) = set("1 codeword Blue Heron; duress grey heron\n2 codeword kingfisher\n");
    let shown = format!("contact {WANG} (has a codeword) (has a duress word)\ncontact {LI} (has a codeword)\n");
    assert_eq!((code, said.contains(&shown), said.to_lowercase().contains("heron")), (Some(0), true, false), "{said}");
    let faults = [
        ("1 blue heron", "codeword line 1: expected the number of a contact and words"),
        ("\n1 codeword h", "codeword line 2: a word has 2 letters or digits at least"),
        ("1 codeword \u{200b}.-\u{200b}", "codeword line 1: a word has 2 letters or digits at least"),
        (
            &"1 codeword heron ".replace("heron", &"heron".repeat(13)),
            "codeword line 1: a word has 64 letters and digits at most",
        ),
        ("1 codeword heron 8; duress heron-八", "contact 1: the duress word must differ from the codeword"),
        ("1 codeword heron; codeword heron", "codeword line 1: said twice"),
        ("1 codeword heron\n1 duress heron", "codeword line 2: said twice"),
        ("9 codeword heron", "the card has no contact 9"),
        ("1 duress BLUE HERON", "contact 1: the duress word must differ from the codeword"),
        ("1 codeword greyheron", "contact 1: the duress word must differ from the codeword"),
        ("2 codeword -; duress heron", "contact 2: a duress word stands for a codeword, and there is none"),
    ];
    for (words, fault) in faults {
        let (code, said) = set(words);
        assert_eq!((code, said.contains(fault)), (Some(65), true), "{words}: {said}");
        assert!(
            !said.replace("`1 codeword blue heron; duress grey heron`", "").to_lowercase().contains("heron"),
            "{said}"
        );
    }
    let import = |words: &str| {
        let rows = format!(
            "account,name,address,key_hex,format,heartbeat_s,phone,contacts,codewords\n1002,Bank,,,,,,{LI},{words}\n"
        );
        std::fs::write(&list, rows).unwrap();
        let done = command(&["import", "--data"]).arg(folder.path()).arg(&list).output().unwrap();
        String::from_utf8([done.stdout, done.stderr].concat()).unwrap()
    };
    assert_eq!(import("2 codeword kingfisher"), "0 accounts were added, 1 changed; 0 are as the file says\n");
    assert_eq!(import("2 codeword King Fisher"), "0 accounts were added, 0 changed; 1 are as the file says\n");
    let said = import("3 codeword kingfisher");
    assert!(said.contains("row 2: codewords: the card has no contact 3") && !said.contains("kingfisher"), "{said}");

    let centre = Centre::on(folder.path());
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let has = |web: &mut crate::web::Web, account: &str| {
        let sheet = web.get(&format!("/api/accounts/{account}")).json()["sheet"].take();
        sheet["contacts"].as_array().unwrap().iter().map(|one| one["has_codeword"] == true).collect::<Vec<_>>()
    };
    assert_eq!((has(&mut li, "1001"), has(&mut li, "1002")), (vec![true, true], vec![true]));
    assert_eq!(li.get("/accounts/1001").body.matches("有口令").count(), 2, "the call list says who has one");
    // What they say is judged by the words that were set.
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    let heard = |web: &mut crate::web::Web| {
        let moments = web.get(&format!("/api/incidents/{incident}")).json()["moments"].take();
        let called = moments.as_array().unwrap().iter().filter(|one| one["event"]["event"] == "called");
        called.map(|one| one["event"]["result"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    li.does(incident, json!({ "act": "call", "contact": 1, "spoken": "blue  heron" }));
    let version_of =
        |web: &mut crate::web::Web| web.get("/api/accounts/1001").json()["sheet"]["row"]["version"].as_u64().unwrap();
    let card = |web: &mut crate::web::Web, words: &str, form: bool| {
        let version = version_of(web);
        if form {
            let words = words.replace(';', "%3B").replace(' ', "+");
            let body = format!("version%3An={version}&reason=agreed&codewords={words}");
            return web.request(
                "POST",
                "/accounts/1001/card",
                &[("content-type", "application/x-www-form-urlencoded")],
                &body,
            );
        }
        web.post("/api/accounts/1001/card", &json!({ "version": version, "reason": "agreed", "codewords": words }))
    };
    let review = |web: &mut crate::web::Web, verdict: &str| {
        let version = version_of(web);
        web.post("/api/accounts/1001/review", &json!({ "version": version, "verdict": verdict })).status
    };
    assert_eq!(review(&mut chen, "approve"), 200);
    let done = card(&mut li, "1 codeword white heron; duress black heron", true);
    assert_eq!(done.status, 303, "{}", done.body);
    li.does(incident, json!({ "act": "call", "contact": 1, "spoken": "Blue Heron" }));
    li.does(incident, json!({ "act": "call", "contact": 1, "spoken": "black heron" }));
    assert_eq!(heard(&mut li), ["code-ok", "wrong-code", "duress-code"]);
    let pending = chen.get("/api/accounts/1001").json()["sheet"]["pending"].take();
    let [old, new] = ["old", "new"].map(|which| pending["fields"][0][which].as_str().unwrap().to_owned());
    assert!(old != new && old.contains("+codeword") && new.contains("+duress"), "another word was set: {pending}");
    let pages = ["/accounts/1001", "/api/accounts/1001", "/api/accounts/1001/signals", "/lowered"]
        .map(|page| chen.get(page).body);
    let example = "codeword blue heron; duress grey heron";
    for page in pages {
        assert!(!page.to_lowercase().replace(example, "").contains("heron"), "{page}");
    }
    assert_eq!(review(&mut li, "approve"), 409, "who set it does not review it");
    assert_eq!(review(&mut chen, "reject"), 200);
    li.does(incident, json!({ "act": "call", "contact": 1, "spoken": "blue heron" }));
    assert_eq!(heard(&mut li)[3..], ["code-ok"]);
    // Taken away; a word without which the duress word stands for nothing takes that along.
    let refused = card(&mut li, "1 duress Blue Heron", false);
    assert_eq!(
        (refused.status, refused.body.contains("must differ"), refused.body.contains("Blue")),
        (422, true, false)
    );
    assert_eq!(card(&mut li, "1 codeword - | 2 codeword -", false).status, 200);
    assert_eq!(has(&mut li, "1001"), [false, false]);
}

/// Row 2.5, call list, "next call date": said on the page, in minutes, it is on the call list and among the follow-ups, rings then, and
/// is done by the next call of the same person; over the API it is a moment.
#[test]
fn row_2_5_call_again_by_form_and_call() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    give_codewords(folder.path(), "1001");
    let centre = Centre::on(folder.path());
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.contains("again_at:in"), "{page}");
    let form = format!("csrf={}&act=call&contact%3An=1&result=no-answer&again_at%3Ain=30", csrf(&page));
    let done = li.request("POST", &format!("/incidents/{incident}/act"), &[FORM], &form);
    assert_eq!(done.status, 303, "{}", done.body);
    let page = li.get(&format!("/incidents/{incident}")).body;
    assert!(page.matches("再次致电").count() >= 3, "on the list, in the timeline, in the form: {page}");
    let open = li.get("/api/follow-ups").json();
    let told = ["incident", "reason", "to_rank", "by_name"].map(|name| open[0][name].clone());
    assert_eq!(told, [json!(incident), json!("call-again"), json!("operator"), json!("li")]);
    // The next call of them ends it, and a moment that has gone is refused.
    let call = |again_at: i64| json!({ "act": "call", "contact": 1, "result": "busy", "again_at": again_at });
    assert_eq!(li.act(incident, call(1_000)).problem(), (409, "call-again-time".into()));
    let soon = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64 + 1_500;
    li.does(incident, call(soon));
    let open = until("it rings", || {
        let open = li.get("/api/follow-ups").json();
        (!open[0]["rang_at"].is_null()).then_some(open)
    });
    assert_eq!(open.as_array().map(Vec::len), Some(1), "the first is done: {open}");
    li.does(incident, json!({ "act": "call", "contact": 1, "result": "answered" }));
    assert_eq!(li.get("/api/follow-ups").json(), json!([]));
    assert_eq!(centre.terminate().code(), Some(0));
}
