//! What is written in JSON, read as what it is meant for; and what cannot be, told in both languages.
//!
//! The faults of `serde_json` are English sentences. Here they are kept as what they are, a field, a word and what would do, and are
//! said when somebody is told.

use core::fmt::Display;

use contactid::Lang;
use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error, Expected, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use crate::problem::Problem;

/// Reads a value.
///
/// # Errors
/// 422 that names what is wrong, and in which field.
pub(crate) fn read<T: DeserializeOwned>(written: Value) -> Result<T, Problem> {
    T::deserialize(Given(written.clone())).map_err(|fault: Misread| {
        let field = at_fault::<T>(&written, &fault).map(|field| format!("{field}: ")).unwrap_or_default();
        Problem::invalid_as(|lang| format!("{field}{}", fault.label(lang)))
    })
}

/// The field whose value cannot be read: without it, the same is not wrong any more. What reads an act knows no place.
fn at_fault<'a, T: DeserializeOwned>(written: &'a Value, fault: &Misread) -> Option<&'a str> {
    if !matches!(fault, Misread::NoWord { .. } | Misread::Other { .. } | Misread::Said(_)) {
        return None;
    }
    let fields = written.as_object()?;
    let fields = fields
        .keys()
        .map(String::as_str)
        .filter(|field| *field != "act")
        .chain(fields.contains_key("act").then_some("act"));
    fields.into_iter().find(|field| {
        let mut without = written.clone();
        without.as_object_mut().map(|fields| fields.remove(*field));
        T::deserialize(Given(without)).err().as_ref() != Some(fault)
    })
}

/// 422 for a field that is none of those that there are.
pub(crate) fn no_field(found: &str, known: Vec<&'static str>) -> Problem {
    let fault = Misread::NoField { found: found.to_owned(), known };
    Problem::invalid_as(|lang| fault.label(lang))
}

/// Why a value is not what it is meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Misread {
    /// There is no such field.
    NoField { found: String, known: Vec<&'static str> },
    /// It is none of the words that it can be.
    NoWord { found: String, known: &'static [&'static str] },
    /// A field is missing.
    Missing(&'static str),
    /// A field is there twice.
    Twice(&'static str),
    /// It is something else.
    Other { found: [String; 2], wanted: [String; 2] },
    /// What whoever reads such a value says itself.
    Said(String),
}

impl Misread {
    fn label(&self, lang: Lang) -> String {
        let all =
            |known: &[&str], between| known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(between);
        match (self, lang) {
            (Self::NoField { found, known }, Lang::En) if known.is_empty() => {
                format!("unknown field `{found}`, there are no fields")
            }
            (Self::NoField { found, known }, Lang::Zh) if known.is_empty() => {
                format!("没有字段 `{found}`，此处不需任何字段")
            }
            (Self::NoField { found, known }, Lang::En) => {
                format!("unknown field `{found}`, expected one of {}", all(known, ", "))
            }
            (Self::NoField { found, known }, Lang::Zh) => format!("没有字段 `{found}`，可用字段：{}", all(known, "、")),
            (Self::NoWord { found, known }, Lang::En) => {
                format!("unknown variant `{found}`, expected one of {}", all(known, ", "))
            }
            (Self::NoWord { found, known }, Lang::Zh) => format!("没有取值 `{found}`，可用取值：{}", all(known, "、")),
            (Self::Missing(field), Lang::En) => format!("missing field `{field}`"),
            (Self::Missing(field), Lang::Zh) => format!("缺少字段 `{field}`"),
            (Self::Twice(field), Lang::En) => format!("duplicate field `{field}`"),
            (Self::Twice(field), Lang::Zh) => format!("字段 `{field}` 重复"),
            (Self::Other { found: [found, _], wanted: [wanted, _] }, Lang::En) => {
                format!("found {found}, expected {wanted}")
            }
            (Self::Other { found: [_, found], wanted: [_, wanted] }, Lang::Zh) => {
                format!("此处不能是{found}（应为 {wanted}）")
            }
            (Self::Said(what), Lang::En) => what.clone(),
            (Self::Said(what), Lang::Zh) => format!("取值无效（{what}）"),
        }
    }
}

impl Display for Misread {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&self.label(Lang::En))
    }
}

impl core::error::Error for Misread {}

impl Error for Misread {
    fn custom<T: Display>(what: T) -> Self {
        Self::Said(what.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        let zh = match found {
            Unexpected::Bool(value) => format!("逻辑值 `{value}`"),
            Unexpected::Unsigned(value) => format!("整数 `{value}`"),
            Unexpected::Signed(value) => format!("整数 `{value}`"),
            Unexpected::Float(value) => format!("小数 `{value}`"),
            Unexpected::Str(text) => format!("文本 {text:?}"),
            Unexpected::Unit | Unexpected::Option => "空值".to_owned(),
            Unexpected::Seq => "列表".to_owned(),
            Unexpected::Map => "对象".to_owned(),
            other => format!(" {other}"),
        };
        Self::Other { found: [found.to_string(), zh], wanted: in_words(&wanted.to_string()) }
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        Self::invalid_type(found, wanted)
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        Self::NoWord { found: found.to_owned(), known }
    }

    fn unknown_field(found: &str, known: &'static [&'static str]) -> Self {
        Self::NoField { found: found.to_owned(), known: known.to_vec() }
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::Twice(field)
    }
}

/// What is wanted, in both languages: the types of numbers by what they hold.
fn in_words(wanted: &str) -> [String; 2] {
    let most = match wanted {
        "u8" => Some(u64::from(u8::MAX)),
        "u16" => Some(u64::from(u16::MAX)),
        "u32" => Some(u64::from(u32::MAX)),
        "u64" => Some(u64::MAX),
        _ => None,
    };
    most.map_or_else(
        || [wanted.to_owned(), wanted.to_owned()],
        |most| [format!("a whole number from 0 to {most}"), format!("0 至 {most} 的整数")],
    )
}

/// A value that says itself what it is.
struct Given(Value);

impl IntoDeserializer<'_, Misread> for Given {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Given {
    type Error = Misread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(whole), _) => visitor.visit_u64(whole),
                (None, Some(whole)) => visitor.visit_i64(whole),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(all) => {
                let mut all = SeqDeserializer::new(all.into_iter().map(Given));
                let read = visitor.visit_seq(&mut all)?;
                all.end().map(|()| read)
            }
            Value::Object(all) => {
                let mut all = MapDeserializer::new(all.into_iter().map(|(name, value)| (name, Given(value))));
                let read = visitor.visit_map(&mut all)?;
                all.end().map(|()| read)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misread> {
        match self.0 {
            Value::String(word) => visitor.visit_enum(word.into_deserializer()),
            Value::Object(all) => {
                let all = MapDeserializer::new(all.into_iter().map(|(name, value)| (name, Given(value))));
                visitor.visit_enum(MapAccessDeserializer::new(all))
            }
            other => Given(other).deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct
        map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use alarmcore::{Cause, Command, TestCommand, TestStart};
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Edit {
        version: u32,
        rotate: Option<bool>,
        #[serde(default)]
        names: Vec<String>,
    }

    fn titles<T: DeserializeOwned + core::fmt::Debug>(written: Value) -> [String; 2] {
        let problem = read::<T>(written).unwrap_err();
        [problem.title, problem.title_zh]
    }

    #[test]
    fn what_fits_is_read() {
        let edit: Edit = read(json!({ "version": 3, "rotate": null, "names": ["a", "b"] })).unwrap();
        assert_eq!(edit, Edit { version: 3, rotate: None, names: vec!["a".into(), "b".into()] });
        let act: Command = read(json!({ "act": "verify-false", "cause": "animal", "note": "a cat" })).unwrap();
        assert_eq!(act, Command::VerifyFalse { cause: Some(Cause::Animal), note: Some("a cat".into()) });
        let test: TestCommand =
            read(json!({ "act": "start", "minutes": 5, "only": [3], "life_safety": ["fire"] })).unwrap();
        let (only, life_safety) = ([3].into(), [contactid::Class::Fire].into());
        assert_eq!(test, TestCommand::Start(TestStart { minutes: Some(5), only, life_safety, ..TestStart::default() }));
    }

    #[test]
    fn what_does_not_fit_is_told_in_both_languages() {
        for (told, en, zh) in [
            (titles::<Edit>(json!({})), "missing field `version`", "请求无效：缺少字段 `version`"),
            (
                titles::<Edit>(json!({ "version": "3" })),
                "version: found string \"3\", expected a whole number from 0 to 4294967295",
                "请求无效：version: 此处不能是文本 \"3\"（应为 0 至 4294967295 的整数）",
            ),
            (
                titles::<Edit>(json!({ "version": 1, "name": 1 })),
                "unknown field `name`, expected one of `version`, `rotate`, `names`",
                "请求无效：没有字段 `name`，可用字段：`version`、`rotate`、`names`",
            ),
            (
                titles::<Edit>(json!({ "version": 1, "names": [true] })),
                "names: found boolean `true`, expected a string",
                "请求无效：names: 此处不能是逻辑值 `true`（应为 a string）",
            ),
            (titles::<Command>(json!({ "act": "note" })), "missing field `note`", "请求无效：缺少字段 `note`"),
        ] {
            assert_eq!(told, [en, zh]);
        }
        let [en, zh] = titles::<Command>(json!({ "act": "verify-false", "cause": "gremlins" }));
        assert!(en.starts_with("cause: unknown variant `gremlins`, expected one of `"), "{en}");
        assert!(zh.starts_with("请求无效：cause: 没有取值 `gremlins`，可用取值：`"), "{zh}");
    }
}
