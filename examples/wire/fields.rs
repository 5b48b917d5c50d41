//! The JSON line in and the JSON line out.

use contactid::{Code, Lang, Quirks, RecordError, Reply, Signal};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::{Value, json};

/// A line to be decoded.
#[derive(Deserialize)]
pub struct Question {
    /// The format's word, or `auto`.
    #[serde(default = "dc09")]
    pub format: String,
    /// The bytes.
    pub hex: String,
    /// The key, where the format has one.
    pub key_hex: Option<String>,
}

fn dc09() -> String {
    "dc09".into()
}

/// A line decoded.
pub struct Answer {
    /// Whether the bytes are a record that can be worked with.
    pub valid: bool,
    /// Departures that it was read in spite of.
    pub quirks: Quirks,
    /// Why it is not valid, or what could not be read of it; the first word says what kind of fault it is.
    pub error: Option<String>,
    /// What it says, in the order in which it is shown.
    pub fields: Vec<(&'static str, Value)>,
    /// What a receiver answers; empty for nothing.
    pub reply: Vec<u8>,
}

impl Answer {
    /// Nothing that can be worked with.
    pub fn refused(error: impl Into<String>) -> Self {
        Self { valid: false, quirks: Quirks::NONE, error: Some(error.into()), fields: Vec::new(), reply: Vec::new() }
    }

    /// A record that was not taken. `bytes` says which bytes this format has for an answer.
    pub fn fault(error: RecordError, bytes: impl FnOnce(Reply) -> Vec<u8>) -> Self {
        Self { reply: bytes(error.reply()), ..Self::refused(error.to_string()) }
    }

    /// A record that was taken, with these quirks and fields and this answer.
    pub fn read(quirks: Quirks, fields: Vec<(&'static str, Value)>, reply: Vec<u8>) -> Self {
        Self { valid: true, quirks, error: None, fields, reply }
    }

    /// As a line under the name of its format.
    pub fn named<'a>(&'a self, format: Option<&'a str>) -> impl Serialize + 'a {
        Named { format, answer: self }
    }
}

struct Named<'a> {
    format: Option<&'a str>,
    answer: &'a Answer,
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Answer { valid, quirks, error, fields, reply } = self.answer;
        let mut map = serializer.serialize_map(None)?;
        if let Some(format) = self.format {
            map.serialize_entry("format", format)?;
        }
        map.serialize_entry("valid", valid)?;
        map.serialize_entry("quirks", &quirks.names().collect::<Vec<_>>())?;
        if let Some(error) = error {
            map.serialize_entry("error", error)?;
        }
        for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
            map.serialize_entry(name, value)?;
        }
        if !reply.is_empty() {
            map.serialize_entry("reply_hex", &hex(reply))?;
        }
        map.end()
    }
}

/// One event as every format shows it. What a format spells otherwise than [`Signal`] does, it puts in place of these.
pub fn event(signal: &Signal) -> Value {
    let mut event = json!({
        "code": signal.code.to_string(),
        "qualifier": signal.qualifier.digit(),
        "number_is": signal.number_is().as_str(),
        "class": signal.class().as_str(),
        "name_en": signal.name(Lang::En),
        "name_zh": signal.name(Lang::Zh),
    });
    let always = matches!(signal.code, Code::Cid(_));
    let spelt = |text: String| Some(text).filter(|text| always || !text.is_empty());
    let area = (!always).then(|| signal.group_text()).and_then(spelt);
    for (name, value) in [
        ("group", always.then(|| signal.group_text())),
        ("number", spelt(signal.number_text())),
        ("area", area),
        ("address", signal.address.clone()),
        ("user", signal.user.map(|user| user.to_string())),
        ("peripheral", signal.peripheral.map(|peripheral| peripheral.to_string())),
        ("time", signal.device_time.clone()),
        ("text", signal.text.clone()),
    ] {
        if let Some(value) = value {
            event[name] = value.into();
        }
    }
    event
}

/// Events as every format shows them.
pub fn events<'a>(signals: impl IntoIterator<Item = &'a Signal>) -> Value {
    signals.into_iter().map(event).collect()
}

/// The fields of a record to be written: what [`Answer`] shows, whatever else stands beside them.
pub struct Fields<'a>(pub &'a Value);

impl<'a> Fields<'a> {
    /// A text or number of this name, as text.
    pub fn text(&self, name: &str) -> Option<String> {
        match &self.0[name] {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// As [`Fields::text`].
    ///
    /// # Errors
    /// That the field is missing.
    pub fn need(&self, name: &str) -> Result<String, String> {
        self.text(name).ok_or_else(|| format!("{name}: missing"))
    }

    /// A number of this name, be it written as a number or as decimal text.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.text(name).and_then(|text| text.parse().ok())
    }

    /// Whether a flag of this name is set.
    pub fn flag(&self, name: &str) -> bool {
        self.0[name] == true
    }

    /// Whether `decode` named this quirk.
    pub fn quirk(&self, word: &str) -> bool {
        self.0["quirks"].as_array().is_some_and(|quirks| quirks.iter().any(|quirk| quirk == word))
    }

    /// The members of the list of this name.
    pub fn list(&self, name: &str) -> impl Iterator<Item = Fields<'a>> {
        self.0[name].as_array().into_iter().flatten().map(Fields)
    }

    /// The first event, if there is one.
    pub fn event(&self) -> Option<Fields<'a>> {
        self.list("events").next()
    }

    /// Bytes written in hexadecimal under this name.
    ///
    /// # Errors
    /// That they are missing or no hexadecimal.
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, String> {
        unhex(&self.need(name)?).ok_or_else(|| format!("{name}: something else than pairs of hexadecimal digits"))
    }
}

/// Bytes from hexadecimal digits, blanks between them or not.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let (pairs, odd) = digits.as_chunks::<2>();
    let value = |digit: u8| char::from(digit).to_digit(16);
    let byte = |pair: &[u8; 2]| Some((value(pair[0])? << 4 | value(pair[1])?) as u8);
    odd.is_empty().then(|| pairs.iter().map(byte).collect()).flatten()
}

/// Bytes as upper-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
