//! The OpenAPI description against the running centre: every call is there, and answers what it says.

use serde_json::{Value, json};

use crate::centre::Centre;

/// What in `value` the schema does not describe, or the other way round.
fn differences(document: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    if let Some(target) = schema["$ref"].as_str() {
        let target = document.pointer(target.trim_start_matches('#')).unwrap();
        return differences(document, target, value, place, found);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        if !value.is_null() {
            differences(document, &any[0], value, place, found);
        }
        return;
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Null => return,
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.contains(&kind) {
        found.push(format!("{place}: {kind} instead of {kinds:?}"));
    }
    if let (Some(words), Some(_)) = (schema["enum"].as_array(), value.as_str())
        && !words.contains(value)
    {
        found.push(format!("{place}: {value} is none of the words"));
    }
    match value {
        Value::Array(items) => {
            items.iter().for_each(|item| differences(document, &schema["items"], item, place, found));
        }
        Value::Object(fields) => {
            for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !fields.contains_key(name) {
                    found.push(format!("{place}.{name} is missing"));
                }
            }
            for (name, field) in fields {
                match schema["properties"].get(name) {
                    Some(schema) => differences(document, schema, field, &format!("{place}.{name}"), found),
                    None => found.push(format!("{place}.{name} is not described")),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn every_call_answers_what_the_description_says() {
    let centre = Centre::with("1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let mut li = centre.operator("li");
    for (account, content) in
        [("1001", "1130 01 003"), ("1001", "1570 01 003"), ("1002", "1301 00 000"), ("1002", "1602 00 000")]
    {
        assert_eq!(centre.line().report(account, content), "ACK");
    }
    let incident = centre.burglary(&mut li, "1002", 7);
    li.does(incident, json!({ "act": "take" }));
    li.does(incident, json!({ "act": "pre-process", "unit": 1 }));
    let first = centre.burglary(&mut li, "1001", 3);
    li.does(first, json!({ "act": "take" }));
    li.does(first, json!({ "act": "verify-false", "cause": "animal" }));
    centre.signals(6);
    let chen = json!({ "login": "chen", "password": crate::centre::PASSWORD });
    let test = json!({ "act": "start", "reason": "repair", "asked_by": "Wang", "life_safety": ["fire"], "except": [4],
                       "second": chen });
    assert_eq!(li.post("/api/accounts/1001/test", &test).status, 200);
    let storm = json!({ "act": "declare", "area": "everywhere" });
    assert_eq!(centre.operator("chen").post("/api/storms", &storm).status, 200);

    let document = li.get("/api/openapi.json").json();
    let (mut found, mut asked) = (Vec::new(), 0);
    for (path, calls) in document["paths"].as_object().unwrap() {
        let Some(call) = calls.get("get").filter(|_| path != "/api/live" && !path.ends_with("/{clip}")) else {
            continue;
        };
        let path = path.replace("{incident}", &incident.to_string()).replace("{account}", "1001");
        let path = path
            .replace("{signal}", "1")
            .replace("{storm}", "1")
            .replace("{pack}", "en-50518")
            .replace("{operator}", "1");
        let answer = li.get(&path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let schema = &call["responses"]["200"]["content"]["application/json"]["schema"];
        differences(&document, schema, &answer.json(), &path, &mut found);
        asked += 1;
        for parameter in call["parameters"].as_array().unwrap().iter().filter(|one| one["in"] == "query") {
            let (name, schema) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
            let value = match (name, schema["format"].as_str(), schema["enum"].get(0)) {
                ("account" | "after", ..) => "1001",
                ("class", ..) => "burglary",
                ("code", ..) => "130",
                (_, Some("date-time"), _) => "2026-01-01T00:00:00Z",
                (_, _, Some(word)) => word.as_str().unwrap(),
                ("open" | "all", ..) => "true",
                _ => "1",
            };
            let answer = li.get(&format!("{path}?{name}={value}"));
            assert_eq!(answer.status, 200, "{path}?{name}={value}: {}", answer.body);
        }
    }
    found.sort();
    found.dedup();
    assert_eq!(found, Vec::<String>::new());
    assert!(asked >= 17, "{asked}");
}

#[test]
fn a_query_that_is_not_described_is_refused() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    for path in [
        "/api/signals?acount=1001",
        "/api/incidents?from=yesterday",
        "/api/signals?outcome=lost",
        "/api/reports/counts?till=x",
    ] {
        assert_eq!(li.get(path).problem(), (422, "invalid".into()), "{path}");
    }
    assert_eq!(li.get("/api/incidents/99").problem(), (404, "not-found".into()));
    assert_eq!(li.get("/api/accounts/9999").problem(), (404, "not-found".into()));
}
