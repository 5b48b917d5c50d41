//! Who is reached which way, as the file that `centre --outside FILE.toml` names.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use alarmcore::{Authority, Effect};
use anyhow::{Context as _, anyhow, bail};
use contactid::Key;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use toml::Spanned;

use super::dc09::Line;
use super::way::{Folders, Post, Way};
use crate::cli::{Failure, Stop};

/// The documented file: every key. It reads back as nothing but people who telephone.
pub(crate) const DOCUMENTED: &str = include_str!("../../outside.toml");

/// The word for no way at all.
const MANUAL: &str = "manual";

/// Who is reached which way. Who is not named is told by people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Config {
    /// What the centre calls itself in its messages.
    pub(crate) centre: String,
    /// Every way by its name.
    pub(crate) ways: BTreeMap<String, Way>,
    /// Which way hand-offs go, and what is told after them.
    pub(crate) hand_off: BTreeMap<Authority, String>,
    /// Which way customers are asked first, in a storm.
    pub(crate) first_contact: Option<String>,
    /// Which way staff is called in.
    pub(crate) call_in: Option<String>,
    /// Which way the people of a site are asked that is not closed in time.
    pub(crate) late_close: Option<String>,
    /// Which way people are told of what they are to do who may be away from the console.
    pub(crate) people: BTreeMap<Told, String>,
}

/// What people are told who may be away from the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Told {
    /// A step of the escalation chain calls them.
    Escalation,
    /// A unit is asked to go, or need not go any more.
    Offer,
    /// A test, a suspension, a log-only agreement, a recurring test or an override of the policy ends soon.
    Ending,
}

impl Told {
    /// The word of it in the file.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Escalation => "escalation",
            Self::Offer => "offer",
            Self::Ending => "ending",
        }
    }

    /// What an effect tells them; nothing where it tells others.
    pub(crate) const fn by(effect: &Effect) -> Option<Self> {
        match effect {
            Effect::Escalate { .. } | Effect::FollowUpUndone { .. } => Some(Self::Escalation),
            Effect::Offer { .. } | Effect::Recall { .. } | Effect::TellUnit { .. } => Some(Self::Offer),
            Effect::TestEnding { .. } | Effect::LoweringEnding { .. } | Effect::OverrideEnding { .. } => {
                Some(Self::Ending)
            }
            _ => None,
        }
    }
}

impl Config {
    /// The configuration in `text`; folders in it are below `beside`.
    ///
    /// # Errors
    /// The line and the key of what is wrong.
    pub(crate) fn parse(text: &str, beside: &Path) -> anyhow::Result<Self> {
        // Editors of Windows begin a file with one.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let Written { centre, way, hand_off, storm, late_close, people } = toml::from_str(text)?;
        let line = |at: usize| text.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count() + 1;
        let mut config = Self { centre, ..Self::default() };
        let mut tokens = BTreeSet::new();
        for (name, written) in way {
            let at = line(name.span().start);
            let name = name.into_inner();
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if name == MANUAL || name.is_empty() || !name.bytes().all(plain) {
                bail!("line {at}: [way.{name}]: a name of small letters, digits and `-`, and not \"{MANUAL}\"");
            }
            let way = written.way(beside).with_context(|| format!("line {at}: [way.{name}]"))?;
            if let Way::Http(Post { answer_token: Some(token), .. }) = &way
                && !tokens.insert(token.clone())
            {
                bail!(
                    "line {at}: [way.{name}]: answer_token: another way has the same; answers could not be told apart"
                );
            }
            config.ways.insert(name, way);
        }
        let goes = |ways: &BTreeMap<String, Way>, key: &str, name: Spanned<String>| {
            let at = line(name.span().start);
            known(ways, name.into_inner()).map_err(|why| anyhow!("line {at}: {key}: {why}"))
        };
        for (to, name) in hand_off {
            if let Some(name) = goes(&config.ways, to.as_str(), name)? {
                config.hand_off.insert(to, name);
            }
        }
        for (told, name) in people {
            if let Some(name) = goes(&config.ways, told.word(), name)? {
                config.people.insert(told, name);
            }
        }
        if let Some(name) = storm.first_contact {
            config.first_contact = goes(&config.ways, "first_contact", name)?;
        }
        if let Some(name) = storm.call_in {
            config.call_in = goes(&config.ways, "call_in", name)?;
        }
        if let Some(name) = late_close.question {
            config.late_close = goes(&config.ways, "question", name)?;
        }
        Ok(config)
    }

    /// Lets a way to another centre lead there.
    pub(crate) fn lead(&mut self, way: &str, there: SocketAddr) {
        if let Some(Way::Dc09(line)) = self.ways.get_mut(way) {
            line.address = there.to_string();
        }
    }

    /// The name of the way that this effect goes; nothing where people see to it.
    pub(crate) fn way_of(&self, effect: &Effect) -> Option<&str> {
        match effect {
            Effect::HandOff { to, .. } | Effect::TellAuthority { to, .. } => self.hand_off.get(to).map(String::as_str),
            Effect::Alert { .. } | Effect::FalseCalls { .. } | Effect::FollowUpDue { .. } => None,
            Effect::Escalate { .. }
            | Effect::FollowUpUndone { .. }
            | Effect::Offer { .. }
            | Effect::Recall { .. }
            | Effect::TellUnit { .. }
            | Effect::TestEnding { .. }
            | Effect::LoweringEnding { .. }
            | Effect::OverrideEnding { .. } => self.people.get(&Told::by(effect)?).map(String::as_str),
            Effect::FirstContact { .. } => self.first_contact.as_deref(),
            Effect::Forward { to, .. } => {
                let (name, _) = self.ways.get_key_value(&**to)?;
                Some(name.as_str()).filter(|name| self.forwards_to(name))
            }
            Effect::CallIn { .. } => self.call_in.as_deref(),
            Effect::AskClosing { .. } => self.late_close.as_deref(),
        }
    }

    /// Can signals go this way?
    pub(crate) fn forwards_to(&self, way: &str) -> bool {
        matches!(self.ways.get(way), Some(Way::Dc09(_)))
    }

    /// Do answers of this authority come this way?
    pub(crate) fn serves(&self, way: &str, authority: Authority) -> bool {
        self.hand_off.get(&authority).is_some_and(|its| its == way)
    }

    /// The way whose other end shows this token with its answers.
    pub(crate) fn answers_with(&self, token: &str) -> Option<&str> {
        let knows = |way: &Way| match way {
            Way::Http(Post { answer_token: Some(known), .. }) => bool::from(known.as_bytes().ct_eq(token.as_bytes())),
            Way::Http(_) | Way::File(_) | Way::Dc09(_) => false,
        };
        self.ways.iter().find(|(_, way)| knows(way)).map(|(name, _)| name.as_str())
    }
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Written {
    centre: String,
    way: BTreeMap<Spanned<String>, WrittenWay>,
    hand_off: BTreeMap<Authority, Spanned<String>>,
    storm: WrittenStorm,
    late_close: WrittenLateClose,
    people: BTreeMap<Told, Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WrittenLateClose {
    question: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct WrittenStorm {
    first_contact: Option<Spanned<String>>,
    call_in: Option<Spanned<String>>,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            centre: "centre".into(),
            way: BTreeMap::new(),
            hand_off: BTreeMap::new(),
            storm: WrittenStorm::default(),
            late_close: WrittenLateClose::default(),
            people: BTreeMap::new(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum By {
    File,
    Http,
    Dc09,
}

/// All keys of a way; which of them go together is checked afterwards, so that each fault can be named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWay {
    by: By,
    out: Option<PathBuf>,
    answers: Option<PathBuf>,
    url: Option<String>,
    token: Option<String>,
    answer_token: Option<String>,
    ca: Option<PathBuf>,
    #[serde(default)]
    allow_plain: bool,
    address: Option<String>,
    receiver: Option<String>,
    line: Option<String>,
    key: Option<String>,
    timeout_s: Option<u32>,
    tries: Option<u32>,
}

/// What holds when nothing is said.
const TIMEOUT_S: u32 = 5;
const TRIES: u32 = 4;
/// The longest time that one request may take: the desk's calls for a missing answer must not come before its failure.
const TIMEOUT_MAX_S: u32 = 60;
/// The shortest token that cannot be guessed.
const TOKEN_MIN: usize = 16;

impl WrittenWay {
    /// The way; paths in it are below `beside`, the folder of the file, unless they are whole.
    fn way(self, beside: &Path) -> anyhow::Result<Way> {
        let Self { by, out, answers, url, token, answer_token, ca, allow_plain, .. } = self;
        let Self { address, receiver, line, key, timeout_s, tries, .. } = self;
        let tries = tries.unwrap_or(TRIES);
        if tries == 0 {
            bail!("tries: at least 1");
        }
        let of_centre = address.is_some() || receiver.is_some() || line.is_some() || key.is_some();
        if by != By::Dc09 && of_centre {
            bail!("address, receiver, line and key belong to by = \"dc09\"");
        }
        let patience = |timeout_s: Option<u32>| {
            let timeout_s = timeout_s.unwrap_or(TIMEOUT_S);
            if !(1..=TIMEOUT_MAX_S).contains(&timeout_s) {
                bail!("timeout_s: 1 to {TIMEOUT_MAX_S}");
            }
            Ok(Duration::from_secs(timeout_s.into()))
        };
        match by {
            By::Dc09 => {
                if out.is_some()
                    || answers.is_some()
                    || url.is_some()
                    || token.is_some()
                    || answer_token.is_some()
                    || ca.is_some()
                {
                    bail!("by = \"dc09\" knows address, receiver, line, key, timeout_s and tries");
                }
                let address = address.context("address: host and port of the other centre are missing")?;
                if address.rsplit_once(':').is_none_or(|(host, port)| host.is_empty() || port.parse::<u16>().is_err()) {
                    bail!("address: expected a host and a port such as north.example:9000, found {address:?}");
                }
                let digits = |name: &str, text: &str| match text.len() {
                    1..=6 if text.bytes().all(|byte| byte.is_ascii_hexdigit()) => Ok(()),
                    _ => Err(anyhow!("{name}: expected 1 to 6 hexadecimal digits, found {text:?}")),
                };
                let line = line.unwrap_or_else(|| "0".into());
                digits("line", &line)?;
                receiver.iter().try_for_each(|receiver| digits("receiver", receiver))?;
                key.iter().try_for_each(|key| Key::from_hex(key).map(drop)).context("key")?;
                Ok(Way::Dc09(Line { address, receiver, line, key, patience: patience(timeout_s)?, tries }))
            }
            By::File => {
                if url.is_some() || token.is_some() || answer_token.is_some() || ca.is_some() || timeout_s.is_some() {
                    bail!("by = \"file\" knows out, answers and tries; the other keys belong to by = \"http\"");
                }
                let out = out.context("out: the folder that messages are put in is missing")?;
                let answers = answers.context("answers: the folder that answers are found in is missing")?;
                if out == answers {
                    bail!("answers: must be another folder than out");
                }
                Ok(Way::File(Folders { out: beside.join(out), answers: beside.join(answers), tries }))
            }
            By::Http => {
                if out.is_some() || answers.is_some() {
                    bail!("by = \"http\" knows no folders; out and answers belong to by = \"file\"");
                }
                let url = url.context("url: the address that messages are posted to is missing")?;
                let token = token.context("token: what the other end knows this centre by is missing")?;
                if !may_be_posted_to(&url, allow_plain) {
                    bail!(
                        "url: https://, or http:// on this machine; allow_plain = true where the network is yours alone"
                    );
                }
                if answer_token.as_ref().is_some_and(|token| token.len() < TOKEN_MIN) {
                    bail!("answer_token: at least 16 characters; whoever has it can call a hand-off accepted");
                }
                let patience = patience(timeout_s)?;
                let ca = ca.map(|file| certificates(&beside.join(file))).transpose()?;
                Ok(Way::Http(Post { url, token, answer_token, ca, patience, tries }))
            }
        }
    }
}

/// What is sent names people and their keys: not in plain text over other networks.
fn may_be_posted_to(url: &str, allow_plain: bool) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return url.starts_with("https://") };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let here = ["127.0.0.1", "localhost", "[::1]"];
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit());
    let is_here = |name: &str| match host.strip_prefix(name) {
        Some(rest) => rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port),
        None => false,
    };
    allow_plain || here.into_iter().any(is_here)
}

/// The text of a file of certificates, once each of them can be read.
fn certificates(file: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("ca: {}", file.display()))?;
    let found = super::way::certificates(&text).with_context(|| format!("ca: {}", file.display()))?;
    if found.is_empty() {
        bail!("ca: there is no certificate in {}", file.display());
    }
    Ok(text)
}

/// The configuration in `file`.
///
/// # Errors
/// [`Stop::Config`] names the file, and the line and the key of what is wrong with it.
pub(crate) fn read(file: &Path) -> Result<Config, Failure> {
    let text = std::fs::read_to_string(file).map_err(anyhow::Error::from);
    text.and_then(|text| Config::parse(&text, file.parent().unwrap_or(Path::new(""))))
        .with_context(|| format!("the file {} of --outside", file.display()))
        .map_err(|error| Failure::new(Stop::Config, error))
}

/// The way of this name, or none for people.
fn known(ways: &BTreeMap<String, Way>, name: String) -> anyhow::Result<Option<String>> {
    if name == MANUAL {
        return Ok(None);
    }
    if matches!(ways.get(&name), Some(Way::Dc09(_))) {
        bail!("the way \"{name}\" goes to another centre and carries signals only");
    }
    if !ways.contains_key(&name) {
        let names: Vec<&str> = ways.keys().map(String::as_str).chain([MANUAL]).collect();
        bail!("there is no way \"{name}\"; there are {}", names.join(", "));
    }
    Ok(Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(text: &str) -> anyhow::Result<Config> {
        Config::parse(text, Path::new("/etc/centre"))
    }

    #[test]
    fn the_documented_file_reads_as_people_who_telephone() {
        let default = Config { centre: "centre".into(), ..Config::default() };
        assert_eq!(reads(DOCUMENTED).unwrap(), default);
        assert_eq!(reads(&format!("\u{feff}{DOCUMENTED}")).unwrap(), default, "a byte order mark is no text");
    }

    /// The examples of the documented file are examples of something that is taken.
    #[test]
    fn the_examples_of_the_documented_file_are_sound() {
        let is_example = |line: &&str| !line.starts_with("# ") && !line.starts_with("#ca =");
        let examples: Vec<&str> =
            DOCUMENTED.lines().filter(is_example).map(|line| line.strip_prefix('#').unwrap_or(line)).collect();
        let config = reads(&examples.join("\n")).unwrap();
        let psap = Way::Http(Post {
            url: "https://psap.example/alarms".into(),
            token: "what they know us by".into(),
            answer_token: Some("what we know them by".into()),
            ca: None,
            patience: Duration::from_secs(5),
            tries: 4,
        });
        let (out, answers) = ("/etc/centre/fire/out".into(), "/etc/centre/fire/in".into());
        let fire = Way::File(Folders { out, answers, tries: 4 });
        assert_eq!(config.ways["psap"], psap);
        assert_eq!(config.ways["fire-desk"], fire);
        let north = Way::Dc09(Line {
            address: "north.example:9000".into(),
            receiver: Some("1".into()),
            line: "0".into(),
            key: None,
            patience: Duration::from_secs(5),
            tries: 4,
        });
        assert_eq!(config.ways["north"], north);
        assert!(config.forwards_to("north") && !config.forwards_to("psap"));
        let messages = Some("messages".to_owned());
        assert_eq!((config.ways.len(), &config.first_contact, &config.call_in), (4, &messages, &messages));
        assert_eq!(config.late_close, messages);
        let goes = [(Authority::Police, "psap"), (Authority::Fire, "fire-desk"), (Authority::Ambulance, "psap")];
        assert_eq!(config.hand_off, goes.map(|(to, way)| (to, way.to_owned())).into());
        assert_eq!(config.answers_with("what we know them by"), Some("psap"));
        assert_eq!(config.answers_with("what they know us by"), None);
    }

    #[test]
    fn faults_are_named_with_their_line() {
        let fault = |text: &str| format!("{:#}", reads(text).unwrap_err());
        let http = "[way.psap]\nby = \"http\"\ntoken = \"t\"\nurl = ";
        assert_eq!(
            fault(&format!("\n{http}\"http://psap.example/\"\n")),
            "line 2: [way.psap]: url: https://, or http:// on this machine; allow_plain = true where the network is yours \
             alone"
        );
        assert_eq!(
            fault("[way.fire]\nby = \"file\"\nout = \"o\"\n"),
            "line 1: [way.fire]: answers: the folder that answers are found in is missing"
        );
        assert_eq!(fault("[hand_off]\nfire = \"fax\"\n"), "line 2: fire: there is no way \"fax\"; there are manual");
        let north = "[way.north]\nby = \"dc09\"\naddress = \"north.example:9000\"\n";
        assert_eq!(
            fault(&format!("{north}[hand_off]\npolice = \"north\"\n")),
            "line 5: police: the way \"north\" goes to another centre and carries signals only"
        );
        assert_eq!(
            fault(&north.replace(":9000", "")),
            "line 1: [way.north]: address: expected a host and a port such as north.example:9000, found \"north.example\""
        );
        assert!(fault("[hand_off]\npolis = \"manual\"\n").contains("line 2"));
        assert!(fault("[way.fire]\nby = \"fax\"\n").contains("line 2"));
        assert!(fault("[way.Fire]\nby = \"file\"\n").starts_with("line 1: [way.Fire]: a name of small letters"));
        let token = "answer_token = \"0123456789abcdef\"\n";
        let twice = format!("{http}\"https://a/\"\n{token}{}\"https://b/\"\n{token}", http.replace("psap", "zoo"));
        assert_eq!(
            fault(&twice),
            "line 6: [way.zoo]: answer_token: another way has the same; answers could not be told apart"
        );
    }
}
