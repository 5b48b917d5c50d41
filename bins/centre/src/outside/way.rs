//! The ways out: a file in a folder, an HTTP request, or a frame to another centre. One plain call each, which blocks until it is done or has failed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::dc09::Line;

/// The longest response to a request that is read, in bytes.
const RESPONSE_MAX: u64 = 256 * 1024;
/// The longest wait between two tries, in seconds.
const BACK_OFF_MAX_S: u32 = 60;
/// How much of a response is quoted where something is wrong, in characters.
const QUOTED_MAX: usize = 200;

/// How something is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// One file a message.
    File(Folders),
    /// One request a message.
    Http(Post),
    /// One signal to another centre.
    Dc09(Line),
}

/// Where messages are put, and answers are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folders {
    /// Where messages are put, each as `<id>.json`.
    pub(crate) out: PathBuf,
    /// Where answers are found. What was read is moved to its folders `done` and `bad`.
    pub(crate) answers: PathBuf,
    /// How often a full disk or a missing folder is tried before somebody is called.
    pub(crate) tries: u32,
}

/// Where messages are posted to.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Post {
    /// The address.
    pub(crate) url: String,
    /// What we show them, as `Authorization: Bearer`.
    pub(crate) token: String,
    /// What they show us when they post an answer.
    pub(crate) answer_token: Option<String>,
    /// The certificates that theirs must come from, in PEM; those that browsers trust where nothing is set.
    pub(crate) ca: Option<String>,
    /// How long one request may take.
    pub(crate) patience: Duration,
    /// How often one message is tried before somebody is called.
    pub(crate) tries: u32,
}

impl std::fmt::Debug for Post {
    /// Without the tokens.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Post").field("url", &self.url).field("patience", &self.patience).finish_non_exhaustive()
    }
}

/// It has arrived.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Delivered {
    /// What they gave as a receipt.
    pub(crate) receipt: Option<String>,
    /// What they said to it at once, each as it came.
    pub(crate) answers: Vec<String>,
}

/// It has not arrived, as far as we know.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Why, for people: of what is ours to say, in English.
    pub(crate) why: String,
    /// The same in Chinese; what a system, a library or the other end says, as it says it.
    pub(crate) why_zh: String,
    /// To try again would not help.
    pub(crate) for_good: bool,
    /// The other end has it and refuses it, as it also does while its own cards are being changed.
    pub(crate) refused: bool,
}

impl Fault {
    /// One that may pass.
    pub(crate) fn again(why: impl ToString) -> Self {
        let why = why.to_string();
        Self { why_zh: why.clone(), why, for_good: false, refused: false }
    }

    /// The same, in English and in Chinese.
    pub(super) fn said(why: impl Into<String>, why_zh: impl Into<String>) -> Self {
        Self { why_zh: why_zh.into(), ..Self::again(why.into()) }
    }

    /// One that does not.
    pub(super) fn for_good(why: impl ToString) -> Self {
        Self { for_good: true, ..Self::again(why) }
    }
}

/// How long to wait after this attempt, counted from 1: 1, 2, 4, 8 ... seconds.
pub(crate) fn back_off_s(attempt: u32) -> u32 {
    1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(BACK_OFF_MAX_S).clamp(1, BACK_OFF_MAX_S)
}

impl Way {
    /// What it is called in the configuration.
    pub(crate) const fn by(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Http(_) => "http",
            Self::Dc09(_) => "dc09",
        }
    }

    /// How often one message is tried.
    pub(crate) const fn tries(&self) -> u32 {
        match self {
            Self::File(Folders { tries, .. }) | Self::Http(Post { tries, .. }) => *tries,
            // Only what another centre refuses: what it does not answer waits until it does.
            Self::Dc09(Line { tries, .. }) => *tries,
        }
    }

    /// Sends a message that is recognised by `id` when it comes again. Blocks.
    ///
    /// # Errors
    /// It did not arrive, or nobody said that it did.
    pub(crate) fn deliver(&self, id: &str, message: &Value) -> Result<Delivered, Fault> {
        match self {
            Self::File(folders) => folders.put(id, message),
            Self::Http(post) => post.send(id, message),
            Self::Dc09(line) => line.send(message),
        }
    }
}

impl Way {
    /// Asks whether a message would arrive now, without one. Blocks.
    ///
    /// # Errors
    /// It would not.
    pub(crate) fn ask(&self) -> Result<(), Fault> {
        match self {
            Self::File(folders) => folders.ask(),
            Self::Http(post) => post.ask(),
            Self::Dc09(line) => line.ask(),
        }
    }
}

impl Folders {
    /// Puts a file and takes it away again.
    fn ask(&self) -> Result<(), Fault> {
        let file = self.out.join("sent").join("asked");
        let asked = std::fs::create_dir_all(self.out.join("sent"))
            .and_then(|()| write_whole(&file, ""))
            .and_then(|()| std::fs::remove_file(&file));
        asked.map_err(|error| Fault::again(format!("{}: {error}", file.display())))
    }

    /// Puts one file, whole or not at all. What was put once is not put again, even where somebody has taken it away.
    fn put(&self, id: &str, message: &Value) -> Result<Delivered, Fault> {
        let faulty = |path: &Path, error: std::io::Error| Fault::again(format!("{}: {error}", path.display()));
        let (file, sent) = (self.out.join(format!("{id}.json")), self.out.join("sent").join(id));
        std::fs::create_dir_all(self.out.join("sent")).map_err(|error| faulty(&self.out, error))?;
        if !sent.exists() {
            let text = serde_json::to_string_pretty(message).map_err(Fault::again)?;
            write_whole(&file, &text).map_err(|error| faulty(&file, error))?;
            write_whole(&sent, "").map_err(|error| faulty(&sent, error))?;
        }
        Ok(Delivered::default())
    }
}

/// Writes a file that is seen under its name only once it is whole and durable.
pub(super) fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let part = named(path, ".part");
    let mut file = std::fs::File::create(&part)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&part, path)?;
    // The name is durable when its folder is.
    path.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}

/// The same path with more at the end of its name.
pub(super) fn named(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(more);
    name.into()
}

/// The certificates in a text.
///
/// # Errors
/// One of them is none.
pub(super) fn certificates(pem: &str) -> Result<Vec<Certificate<'static>>, ureq::Error> {
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(Ok(certificate)),
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    };
    parse_pem(pem.as_bytes()).filter_map(certificate).collect()
}

impl Post {
    /// Posts one message. 2xx: it has arrived. 408, 409, 425, 429 and 5xx, or no whole response: it is tried again. Any other:
    /// it never will be taken.
    fn send(&self, id: &str, message: &Value) -> Result<Delivered, Fault> {
        let text = serde_json::to_vec(message).map_err(Fault::again)?;
        let sent = self
            .agent()?
            .post(&self.url)
            .header("Content-Type", "application/json")
            .header("Authorization", format!("Bearer {}", self.token))
            .header("Idempotency-Key", id)
            .send(&text[..]);
        let mut response = sent.map_err(Fault::again)?;
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(RESPONSE_MAX).read_to_string().map_err(Fault::again)?;
        if !(200..300).contains(&status) {
            let why = format!("HTTP {status}: {}", body.chars().take(QUOTED_MAX).collect::<String>());
            return Err(Fault { for_good: !passes(status), ..Fault::again(why) });
        }
        Ok(said(&body))
    }

    /// Gets the address. Whatever they answer, they are there, unless they do not know us or have a fault that passes.
    fn ask(&self) -> Result<(), Fault> {
        let asked = self.agent()?.get(&self.url).header("Authorization", format!("Bearer {}", self.token)).call();
        let status = asked.map_err(Fault::again)?.status().as_u16();
        match matches!(status, 401 | 403) || passes(status) {
            true => Err(Fault::again(format!("HTTP {status}"))),
            false => Ok(()),
        }
    }

    fn agent(&self) -> Result<ureq::Agent, Fault> {
        let mut tls = TlsConfig::builder();
        if let Some(pem) = &self.ca {
            tls = tls.root_certs(RootCerts::from(certificates(pem).map_err(Fault::again)?));
        }
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(self.patience))
            .http_status_as_error(false)
            .max_redirects(0)
            // Where a message goes is said here and nowhere else.
            .proxy(None)
            .tls_config(tls.build());
        Ok(config.build().into())
    }
}

/// Is this status a fault that may pass by itself?
const fn passes(status: u16) -> bool {
    matches!(status, 408 | 409 | 425 | 429 | 500..)
}

/// What a response says: `{"receipt": "...", "answers": [...]}`, each part of it where it is there. Answers that stand elsewhere in it
/// are heard all the same, and so is JSON that is broken, as a whole: whoever receives it says what is wrong with it. Anything else says
/// no more than that it has arrived.
fn said(body: &str) -> Delivered {
    let body = body.trim_start_matches('\u{feff}').trim();
    let response: Value = match serde_json::from_str(body) {
        Ok(response) => response,
        Err(_) => {
            let is_meant_as_json = body.starts_with(['{', '[']);
            return Delivered {
                answers: is_meant_as_json.then(|| body.to_owned()).into_iter().collect(),
                receipt: None,
            };
        }
    };
    let elsewhere = || match &response {
        one if is_answer(one) => vec![one.to_string()],
        Value::Array(all) if all.iter().any(is_answer) => all.iter().map(Value::to_string).collect(),
        Value::Object(fields) if fields.values().any(holds_answers) => vec![body.to_owned()],
        _ => Vec::new(),
    };
    let answers = match &response["answers"] {
        Value::Null => elsewhere(),
        Value::Array(answers) => answers.iter().map(Value::to_string).collect(),
        one => vec![one.to_string()],
    };
    Delivered { receipt: response["receipt"].as_str().map(str::to_owned), answers }
}

/// Has this the shape of an answer: a number of its own, and what it is about?
fn is_answer(value: &Value) -> bool {
    let has = |name| value.get(name).is_some();
    has("message") && ["incident", "storm", "account"].into_iter().any(has)
}

fn holds_answers(value: &Value) -> bool {
    is_answer(value) || value.as_array().is_some_and(|all| all.iter().any(is_answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_come_further_and_further_apart() {
        assert_eq!([1, 2, 3, 7, 40].map(back_off_s), [1, 2, 4, 60, 60]);
    }

    #[test]
    fn a_response_may_hold_answers_a_receipt_or_nothing_of_the_kind() {
        assert_eq!(said("OK"), Delivered::default());
        assert_eq!(said(""), Delivered::default());
        let answers = vec!["{\"message\":\"A\"}".to_owned()];
        let receipt = Some("R-1".to_owned());
        assert_eq!(said("{\"receipt\": \"R-1\", \"answers\": [{\"message\": \"A\"}]}"), Delivered { receipt, answers });
        assert_eq!(said("{\"answers\": 7}").answers, ["7"]);
        assert_eq!(said("{\"message\": \"OK\", \"status\": 200}"), Delivered::default());
        assert_eq!(said("<html>{}</html>"), Delivered::default());
    }

    #[test]
    fn an_answer_in_a_response_is_heard_however_it_is_put() {
        let one = "{\"incident\":7,\"message\":\"A\"}";
        assert_eq!(said(&format!("\u{feff}{{\"answers\": [{one}]}}\n")).answers, [one], "a mark before it");
        assert_eq!(said(one).answers, [one], "an answer alone");
        assert_eq!(said(&format!("[{one}, 3]")).answers, [one, "3"], "a list of them");
        let otherwise = format!("{{\"answer\": [{one}]}}");
        assert_eq!(said(&otherwise).answers, [otherwise.as_str()], "by another name");
        let cut = "{\"receipt\": \"R-1\", \"answers\": [{\"message\": \"A\", \"incident\": 7, \"answer\": \"rejec";
        assert_eq!(said(cut), Delivered { receipt: None, answers: vec![cut.to_owned()] });
        assert_eq!(said(&format!("{{\"answers\": [{one}]}} ok")).answers, [format!("{{\"answers\": [{one}]}} ok")]);
    }

    #[test]
    fn a_message_is_put_once_even_where_it_was_taken_away() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("out");
        let folders = Folders { out: out.clone(), answers: dir.path().join("in"), tries: 1 };
        folders.put("incident-1.2.0", &serde_json::json!({"incident": 1})).unwrap();
        let file = out.join("incident-1.2.0.json");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{\n  \"incident\": 1\n}");
        std::fs::remove_file(&file).unwrap();
        folders.put("incident-1.2.0", &serde_json::json!({"incident": 1})).unwrap();
        assert!(!file.exists());
    }
}
