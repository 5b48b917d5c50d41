//! Changes of an account's card by a person, and their review by another (requirement H2).

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use alarmcore::{
    AccountNumber, Expectation, Family, Feature, Lang, NotAPosition, ProofFor, Schedule, ScheduleError, Sources,
    SourcesError,
};
use opsmodel::crm::{AccountCard, CardField, Change, Contact, PanelUser, Words, Zone};
use opsmodel::store::StoreError;
use opsmodel::store::query::IncidentFilter;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::auth::{Session, salt};
use crate::desk::now;
use crate::misread;
use crate::problem::Problem;
use crate::state::App;

/// More incidents than one account ever has open.
const OPEN_AT_MOST: usize = 1000;

/// What a person wants of a card. What is not named stays as it is; `-` takes a text away, 0 a number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    /// The version that they looked at.
    version: u32,
    /// Why; mandatory.
    reason: Option<String>,
    address: Option<String>,
    phone: Option<String>,
    site: Option<String>,
    /// Names that accounts share: where it is, which mains feeder it hangs on, who carries its line, what kind of site it is, what its people speak.
    district: Option<String>,
    feeder: Option<String>,
    carrier: Option<String>,
    site_type: Option<String>,
    language: Option<String>,
    /// Latitude and longitude in degrees.
    position: Option<String>,
    instructions: Option<String>,
    /// One line, as `alarmcore::Schedule` writes it.
    schedule: Option<String>,
    /// Parted by `|` or line by line, as `alarmcore::Expectation` writes them.
    expectations: Option<String>,
    /// Parted by `|` or line by line, as `opsmodel::crm::Contact` writes them; who keeps their number keeps their codewords.
    contacts: Option<String>,
    /// Parted by `|` or line by line, as `opsmodel::crm::Words` reads them; they are never shown.
    codewords: Option<String>,
    /// Addresses, networks and numbers, as `alarmcore::Sources` writes them.
    sources: Option<String>,
    /// Parted by `|` or line by line, as `opsmodel::crm::PanelUser` writes them.
    users: Option<String>,
    /// Do they take turns in being called first?
    rotate: Option<bool>,
    /// `video guarded`
    features: Option<String>,
    /// `3 back door; 4 vault`
    zones: Option<String>,
    heartbeat_s: Option<u32>,
    test_interval_s: Option<u32>,
    mains_wait_s: Option<u32>,
    battery_hours: Option<u32>,
}

/// What the other person says of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    /// The version that they looked at.
    version: u32,
    verdict: Verdict,
    note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    Approve,
    Reject,
}

/// The card after it.
#[derive(Serialize)]
pub(crate) struct Carded {
    version: u32,
    /// Does anything of it wait for a review?
    pending: bool,
}

/// Changes the card of an account as `ask` says.
///
/// # Errors
/// 422 for what cannot be read, 404 for an account without a card, 409 for an older version, 503 when it cannot be stored.
pub(crate) async fn edit(
    app: &App,
    session: &Session,
    address: IpAddr,
    account: AccountNumber,
    ask: Map<String, Value>,
) -> Result<Carded, Problem> {
    let edit: Edit = read(ask)?;
    let Some(reason) = edit.reason.clone().filter(|reason| !reason.trim().is_empty()) else {
        return Err(Problem::invalid("reason: say why the card is changed", "请填写修改原因"));
    };
    let card = app.query(move |reader| reader.account_card(account)).await?;
    let card = card.ok_or_else(|| Problem::not_found("account", "用户"))?;
    let wanted = wanted(card, edit)?;
    let change = change(session, address, reason);
    store(app, move |centre| centre.edit_account(&wanted, &change)).await
}

/// Approves or rejects what is pending of the card of an account, as `ask` says.
///
/// # Errors
/// 422 for what cannot be read, 403 where a test waits that only a supervisor may agree to, 409 when nothing is pending, for an older version, and for whoever changed it, 503 when it
/// cannot be stored.
pub(crate) async fn review(
    app: &App,
    session: &Session,
    address: IpAddr,
    account: AccountNumber,
    ask: Map<String, Value>,
) -> Result<Carded, Problem> {
    let Review { version, verdict, note } = read(ask)?;
    let change = change(session, address, note.unwrap_or_default());
    let approve = verdict == Verdict::Approve;
    // What an operator may not put on test alone, an operator may not agree to either.
    let card = app.query(move |reader| reader.account_card(account)).await?;
    if let Some(card) = card.filter(|_| approve) {
        if card.awaits_supervisor(app.settings.policy.on_test.proof) {
            session.supervisors_only()?;
        }
        if card.proposes_to_hide() && app.settings.policy.on_test.proof != ProofFor::Nothing {
            knows_of_alarms(app, session, account).await?;
        }
    }
    store(app, move |centre| centre.review_account(account, version, approve, &change)).await
}

/// What hides alarms beside one that is open is agreed to by a supervisor, as a test is: whoever is in where they should not be would have
/// the rest of their way hidden.
async fn knows_of_alarms(app: &App, session: &Session, account: AccountNumber) -> Result<(), Problem> {
    if session.role.is_supervisor() {
        return Ok(());
    }
    let filter = IncidentFilter { account: Some(account), open: Some(true), ..IncidentFilter::default() };
    let open = app.query(move |reader| reader.incidents(&filter, None, OPEN_AT_MOST)).await?;
    match open.iter().find(|row| row.kind.family() != Family::Service) {
        None => Ok(()),
        Some(row) => Err(Problem::alarm_open(row.incident)),
    }
}

pub(crate) fn read<T: serde::de::DeserializeOwned>(ask: Map<String, Value>) -> Result<T, Problem> {
    misread::read(Value::Object(ask))
}

pub(crate) fn change(session: &Session, address: IpAddr, reason: String) -> Change {
    Change { by: Some(session.operator), at: now(), origin: format!("console {address}"), reason }
}

pub(crate) async fn store(
    app: &App,
    work: impl FnOnce(&mut opsmodel::store::Centre) -> Result<AccountCard, StoreError> + Send + 'static,
) -> Result<Carded, Problem> {
    let answer = app.desk.change(move |centre| match work(centre) {
        Ok(card) => Ok(Ok(Carded { version: card.version, pending: card.pending.is_some() })),
        Err(StoreError::Card(error)) => Ok(Err(Problem::card(&error))),
        Err(error @ StoreError::VersionConflict { .. }) => Ok(Err(Problem::card_changed(&error))),
        Err(StoreError::NoAccount(_)) => Ok(Err(Problem::not_found("account", "用户"))),
        Err(error) => Err(error),
    });
    answer.await.map_err(Problem::from)?
}

fn wanted(card: AccountCard, edit: Edit) -> Result<AccountCard, Problem> {
    let text = |new: Option<String>, old: String| new.map_or(old, |new| cleared(new.trim()).to_owned());
    let name = |new: Option<String>, old: Option<Arc<str>>| match new.as_deref().map(|new| cleared(new.trim())) {
        None => old,
        Some(new) => Some(new).filter(|new| !new.is_empty()).map(Arc::from),
    };
    let number = |new: Option<u32>, old: Option<u32>| new.map_or(old, |new| Some(new).filter(|new| *new > 0));
    let schedule = match edit.schedule.as_deref().map(|line| cleared(line.trim())) {
        None => card.schedule.clone(),
        Some("") => None,
        Some(line) => {
            let schedule: Schedule = line.parse().map_err(|error: ScheduleError| {
                Problem::invalid_field(CardField::Schedule, "schedule", |lang| error.label(lang))
            })?;
            Some(Arc::new(schedule))
        }
    };
    let zones = match edit.zones.as_deref().map(|list| cleared(list.trim())) {
        None => card.zones.clone(),
        Some(list) => zones(list)?,
    };
    let card = match edit.expectations.as_deref().map(|lines| cleared(lines.trim())) {
        None => card,
        Some(lines) => {
            let wanted = Expectation::read_all(lines);
            let wanted = wanted.map_err(|error| {
                Problem::invalid_field(CardField::Expectations, "expectations", |lang| error.label(lang))
            })?;
            card.expecting(&wanted, now())
        }
    };
    let position = match edit.position.as_deref().map(|text| cleared(text.trim())) {
        None => card.position,
        Some("") => None,
        Some(text) => Some(text.parse().map_err(|error: NotAPosition| {
            Problem::invalid_field(CardField::Position, "position", |lang| error.label(lang))
        })?),
    };
    let card = match edit.contacts.as_deref().map(|lines| cleared(lines.trim())) {
        None => card,
        Some(lines) => {
            let wanted = Contact::read_all(lines)
                .map_err(|error| Problem::invalid_field(CardField::Contacts, "contacts", |lang| error.label(lang)))?;
            card.calling(wanted)
        }
    };
    let card = match edit.codewords.as_deref() {
        None => card,
        Some(lines) => card.saying(&Words::read_all(lines)?, || salt().map_err(|_| Problem::unavailable()))?,
    };
    let sources = match edit.sources.as_deref().map(|list| cleared(list.trim())) {
        None => card.sources.clone(),
        Some("") => None,
        Some(list) => {
            let sources: Sources = list.parse().map_err(|error: SourcesError| {
                Problem::invalid_field(CardField::Sources, "sources", |lang| error.label(lang))
            })?;
            Some(Arc::new(sources))
        }
    };
    let users = match edit.users.as_deref().map(|lines| cleared(lines.trim())) {
        None => card.users.clone(),
        Some(lines) => PanelUser::read_all(lines)
            .map_err(|error| Problem::invalid_field(CardField::Users, "users", |lang| error.label(lang)))?,
    };
    let features = match edit.features.as_deref().map(|list| cleared(list.trim())) {
        None => card.features.clone(),
        Some(list) => features(list)?,
    };
    Ok(AccountCard {
        features,
        users,
        sources,
        rotate: edit.rotate.unwrap_or(card.rotate),
        version: edit.version,
        position,
        district: name(edit.district, card.district),
        feeder: name(edit.feeder, card.feeder),
        carrier: name(edit.carrier, card.carrier),
        site_type: name(edit.site_type, card.site_type),
        language: name(edit.language, card.language),
        address: text(edit.address, card.address),
        phone: text(edit.phone, card.phone),
        site: text(edit.site, card.site),
        instructions: text(edit.instructions, card.instructions),
        schedule,
        zones,
        heartbeat_s: number(edit.heartbeat_s, card.heartbeat_s),
        test_interval_s: number(edit.test_interval_s, card.test_interval_s),
        mains_wait_s: number(edit.mains_wait_s, card.mains_wait_s),
        battery_hours: number(edit.battery_hours, card.battery_hours),
        ..card
    })
}

fn cleared(text: &str) -> &str {
    if text == "-" { "" } else { text }
}

/// `video guarded`
fn features(list: &str) -> Result<BTreeSet<Feature>, Problem> {
    let words = list.split([' ', ',', '，', '、']).filter(|word| !word.is_empty());
    let feature = |word: &str| {
        let known: Vec<&str> = Feature::ALL.iter().map(|feature| feature.as_str()).collect();
        let expected = || {
            Problem::invalid_field(CardField::Features, "features", |lang| match lang {
                Lang::En => format!("expected {}, found {word:?}", known.join(", ")),
                Lang::Zh => format!("应为 {}，现为 {word:?}", known.join("、")),
            })
        };
        Feature::from_word(word).ok_or_else(expected)
    };
    words.map(feature).collect()
}

/// `3 back door; 4 vault`, or one a line.
fn zones(list: &str) -> Result<Vec<Zone>, Problem> {
    let entries = list.split([';', '\n', '；']).map(str::trim).filter(|entry| !entry.is_empty());
    let zone = |entry: &str| {
        let (number, name) = entry.split_once(char::is_whitespace).unwrap_or((entry, ""));
        let number = number.parse().map_err(|_| {
            Problem::invalid_field(CardField::Zones, "zones", |lang| match lang {
                Lang::En => format!("expected a number and a name such as `3 back door`, found {entry:?}"),
                Lang::Zh => format!("应为编号和名称，如 `3 后门`，现为 {entry:?}"),
            })
        })?;
        Ok(Zone { number, name: name.trim().to_owned() })
    };
    entries.map(zone).collect()
}
