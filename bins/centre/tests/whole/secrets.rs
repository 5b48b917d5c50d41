//! Row 2.5 "Password": "audit shows who saw a code". Nobody can have seen one: no page, no answer of the API, no export and no log
//! holds a codeword, a key or a password, nor what is kept of them.

use opsmodel::store::Centre as Store;
use opsmodel::store::query::Reader;
use serde_json::{Value, json};

use crate::centre::{Centre, PASSWORD, command, furnish, give_codewords};
use crate::clips::keep;

const KEY: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const ROUTES: &str = include_str!("../../src/console.rs");

/// Every secret of the centre as it could be shown: typed, spoken, wrong words, and every long text that only a secret's digest is.
fn secrets(folder: &std::path::Path) -> Vec<String> {
    let mut all: Vec<String> =
        ["heron", "kingfisher", KEY, PASSWORD, "another horse", "battery-staple"].map(str::to_owned).to_vec();
    let card = Store::open(folder).unwrap().account("1002".parse().unwrap()).unwrap().unwrap();
    let card = serde_json::to_value(card).unwrap();
    for word in ["codeword", "duress"] {
        let digest = card["contacts"][0][word]["digest"].to_string();
        assert!(digest.len() > 64, "nothing is kept of the {word}: {digest}");
        all.push(digest.trim_matches(['[', ']']).to_owned());
    }
    let reader = Reader::open(folder).unwrap();
    all.extend(["li", "zhang", "chen"].map(|login| reader.operator_by_login(login).unwrap().unwrap().digest));
    all
}

fn holds(body: &str, secrets: &[String]) -> Option<String> {
    let body = body.to_lowercase();
    secrets.iter().find(|secret| body.contains(&secret.to_lowercase())).cloned()
}

/// Every route of this method, `get` or `post`, that the console and the API serve, by their own lists of routes.
pub(crate) fn routes(document: &Value, method: &str) -> Vec<String> {
    let serves = format!("{method}(");
    let pages = ROUTES.lines().filter(|line| line.contains(".route(\"") && line.contains(&serves));
    let pages = pages.map(|line| line.split('"').nth(1).unwrap().to_owned());
    let calls = document["paths"].as_object().unwrap().iter().filter(|(_, calls)| calls.get(method).is_some());
    pages.chain(calls.map(|(path, _)| path.clone())).collect()
}

/// A route with values in it; none is unknown.
pub(crate) fn filled(route: &str, incident: u64, signal: u64, clip: &Value) -> String {
    let path = route.replace("{incident}", &incident.to_string()).replace("{signal}", &signal.to_string());
    let path = path.replace("{account}", "1002").replace("{storm}", "1").replace("{pack}", "cs-v-01");
    let path = path.replace("{clip}", &clip.to_string()).replace("{operator}", "1");
    let path = path.replace("{follow_up}", "1").replace("{unmatched}", "1").replace("{unit}", "1");
    assert!(!path.contains('{'), "the sweep knows no value for {path}");
    path
}

#[test]
fn row_2_5_password_no_page_answer_export_or_log_shows_a_code() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), &format!("1001,Shop,Main Street 1,{KEY},,,\n1002,Bank,Main Street 2,,,,\n"));
    give_codewords(folder.path(), "1001");
    give_codewords(folder.path(), "1002");
    let path = folder.path().to_str().unwrap();
    let log = folder.path().join("centre.log");
    let secrets = secrets(folder.path());

    let centre = Centre::logging(folder.path(), &log);
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    // Wrong passwords, right and wrong words on the telephone, the duress code, and words with which a test is asked for.
    let wrong = li.post("/api/login", &json!({ "login": "zhang", "password": "battery-staple" }));
    assert_eq!(wrong.status, 401, "{}", wrong.body);
    assert_eq!(holds(&wrong.body, &secrets), None);
    let incident = centre.burglary(&mut li, "1002", 3);
    li.does(incident, json!({ "act": "take" }));
    for spoken in ["kingfisher", "Blue Heron", "grey heron"] {
        let said = li.act(incident, json!({ "act": "call", "contact": 1, "spoken": spoken }));
        assert_eq!((said.status, holds(&said.body, &secrets)), (200, None));
    }
    for spoken in ["kingfisher", "grey heron", "blue heron"] {
        let ask = json!({ "act": "start", "reason": "repair", "contact": 1, "spoken": spoken });
        let said = li.post("/api/accounts/1002/test", &ask);
        assert_eq!(holds(&said.body, &secrets), None, "{spoken}");
    }
    let storm = json!({ "act": "declare", "area": "everywhere" });
    assert_eq!(chen.post("/api/storms", &storm).status, 200);
    centre.signals(1);
    let clip = keep(&mut li, &format!("/api/incidents/{incident}/clips"), "audio/ogg", "OggS: a sound").json();

    let document = li.get("/api/openapi.json").json();
    // What a page does show the sweep finds: the name of whoever has the codeword.
    let (mut asked, mut seen) = (0, 0);
    for route in routes(&document, "get") {
        if route.ends_with("/live") || route.contains("/static/") {
            continue;
        }
        let path = filled(&route, incident, 1, &clip["number"]);
        for who in [&mut li, &mut chen] {
            let answer = who.get(&path);
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            assert_eq!(holds(&answer.body, &secrets), None, "{path}");
            asked += 1;
            seen += usize::from(holds(&answer.body, &["Wang".to_owned()]).is_some());
        }
    }
    assert!(asked > 80 && seen >= 8, "{asked} asked, {seen} with the name of a contact");
    let keyed = li.get("/api/accounts/1001");
    assert_eq!((keyed.status, holds(&keyed.body, &secrets)), (200, None));

    // What the command line prints, and what the centre wrote into its log.
    for arguments in [["account", "set", "1001"], ["account", "set", "1002"]] {
        let output = command(&[&arguments[..], &["--data", path]].concat()).output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(holds(&said, &secrets), None, "{arguments:?}: {said}");
    }
    assert_eq!(centre.terminate().code(), Some(0));
    let said = std::fs::read_to_string(&log).unwrap();
    assert!(!said.is_empty(), "the log says nothing");
    assert_eq!(holds(&said, &secrets), None, "{said}");
}
