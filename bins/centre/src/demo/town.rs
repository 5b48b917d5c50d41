//! The demo's cards: a small town, read from `demo/town.toml` and written as any cards are.

use std::collections::BTreeSet;
use std::sync::Arc;

use alarmcore::{ContactId, OperatorId, Policy, Position, Schedule, Timestamp, UnitId};
use anyhow::Context;
use contactid::AccountNumber;
use opsmodel::crm::{AccountCard, AccountKey, Change, Codeword, Contact, OperatorCard, Proposal, Role, UnitCard, Zone};
use opsmodel::store::{Admission, Centre};
use serde::Deserialize;

use crate::auth;

/// Everything that the file says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Town {
    unit: Vec<UnitRow>,
    operator: Vec<OperatorRow>,
    pub(super) account: Vec<AccountRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitRow {
    id: UnitId,
    name: String,
    phone: String,
    position: Option<Position>,
    #[serde(default)]
    districts: BTreeSet<Arc<str>>,
    #[serde(default)]
    skills: BTreeSet<Arc<str>>,
    #[serde(default)]
    jobs: u32,
}

impl UnitRow {
    fn card(&self) -> UnitCard {
        UnitCard {
            phone: self.phone.clone(),
            position: self.position,
            districts: self.districts.clone(),
            skills: self.skills.clone(),
            jobs: self.jobs,
            ..UnitCard::new(self.id, self.name.clone())
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OperatorRow {
    id: OperatorId,
    login: String,
    name: String,
    role: Role,
    #[serde(default)]
    skills: BTreeSet<Arc<str>>,
    #[serde(default)]
    languages: BTreeSet<Arc<str>>,
}

/// An account, and what its panel needs to be simulated.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountRow {
    pub(super) account: AccountNumber,
    name: String,
    pub(super) kind: Kind,
    address: String,
    phone: String,
    district: Option<Arc<str>>,
    site_type: Option<Arc<str>>,
    /// What its people speak, where that is not what everybody speaks here.
    language: Option<Arc<str>>,
    position: Option<Position>,
    pub(super) key_hex: Option<String>,
    pub(super) heartbeat_s: Option<u32>,
    test_interval_s: Option<u32>,
    /// Its hours, nine of them every day, ended so many minutes before the demo begins: it is late to close.
    late_min: Option<u16>,
    /// Its panel does nothing but what `history.txt` says.
    #[serde(default)]
    pub(super) quiet: bool,
    #[serde(default)]
    instructions: String,
    pub(super) zones: Vec<Zone>,
    contacts: Vec<ContactRow>,
}

/// What kind of place it is: when it opens and closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// A shop.
    Shop,
    /// A bank, a jeweller, a petrol station.
    High,
    /// A school or a clinic.
    School,
    /// A warehouse or a factory.
    Warehouse,
    /// An office.
    Office,
    /// A home.
    Home,
    /// A place where nobody is.
    Unmanned,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ContactRow {
    id: ContactId,
    name: String,
    role: String,
    phone: String,
    codeword: String,
    duress: Option<String>,
    #[serde(default)]
    closes_late: bool,
}

/// Reads the file that is part of the program.
pub(super) fn read() -> anyhow::Result<Town> {
    toml::from_str(include_str!("../../demo/town.toml")).context("the demo's town")
}

impl Town {
    /// Writes every card, key and password.
    pub(super) fn write(
        &self,
        centre: &mut Centre,
        password: &str,
        now: Timestamp,
        change: &Change,
    ) -> anyhow::Result<()> {
        for row in &self.unit {
            centre.put_unit(&row.card(), change)?;
        }
        for OperatorRow { id, login, name, role, skills, languages } in &self.operator {
            let (skills, languages) = (skills.clone(), languages.clone());
            let card = OperatorCard { skills, languages, ..OperatorCard::new(*id, login, name, *role) };
            centre.put_operator(&card, change)?;
            centre.put_password(*id, &auth::digest(password)?, change)?;
        }
        let admissions = self.account.iter().map(|row| row.admission(now)).collect::<anyhow::Result<Vec<_>>>()?;
        centre.import(&admissions, change)?;
        Ok(())
    }

    /// Somebody changes the telephone number of the first contact of the account that [`NUMBER_CHANGED`] names.
    pub(super) fn change(&self, centre: &mut Centre, change: &Change) -> anyhow::Result<()> {
        let mut card = centre.account(NUMBER_CHANGED.parse()?)?.context("its card")?;
        card.contacts.first_mut().context("its contact")?.phone = "13700001033".into();
        centre.edit_account(&card, change)?;
        Ok(())
    }

    /// The one proposes, and the other agrees to it: each week the smoke detector of a store room is tried, for the first time in
    /// three days.
    pub(super) fn agree(&self, centre: &mut Centre, proposed: &Change, agreed: &Change) -> anyhow::Result<()> {
        let card = centre.account(TESTED_WEEKLY.parse()?)?.context("its card")?;
        let day = (proposed.at.millis() + ZONE_MIN * 60_000).div_euclid(DAY_MIN * 60_000) + 3;
        // The first of January 1970 was a Thursday.
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"].get(usize::try_from(day.rem_euclid(7))?);
        let line = format!(
            "recurring-test; for inspection; zone Asia/Shanghai; {} 09:00-09:30; zones 6; life-safety fire; until {}; reason {}; \
             agreement {}",
            weekday.context("a day of the week")?,
            proposed.at.plus_secs(90 * 24 * 3600),
            proposed.reason,
            "消防维保合同 2026-08",
        );
        let proposal = Proposal::read_all(&line)?.pop().context("a proposal")?;
        let wanted = card.propose(proposal, proposed.by, proposed.at, &Policy::default())?;
        let card = centre.edit_account(&wanted, proposed)?;
        centre.review_account(card.account, card.version, true, agreed)?;
        Ok(())
    }
}

/// The account with a smoke detector that is tried each week.
const TESTED_WEEKLY: &str = "1008";
/// The account whose owner has a new number that nobody else has looked at yet.
const NUMBER_CHANGED: &str = "1012";
/// How long a site is open.
const OPEN_MIN: i64 = 9 * 60;
const DAY_MIN: i64 = 24 * 60;
/// From UTC to the town's clocks.
const ZONE_MIN: i64 = 8 * 60;

impl AccountRow {
    /// Hours that ended `late_min` before `now`.
    fn schedule(&self, now: Timestamp) -> anyhow::Result<Option<Arc<Schedule>>> {
        let Some(late_min) = self.late_min else { return Ok(None) };
        let clock = |before: i64| {
            let minute = (now.millis().div_euclid(60_000) + ZONE_MIN - before).rem_euclid(DAY_MIN);
            format!("{:02}:{:02}", minute / 60, minute % 60)
        };
        let (opens, closes) = (clock(i64::from(late_min) + OPEN_MIN), clock(late_min.into()));
        Ok(Some(Arc::new(format!("zone Asia/Shanghai; Mon-Sun {opens}-{closes}").parse()?)))
    }

    fn admission(&self, now: Timestamp) -> anyhow::Result<Admission> {
        let card = AccountCard {
            address: self.address.clone(),
            phone: self.phone.clone(),
            format: "dc09".into(),
            heartbeat_s: self.heartbeat_s,
            test_interval_s: self.test_interval_s,
            schedule: self.schedule(now)?,
            language: self.language.clone(),
            zones: self.zones.clone(),
            contacts: self.contacts.iter().map(ContactRow::contact).collect::<anyhow::Result<_>>()?,
            instructions: self.instructions.clone(),
            district: self.district.clone(),
            site_type: self.site_type.clone(),
            position: self.position,
            ..AccountCard::new(self.account, self.name.clone())
        };
        Ok(Admission { card, key: self.key_hex.as_deref().map(AccountKey::from_hex).transpose()? })
    }
}

impl ContactRow {
    fn contact(&self) -> anyhow::Result<Contact> {
        let kept = |word: &str| -> anyhow::Result<Codeword> { Ok(Codeword::new(word, auth::salt()?)) };
        Ok(Contact {
            id: self.id,
            name: self.name.clone(),
            phone: self.phone.clone(),
            phones: Vec::new(),
            available: None,
            not_before: None,
            role: self.role.clone(),
            closes_late: self.closes_late,
            codeword: Some(kept(&self.codeword)?),
            duress: self.duress.as_deref().map(kept).transpose()?,
        })
    }
}
