//! A field that there is not: refused by name at every call that takes a body, and nothing is done.

use serde_json::{Value, json};

use crate::centre::{Centre, furnish, give_codewords};
use crate::web::{Answer, Web};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// They take a file, or nothing.
const NO_FIELDS: [&str; 2] = ["/api/incidents/{incident}/clips", "/api/logout"];

/// The schema itself, where it is named.
fn meant<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"].as_str().map(|target| document.pointer(target.trim_start_matches('#')).unwrap());
    target.unwrap_or(schema)
}

/// Something of this kind.
fn sample(document: &Value, schema: &Value) -> Value {
    let schema = meant(document, schema);
    if let Some(any) = schema["anyOf"].as_array() {
        return sample(document, &any[0]);
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    if !schema["const"].is_null() {
        return schema["const"].clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind.unwrap_or_default() {
        "integer" => json!(1),
        "boolean" => json!(true),
        "array" => json!([]),
        "object" => least(document, schema),
        _ => json!("1"),
    }
}

/// A body with the fields that it must have.
fn least(document: &Value, schema: &Value) -> Value {
    let required = schema["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
    required.map(|name| (name.to_owned(), sample(document, &schema["properties"][name]))).collect()
}

/// Every body that a schema describes, with its schema.
fn bodies(document: &Value, schema: &Value) -> Vec<(Value, Value)> {
    let schema = meant(document, schema);
    match schema["oneOf"].as_array() {
        Some(each) => each.iter().map(|one| (least(document, one), one.clone())).collect(),
        None => vec![(least(document, schema), schema.clone())],
    }
}

/// It is refused, and says which field there is not and which there are.
fn names_it(path: &str, body: &Value, schema: &Value, answer: &Answer) {
    assert_eq!(answer.problem(), (422, "invalid".into()), "{path} {body}: {}", answer.body);
    let problem = answer.json();
    let (en, zh) = (problem["title"].as_str().unwrap(), problem["title_zh"].as_str().unwrap());
    assert!(en.starts_with("unknown field `nonsense`, "), "{path} {body}: {en}");
    assert!(zh.starts_with("请求无效：没有字段 `nonsense`，"), "{path} {body}: {zh}");
    for name in schema["properties"].as_object().unwrap().keys().filter(|name| *name != "act") {
        let name = format!("`{name}`");
        assert!(en.contains(&name) && zh.contains(&name), "{path} {body}: {name} is not named: {en} / {zh}");
    }
}

fn furnished() -> (tempfile::TempDir, Centre) {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    give_codewords(folder.path(), "1001");
    let file = folder.path().join("outside.toml");
    let ways = format!(
        "[way.psap]\nby = \"http\"\nurl = \"http://127.0.0.1:1/\"\ntoken = \"token\"\nanswer_token = \"{TOKEN}\"\n\
         [hand_off]\npolice = \"psap\"\n"
    );
    std::fs::write(&file, ways).unwrap();
    let centre = Centre::run(folder.path(), &["--outside", file.to_str().unwrap()]);
    (folder, centre)
}

fn post(web: &mut Web, path: &str, body: &Value) -> Answer {
    let token = format!("Bearer {TOKEN}");
    let mut headers = vec![("content-type", "application/json")];
    if path == "/api/hand-offs/answers" {
        headers.push(("authorization", &token));
    }
    web.request("POST", path, &headers, &body.to_string())
}

/// A mistyped field is another act than was meant: nothing is passed over.
#[test]
fn a_field_that_there_is_not_is_refused_at_every_call() {
    let (_folder, centre) = furnished();
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    let kept = |web: &mut Web| {
        let page = web.get(&format!("/api/incidents/{incident}")).json();
        let card = web.get("/api/accounts/1001").json();
        let lists = ["/api/storms", "/api/follow-ups", "/api/tests", "/api/units", "/api/operators"];
        let lists = lists.map(|path| web.get(path).json());
        json!([page["moments"], card["sheet"]["row"]["version"], card["history"], lists])
    };
    let before = kept(&mut chen);

    let document = li.get("/api/openapi.json").json();
    let mut asked = 0;
    for (path, calls) in document["paths"].as_object().unwrap() {
        let Some(call) = calls.get("post").filter(|_| !NO_FIELDS.contains(&path.as_str())) else { continue };
        let schema = &call["requestBody"]["content"]["application/json"]["schema"];
        let mut to = path.replace("{incident}", &incident.to_string()).replace("{account}", "1001");
        for name in ["{storm}", "{operator}", "{unit}", "{follow_up}", "{unmatched}"] {
            to = to.replace(name, "1");
        }
        for (mut body, schema) in bodies(&document, schema) {
            body["nonsense"] = json!(1);
            names_it(path, &body, &schema, &post(&mut chen, &to, &body));
            asked += 1;
        }
    }
    assert!(asked >= 80, "{asked}");
    assert_eq!(kept(&mut chen), before, "nothing was done");

    // The other answers from outside are refused, too, and so is what is nested.
    for body in [
        json!({ "message": "1", "incident": 1, "contact": "all-well" }),
        json!({ "message": "2", "storm": 1, "staff": "coming" }),
        json!({ "message": "3", "account": "1001", "signal": 1, "closing": "arm", "contact": 1 }),
        json!({ "message": "4", "incident": 1, "unit": 1, "offer": 1, "says": "accepted" }),
    ] {
        let mut body = body;
        body["nonsense"] = json!(1);
        names_it("answers", &body, &json!({ "properties": {} }), &post(&mut chen, "/api/hand-offs/answers", &body));
    }
    let scene = json!({ "doors": "intact", "windows": "intact", "nonsense": 1 });
    let said = json!({ "message": "5", "incident": 1, "unit": 1, "offer": 1, "says": "on-site", "scene": scene });
    let refused = post(&mut chen, "/api/hand-offs/answers", &said);
    assert_eq!(refused.problem(), (422, "invalid".into()), "{}", refused.body);
    assert!(refused.json()["title"].as_str().unwrap().contains("unknown field `nonsense`"), "{}", refused.body);

    for (act, title) in [
        (json!({ "act": "note", "note": "x", "notes": "y" }), "unknown field `notes`, expected one of `note`"),
        (json!({ "act": "resume", "note": "y" }), "unknown field `note`, there are no fields"),
        (
            json!({ "act": "note", "note": "x", "second": { "login": "li", "password": "x" } }),
            "unknown field `second`, expected one of `note`",
        ),
    ] {
        let refused = li.act(incident, act);
        assert_eq!((refused.status, refused.json()["title"].as_str()), (422, Some(title)));
    }

    // A duress word beside such a field is heard all the same.
    let refused = li.act(incident, json!({ "act": "call", "contact": 1, "spoken": "grey heron", "contcat": 2 }));
    let problem = refused.json();
    assert_eq!((refused.status, &problem["particulars"]["result"]), (422, &json!("duress-code")), "{problem}");
    assert!(problem["title"].as_str().unwrap().contains("unknown field `contcat`"), "{problem}");
    let signals = centre.signals(2);
    assert_eq!(signals[1].code.as_ref().map(ToString::to_string).as_deref(), Some("121"));
}
