//! The cards of guard units: set from the command line, from a page or by a call.

use std::net::IpAddr;

use alarmcore::{Lang, NotAPosition, UnitId};
use anyhow::anyhow;
use opsmodel::crm::{CardError, Change, UnitCard, read_names, write_names};
use opsmodel::store::{Centre, SignalLog, StoreError};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::auth::Session;
use crate::card_review::change;
use crate::cli::{Failure, Stop, UnitArgs};
use crate::desk::now;
use crate::misread;
use crate::problem::Problem;
use crate::state::App;

/// What is wanted of a unit's card. What is not named stays as it is; `-` takes a text away.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    /// The version that was looked at; the last one where nothing is said.
    version: Option<u32>,
    name: Option<String>,
    phone: Option<String>,
    on_duty: Option<bool>,
    position: Option<String>,
    travel: Option<String>,
    districts: Option<String>,
    skills: Option<String>,
    jobs: Option<u32>,
}

/// What cannot be read of it.
enum Unread {
    Position(NotAPosition),
    Travel(CardError),
}

impl Unread {
    fn label(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Position(error), Lang::En) => format!("position: {}", error.label(lang)),
            (Self::Position(error), Lang::Zh) => format!("经纬度：{}", error.label(lang)),
            (Self::Travel(error), _) => error.label(lang),
        }
    }
}

impl Edit {
    /// Is something of it agreed and not reported by radio? Only supervisors change that.
    const fn is_agreed(&self) -> bool {
        self.name.is_some() || self.travel.is_some() || self.districts.is_some() || self.skills.is_some()
    }

    /// The card after it; what cannot be read, by its field.
    fn of(self, card: UnitCard) -> Result<UnitCard, Unread> {
        fn plain(text: &str) -> &str {
            if text.trim() == "-" { "" } else { text.trim() }
        }
        let position = match self.position.as_deref().map(plain) {
            None => card.position,
            Some("") => None,
            Some(text) => Some(text.parse().map_err(Unread::Position)?),
        };
        let travel_s = match self.travel.as_deref().map(plain) {
            None => card.travel_s,
            Some(text) => UnitCard::read_travel(text).map_err(Unread::Travel)?,
        };
        let names = |given: Option<String>, before| given.map_or(before, |text| read_names(plain(&text)));
        Ok(UnitCard {
            version: self.version.unwrap_or(card.version),
            name: self.name.map_or(card.name, |name| plain(&name).to_owned()),
            phone: self.phone.map_or(card.phone, |phone| plain(&phone).to_owned()),
            on_duty: self.on_duty.unwrap_or(card.on_duty),
            position,
            travel_s,
            districts: names(self.districts, card.districts),
            skills: names(self.skills, card.skills),
            jobs: self.jobs.unwrap_or(card.jobs),
            ..card
        })
    }
}

/// Changes the card of a unit as `ask` says, or makes it; the desk hears of it at once.
///
/// # Errors
/// 422 for what cannot be read, 403 where a supervisor is needed, 409 for an older version, 503 when it cannot be stored.
pub(crate) async fn edit(
    app: &App,
    session: &Session,
    address: IpAddr,
    unit: UnitId,
    ask: Map<String, Value>,
) -> Result<UnitCard, Problem> {
    let edit: Edit = misread::read(Value::Object(ask))?;
    if edit.is_agreed() {
        session.supervisors_only()?;
    }
    let change = change(session, address, "unit".into());
    let answer = app.desk.change(move |centre| {
        let known = centre.unit(unit)?.unwrap_or_else(|| UnitCard::new(unit, ""));
        let wanted = match edit.of(known) {
            Ok(wanted) => wanted,
            Err(error) => return Ok(Err(Problem::invalid_as(|lang| error.label(lang)))),
        };
        match centre.put_unit(&wanted, &change) {
            Ok(card) => Ok(Ok(card)),
            Err(StoreError::Card(error)) => Ok(Err(Problem::invalid_as(|lang| error.label(lang)))),
            Err(error @ StoreError::VersionConflict { .. }) => Ok(Err(Problem::card_changed(&error))),
            Err(error) => Err(error),
        }
    });
    answer.await.map_err(Problem::from)?
}

/// Does what the command line says, and prints what holds now.
pub(crate) fn set(args: &UnitArgs) -> Result<(), Failure> {
    let failed = |error: StoreError| {
        let stop = if matches!(error, StoreError::Card(_)) { Stop::Import } else { Stop::Store };
        Failure::new(stop, anyhow!(error).context(format!("the store in {}", args.data.display())))
    };
    SignalLog::open(&args.data).map_err(failed)?;
    let mut centre = Centre::open(&args.data).map_err(failed)?;
    let known = centre.unit(args.unit).map_err(failed)?.unwrap_or_else(|| UnitCard::new(args.unit, ""));
    let edit = Edit {
        version: None,
        name: args.name.clone(),
        phone: args.phone.clone(),
        on_duty: args.on_duty,
        position: args.position.clone(),
        travel: args.travel.clone(),
        districts: args.districts.clone(),
        skills: args.skills.clone(),
        jobs: args.jobs,
    };
    let wanted = edit.of(known.clone()).map_err(|error| Failure::new(Stop::Import, anyhow!(error.label(Lang::En))))?;
    let card = if wanted == known && known.version > 0 {
        wanted
    } else {
        let change = Change { by: None, at: now(), origin: "command line".into(), reason: "unit set".into() };
        centre.put_unit(&wanted, &change).map_err(failed)?
    };
    let or_none = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    println!("unit {} {}", card.id, card.name);
    println!("phone {}", or_none(card.phone.clone()));
    println!("on_duty {}", card.on_duty);
    println!("position {}", or_none(card.position.map(|position| position.to_string()).unwrap_or_default()));
    println!("travel {}", or_none(card.travel()));
    println!("districts {}", or_none(write_names(&card.districts)));
    println!("skills {}", or_none(write_names(&card.skills)));
    println!("jobs {}", card.jobs);
    Ok(())
}
