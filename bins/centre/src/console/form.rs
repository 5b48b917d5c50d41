//! Forms as acts: the fields of an HTML form become the JSON that stands for an [`alarmcore::Command`].
//!
//! A field is text unless its name ends in what it is: `unit:n` a whole number, `police:b` yes or no, `loss_minor:money`
//! an amount with up to two decimals, `photos:list` words apart by commas, `only:numbers` whole numbers apart by commas or
//! spaces, `until:in` the moment in so many minutes, `eta_s:minutes` so many minutes in seconds, `classes:each` one word of several under the same name. A dot names a part: `second.login`. The `csrf`
//! token belongs to the request, not to the act. An empty field was left out.

use serde_json::{Map, Value};

use super::spelling::now;
use crate::problem::Problem;

/// The act that these fields stand for.
///
/// # Errors
/// 422 that names the field which is no number, amount or yes-or-no.
pub(super) fn ask(fields: &[(String, String)]) -> Result<Map<String, Value>, Problem> {
    let mut ask = Map::new();
    for (name, text) in fields {
        let text = text.trim();
        if text.is_empty() || name == "csrf" {
            continue;
        }
        let (name, kind) = name.split_once(':').unwrap_or((name, ""));
        let value = value(kind, text).ok_or_else(|| unread(name, text))?;
        match name.split_once('.') {
            Some((whole, part)) => {
                let whole = ask.entry(whole).or_insert_with(|| Value::Object(Map::new()));
                whole[part] = value;
            }
            None => match (ask.get_mut(name), value) {
                (Some(Value::Array(all)), Value::Array(more)) => all.extend(more),
                (_, value) => drop(ask.insert(name.to_owned(), value)),
            },
        }
    }
    Ok(ask)
}

fn unread(name: &str, text: &str) -> Problem {
    Problem::invalid(format!("{name}: {text:?} cannot stand here"), &format!("{name} 不能是 {text:?}"))
}

fn value(kind: &str, text: &str) -> Option<Value> {
    match kind {
        "n" => text.parse::<u64>().ok().map(Value::from),
        "b" => match text {
            "on" | "yes" | "true" => Some(Value::Bool(true)),
            "no" | "false" => Some(Value::Bool(false)),
            _ => None,
        },
        "money" => minor_units(text).map(Value::from),
        "list" => {
            let words = text.split([',', '，', '、', '\n']).map(str::trim).filter(|word| !word.is_empty());
            Some(words.map(Value::from).collect())
        }
        "numbers" => {
            let numbers = text.split([',', '，', '、', ' ']).filter(|number| !number.is_empty());
            numbers.map(|number| number.parse::<u32>().ok().map(Value::from)).collect()
        }
        "in" => {
            text.parse::<u32>().ok().map(|minutes| Value::from(now().plus_secs(minutes.saturating_mul(60)).millis()))
        }
        "minutes" => text.parse::<u32>().ok().map(|minutes| Value::from(minutes.saturating_mul(60))),
        "each" => Some(Value::from(vec![text])),
        _ => Some(Value::from(text)),
    }
}

/// `1,280.5` is 128050. More than two decimals are not money.
fn minor_units(text: &str) -> Option<i64> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ' | '¥' | '￥')).collect();
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<2}").parse().ok()
}

#[cfg(test)]
mod tests {
    use alarmcore::{Cause, Check, Command, UnitId};
    use serde_json::json;

    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Result<Map<String, Value>, Problem> {
        let owned: Vec<_> = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        ask(&owned)
    }

    fn command(pairs: &[(&str, &str)]) -> Command {
        serde_json::from_value(Value::Object(form(pairs).unwrap())).unwrap()
    }

    #[test]
    fn fields_become_the_act_they_name() {
        assert_eq!(command(&[("csrf", "f00d"), ("act", "take")]), Command::Take);
        assert_eq!(
            command(&[("act", "verify-false"), ("cause", "animal"), ("note", " ")]),
            Command::VerifyFalse { cause: Some(Cause::Animal), note: None }
        );
        assert_eq!(
            command(&[
                ("act", "report-scene"),
                ("unit:n", "3"),
                ("doors", "intact"),
                ("windows", "damaged"),
                ("entry_signs:b", "on"),
                ("persons:n", "2"),
                ("photos:list", "P1，P2"),
                ("note", "后窗破损"),
            ]),
            Command::ReportScene {
                unit: UnitId::new(3),
                doors: Check::Intact,
                windows: Check::Damaged,
                entry_signs: true,
                persons: 2,
                photos: vec!["P1".to_owned(), "P2".to_owned()],
                note: Some("后窗破损".to_owned()),
            }
        );
        assert_eq!(
            command(&[
                ("act", "record-wish"),
                ("police:b", "yes"),
                ("insurer:b", "no"),
                ("loss_minor:money", "¥1,280.5")
            ]),
            Command::RecordWish { police: true, insurer: false, loss_minor: Some(128_050), currency: None, note: None }
        );
    }

    #[test]
    fn a_dot_names_a_part() {
        let asked = form(&[("act", "overturn"), ("second.login", "wang"), ("second.password", "geheim")]).unwrap();
        assert_eq!(Value::Object(asked), json!({"act": "overturn", "second": {"login": "wang", "password": "geheim"}}));
    }

    #[test]
    fn several_under_one_name_are_a_list() {
        let asked =
            form(&[("only:numbers", "3，4 17"), ("classes:each", "burglary"), ("classes:each", "tamper")]).unwrap();
        assert_eq!(Value::Object(asked), json!({ "only": [3, 4, 17], "classes": ["burglary", "tamper"] }));
        assert_eq!(form(&[("only:numbers", "3, four")]).unwrap_err().title, "only: \"3, four\" cannot stand here");
    }

    #[test]
    fn what_cannot_be_read_names_its_field() {
        let refused = |name, text| form(&[(name, text)]).unwrap_err().title;
        assert_eq!(refused("unit:n", "-1"), "unit: \"-1\" cannot stand here");
        assert_eq!(refused("loss_minor:money", "1.005"), "loss_minor: \"1.005\" cannot stand here");
        assert_eq!(refused("police:b", "perhaps"), "police: \"perhaps\" cannot stand here");
    }
}
