//! A call for help, whatever else is wrong with what carries it: a guard in danger sends no second message.

use alarmcore::{ContactAnswer, IncidentEvent, IncidentId, UnitAnswer, UnitId};
use serde_json::{Map, Value};

use super::answers::{Ear, MESSAGE_MAX, Saying, ToContact, ToOffer, digest};
use super::unplaced::{about, has, number as told};
use crate::problem::Problem;

/// The fields in which a word is said: whoever cries writes it into any of them.
const WORDS: [&str; 5] = ["says", "contact", "answer", "staff", "closing"];

/// Does somebody call for help by this? Texts say nothing of it, where they are known as such; what is no JSON does if the word stands
/// anywhere in it: better once for nothing than not.
pub(super) fn cries(body: &str) -> bool {
    match serde_json::from_str::<Value>(body) {
        Ok(Value::Object(said)) => WORDS.iter().any(|field| is_help(&said, field)),
        Ok(_) => false,
        Err(_) => body.split(|between: char| !between.is_alphabetic()).any(|word| word.eq_ignore_ascii_case("help")),
    }
}

/// Is the word of a field, whatever it is wrapped in, that they want help?
fn is_help(said: &Map<String, Value>, field: &str) -> bool {
    said.iter().any(|(name, word)| name.trim().eq_ignore_ascii_case(field) && cried(word))
}

fn cried(word: &Value) -> bool {
    match word {
        Value::String(words) => asks_for_help(words),
        Value::Array(words) => words.iter().any(cried),
        Value::Object(words) => words.values().any(cried),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Does it say so anywhere, and not that they want none?
pub(super) fn asks_for_help(words: &str) -> bool {
    const CRIES: [&str; 5] = ["求救", "救命", "救我", "求助", "需要帮助"];
    const NONE: [&str; 3] = ["不", "无", "没"];
    let mut before = String::new();
    for word in words.split(|between: char| !between.is_alphabetic()).filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        let cries = matches!(word.as_str(), "help" | "sos") && !matches!(before.as_str(), "no" | "not" | "without");
        let in_chinese = CRIES.iter().any(|cry| word.contains(cry)) && !NONE.iter().any(|none| word.contains(none));
        if cries || in_chinese {
            return true;
        }
        before = word;
    }
    false
}

/// Takes a number out, which may be written as a text.
fn number<T: TryFrom<u64>>(said: &mut Map<String, Value>, field: &str) -> Option<T> {
    let number = match said.remove(field)? {
        Value::String(text) => text.trim().parse().ok()?,
        other => other.as_u64()?,
    };
    T::try_from(number).ok()
}

/// Takes a text out; what is none is written as it came.
fn text(said: &mut Map<String, Value>, field: &str) -> Option<String> {
    match said.remove(field)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// What can be told of a message that is broken off: what it is about, where the word stands in it by itself; all of it is its text.
fn broken(body: &str) -> Option<Map<String, Value>> {
    if !body.to_lowercase().contains("\"help\"") {
        return None;
    }
    let mut said = Map::from_iter([("text".to_owned(), Value::from(body))]);
    said.insert("incident".to_owned(), Value::from(about(body)?.get()));
    for field in ["unit", "offer"] {
        said.extend(told::<u64>(body, field).map(|number| (field.to_owned(), Value::from(number))));
    }
    if has(body, "says") {
        said.insert("says".to_owned(), Value::from("help"));
    }
    Some(said)
}

impl Ear {
    /// What cannot be read as it stands, read as the call for help that it is: numbers may be written as texts, what is wanting of unit
    /// and offer follows from the other, and what has no field here is a text. Nothing where nobody can tell what it is about.
    pub(super) async fn understood(&self, body: &str) -> Result<Option<Saying>, Problem> {
        let mut said = match serde_json::from_str::<Value>(body) {
            Ok(Value::Object(said)) => said,
            Ok(_) => return Ok(None),
            Err(_) => match broken(body) {
                Some(said) => said,
                None => return Ok(None),
            },
        };
        let of_unit = is_help(&said, "says") || said.contains_key("unit");
        let message = text(&mut said, "message").filter(|name| (1..=MESSAGE_MAX).contains(&name.trim().len()));
        let message = message.unwrap_or_else(|| digest(body));
        let Some(incident) = number(&mut said, "incident").map(IncidentId::new) else { return Ok(None) };
        let mut words: Vec<String> = text(&mut said, "text").into_iter().collect();
        if !of_unit {
            said.retain(|name, word| {
                !(WORDS.iter().any(|field| name.trim().eq_ignore_ascii_case(field)) && cried(word))
            });
            let text = together(words, said);
            return Ok(Some(Saying::Contact(ToContact { message, incident, contact: ContactAnswer::Help, text })));
        }
        said.retain(|name, word| !(WORDS.iter().any(|field| name.trim().eq_ignore_ascii_case(field)) && cried(word)));
        let offers = self.offers(incident).await?;
        let offer: Option<u16> = number(&mut said, "offer");
        let named = offer.and_then(|offer| offers.get(usize::from(offer).checked_sub(1)?)).copied();
        let Some(unit) = number(&mut said, "unit").map(UnitId::new).or(named) else { return Ok(None) };
        let offer = offer.or_else(|| newest(&offers, unit)).unwrap_or_default();
        let scene = match said.remove("scene").map(|scene| (serde_json::from_value(scene.clone()), scene)) {
            Some((Ok(scene), _)) => scene,
            Some((Err(_), scene)) => {
                words.push(scene.to_string());
                None
            }
            None => None,
        };
        let text = together(words, said);
        Ok(Some(Saying::Offer(ToOffer { message, incident, unit, offer, says: UnitAnswer::Help, text, scene })))
    }

    /// The newest offer of an incident to this unit.
    pub(super) async fn newest_offer(&self, incident: IncidentId, unit: UnitId) -> Result<Option<u16>, Problem> {
        Ok(newest(&self.offers(incident).await?, unit))
    }

    /// To whom an incident was offered, one after the other.
    async fn offers(&self, incident: IncidentId) -> Result<Vec<UnitId>, Problem> {
        let records = self.desk.write(move |centre| centre.records(incident)).await.map_err(Problem::from)?;
        let offers = records.into_iter().filter_map(|record| match record.event {
            IncidentEvent::UnitOffered { unit, .. } => Some(unit),
            _ => None,
        });
        Ok(offers.collect())
    }
}

fn newest(offers: &[UnitId], unit: UnitId) -> Option<u16> {
    offers.iter().rposition(|one| *one == unit).and_then(|place| u16::try_from(place + 1).ok())
}

/// One text of what was written and of what has no field here.
fn together(mut words: Vec<String>, strange: Map<String, Value>) -> Option<String> {
    words.extend(strange.into_iter().map(|(name, value)| format!("{name}: {value}")));
    Some(words.join("; ")).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::cries;

    #[test]
    fn a_cry_is_a_cry_however_it_is_written() {
        for cry in [
            r#"{"contact": "help"}"#,
            r#"{"Contact": " HELP!"}"#,
            r#"{"contact": "Help me"}"#,
            r#"{"contact": "please help"}"#,
            r#"{"contact": "SOS!"}"#,
            r#"{"contact": "快来人，救命"}"#,
            r#"{"contact": "需要帮助"}"#,
            r#"{"contact": ["help"]}"#,
            r#"{"contact": {"answer": "help"}}"#,
            r#"{"answer": "help"}"#,
            r#"{"staff": "help"}"#,
            r#"{"says": "help""#,
            "help",
            "incident 7: HELP",
        ] {
            assert!(cries(cry), "{cry}");
        }
        for other in [
            r#"{"contact": "all-well", "text": "help"}"#,
            r#"{"contact": "no help"}"#,
            r#"{"contact": "we need no help"}"#,
            r#"{"contact": "不需要帮助"}"#,
            r#"{"contact": "helpless"}"#,
            r#"{"contact": 7}"#,
            r#"["help"]"#,
            "{\"contact\": \"all-wel",
            "helpless",
        ] {
            assert!(!cries(other), "{other}");
        }
    }
}
