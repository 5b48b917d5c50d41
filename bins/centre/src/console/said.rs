//! What another machine wrote, for people: its fields one by one, and not the JSON that it wrote them in.

use contactid::Lang;
use serde_json::Value;

/// Fields that are shown, and signs of each.
const FIELDS: usize = 24;
const SIGNS: usize = 500;

/// The fields of a JSON object with their names, in the order in which they were written; empty for what is none: then it is shown as it
/// came.
pub(super) fn fields(body: &str, lang: Lang) -> Vec<(String, String)> {
    let Ok(Value::Object(fields)) = serde_json::from_str(body) else { return Vec::new() };
    fields.into_iter().take(FIELDS).map(|(name, value)| (label(&name, lang), words(&value))).collect()
}

/// A value without quotes and brackets.
fn words(value: &Value) -> String {
    let text = match value {
        Value::Null => "—".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| format!("{name}: {}", words(value))).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    };
    text.chars().take(SIGNS).collect()
}

/// What a field of the forms for outside machines is called; one that they do not have keeps its name.
fn label(name: &str, lang: Lang) -> String {
    let known = match name {
        "message" => ("Message number", "消息编号"),
        "incident" => ("Incident", "警情"),
        "number" => ("Hand-off", "移交序号"),
        "answer" => ("Answer", "答复"),
        "reason" => ("Reason", "原因"),
        "outcome" => ("Outcome", "结果"),
        "eta_s" => ("Arrives in seconds", "预计到达（秒）"),
        "reference" => ("Their number", "对方编号"),
        "text" => ("Words", "文字"),
        "contact" => ("Customer\u{2019}s answer", "用户答复"),
        "account" => ("Account", "用户"),
        "signal" => ("Signal", "信号"),
        "closing" => ("Closing", "布防答复"),
        "minutes" => ("Minutes", "分钟"),
        "unit" => ("Unit", "出警单位"),
        "offer" => ("Offer", "派单序号"),
        "says" => ("Says", "回报"),
        "scene" => ("On the scene", "现场"),
        "storm" => ("Storm", "灾害"),
        "staff" => ("Staff", "人员"),
        other => return other.to_owned(),
    };
    match lang {
        Lang::En => known.0.to_owned(),
        Lang::Zh => known.1.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_machine_wrote_is_shown_field_by_field() {
        let body =
            r#"{"message": "P-1", "incident": 77, "scene": {"doors": "open", "photos": ["a", "b"]}, "own": null}"#;
        let mut told = fields(body, Lang::En);
        told.sort();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = [
            pair("Incident", "77"),
            pair("Message number", "P-1"),
            pair("On the scene", "doors: open; photos: a, b"),
            pair("own", "—"),
        ];
        assert_eq!(told, expected);
        assert!(fields(body, Lang::Zh).contains(&pair("警情", "77")));
        for none in ["", "hello", "[1, 2]", "{\"incident\": "] {
            assert_eq!(fields(none, Lang::En), []);
        }
        let long = format!("{{\"text\": \"{}\"}}", "x".repeat(9999));
        assert_eq!(fields(&long, Lang::En)[0].1.len(), SIGNS);
    }
}
