//! What `/api` offers, as OpenAPI 3.1: built from the tables in `openapi/`, which the tests hold to the real thing.

mod acts;
mod calls;
mod shapes;

use std::sync::LazyLock;

use axum::Json;
use serde_json::{Map, Value, json};

pub(crate) use acts::Acts;
use calls::{CALLS, Call};

static DOCUMENT: LazyLock<Value> = LazyLock::new(build);

/// The description of every call.
pub(super) async fn document() -> Json<&'static Value> {
    Json(&DOCUMENT)
}

fn build() -> Value {
    let mut paths = Map::new();
    for call in CALLS {
        let path = paths.entry(format!("/api{}", call.path)).or_insert_with(|| json!({}));
        path[call.method] = operation(call);
    }
    let mut schemas = shapes::schemas();
    schemas.insert("Act".into(), Acts::Incident.schema());
    schemas.insert("TestAct".into(), Acts::Test.schema());
    schemas.insert("FollowUpAct".into(), Acts::FollowUp.schema());
    schemas.insert("LoweredAct".into(), Acts::Lowered.schema());
    schemas.insert("AgreedAct".into(), Acts::Agreed.schema());
    schemas.insert("FalseCallsAct".into(), Acts::FalseCalls.schema());
    schemas.insert("StormAct".into(), Acts::Storm.schema());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Alarm centre",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Everything the console shows and does. Sign in with POST /api/login: the answer's cookie carries \
                the session, and its field `csrf` goes into the header X-CSRF-Token of every request that changes something. \
                Times are RFC 3339 in UTC. A field that a body does not have is refused with 422. Errors are application/problem+json with a text in English and in Chinese."
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": crate::auth::SESSION_COOKIE },
                "csrf": { "type": "apiKey", "in": "header", "name": "X-CSRF-Token" }
            }
        }
    })
}

fn operation(call: &Call) -> Value {
    let mut parameters = Vec::new();
    for name in call.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    }
    for (name, kind) in shapes::fields(call.query) {
        parameters.push(json!({ "name": name, "in": "query", "required": false, "schema": shapes::schema(kind) }));
    }
    let mut operation = json!({ "summary": call.about, "parameters": parameters });
    operation["responses"] = match call.answer {
        "" => json!({ "204": { "description": "Done." } }),
        "events" => json!({ "200": {
            "description": "Server-sent events `change`, `happening` and `look-afresh`; the id is the journal's sequence.",
            "content": { "text/event-stream": { "schema": { "$ref": "#/components/schemas/Change" } } }
        } }),
        "file" => json!({ "200": { "description": "The file.", "content": media_types() } }),
        answer => json!({ "200": {
            "description": "Done.",
            "content": { "application/json": { "schema": shapes::schema(answer) } }
        } }),
    };
    operation["responses"]["default"] = json!({
        "description": "Not done: `code` says why for programs, `title` and `title_zh` for people.",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
    });
    if call.body == "file" {
        operation["requestBody"] = json!({ "required": true, "content": media_types() });
    } else if !call.body.is_empty() {
        let body = shapes::schema(call.body);
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": body } } });
    }
    operation["security"] = match (call.open, call.method) {
        (true, _) => json!([]),
        (false, "post") => json!([{ "session": [], "csrf": [] }]),
        (false, _) => json!([{ "session": [] }]),
    };
    operation
}

/// The files of clips.
fn media_types() -> Value {
    let media = alarmcore::ClipKind::MEDIA.iter().map(|(media, ..)| ((*media).to_owned(), json!({})));
    Value::Object(media.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `$ref` in the document leads somewhere.
    #[test]
    fn every_reference_resolves() {
        fn walk(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(fields) => fields.iter().for_each(|(name, value)| match value.as_str() {
                    Some(target) if name == "$ref" => found.push(target.to_owned()),
                    _ => walk(value, found),
                }),
                Value::Array(items) => items.iter().for_each(|item| walk(item, found)),
                _ => {}
            }
        }
        let mut references = Vec::new();
        walk(&DOCUMENT, &mut references);
        let missing: Vec<_> =
            references.iter().filter(|target| DOCUMENT.pointer(target.trim_start_matches('#')).is_none()).collect();
        assert_eq!(missing, Vec::<&String>::new());
        assert!(references.len() > 40, "the document refers to its shapes");
    }
}
