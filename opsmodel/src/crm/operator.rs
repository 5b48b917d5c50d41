//! The card of a person who works at the desk or in the field.

use std::collections::BTreeSet;
use std::sync::Arc;

use alarmcore::{Lang, OperatorId, Rank, Timestamp, UnitId};
use serde::{Deserialize, Serialize};

use super::CardError;
use super::name::{check_name, check_text};
use super::unit::write_names;

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Handles incidents.
    Operator,
    /// Handles incidents, is the second person of an act that needs two, and changes cards.
    Supervisor,
    /// What a supervisor may do; is called last when nobody acts.
    Manager,
    /// Rides with a guard unit and reports from the scene.
    Unit,
}

impl Role {
    /// The word that it is stored and sent as.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Supervisor => "supervisor",
            Self::Manager => "manager",
            Self::Unit => "unit",
        }
    }

    /// May this person do what only supervisors may?
    pub const fn is_supervisor(self) -> bool {
        matches!(self, Self::Supervisor | Self::Manager)
    }

    /// What others of the desk call this person as; `None` for somebody in the field.
    pub const fn rank(self) -> Option<Rank> {
        match self {
            Self::Operator => Some(Rank::Operator),
            Self::Supervisor => Some(Rank::Supervisor),
            Self::Manager => Some(Rank::Manager),
            Self::Unit => None,
        }
    }
}

/// What the centre knows of one of its people. The password has a place of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorCard {
    /// Number; what events name the person by.
    pub id: OperatorId,
    /// Version of the card that this is an edition of; 0 for a card that is not stored yet.
    pub version: u32,
    /// When the person left; the card and its history stay, the log-in does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// The name to log in with, unique among all.
    pub login: String,
    /// The name that others read.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The unit of a [`Role::Unit`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// What the person can do that queues ask for.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub skills: BTreeSet<Arc<str>>,
    /// The languages that the person speaks; where none is named, all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub languages: BTreeSet<Arc<str>>,
    /// Has the person asked that no incidents are offered to them?
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub paused: bool,
}

impl OperatorCard {
    /// Somebody new of whom nothing else is known.
    pub fn new(id: OperatorId, login: impl Into<String>, name: impl Into<String>, role: Role) -> Self {
        let (login, name) = (login.into(), name.into());
        let (skills, languages) = (BTreeSet::new(), BTreeSet::new());
        Self { id, version: 0, closed_at: None, login, name, role, unit: None, skills, languages, paused: false }
    }

    /// What is otherwise on this card than on the one before: what, what stood there, what stands there now. `yes` is said of
    /// whoever paused offers or has left.
    pub fn changes(&self, before: Option<&Self>) -> Vec<(OperatorField, String, String)> {
        let each = OperatorField::ALL.iter().map(|field| {
            let old = before.map(|card| field.text(card)).unwrap_or_default();
            (*field, old, field.text(self))
        });
        each.filter(|(_, old, new)| old != new).collect()
    }

    /// What the desk needs of the card; `None` for somebody who is not at the desk.
    pub fn desk_card(&self) -> Option<alarmcore::OperatorCard> {
        let at_desk = self.closed_at.is_none() && self.role.rank().is_some();
        at_desk.then(|| alarmcore::OperatorCard {
            operator: self.id,
            supervisor: self.role.is_supervisor(),
            skills: self.skills.clone(),
            languages: self.languages.clone(),
            paused: self.paused,
        })
    }

    /// Whether the card can be stored.
    ///
    /// # Errors
    /// What contradicts itself first.
    pub fn check(&self) -> Result<(), CardError> {
        check_name(&self.name)?;
        if self.login.is_empty() || self.login.len() > 64 || self.login.contains(char::is_whitespace) {
            return Err(CardError::Login(self.login.clone()));
        }
        check_text("login", &self.login)?;
        if self.unit.is_some() == (self.role == Role::Unit) { Ok(()) } else { Err(CardError::UnitOfRole) }
    }
}

/// What can change on the card of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OperatorField {
    /// The name to log in with.
    Login,
    /// The name that others read.
    Name,
    /// What the person may do.
    Role,
    /// What the person can do that queues ask for.
    Skills,
    /// The languages that the person speaks.
    Languages,
    /// Whether offers are paused.
    Paused,
    /// Whether the person has left.
    Left,
}

impl OperatorField {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Login, Self::Name, Self::Role, Self::Skills, Self::Languages, Self::Paused, Self::Left];

    /// The label that a person reads.
    pub const fn label(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Login, Lang::En) => "Log-in",
            (Self::Login, Lang::Zh) => "登录名",
            (Self::Name, Lang::En) => "Name",
            (Self::Name, Lang::Zh) => "姓名",
            (Self::Role, Lang::En) => "Role",
            (Self::Role, Lang::Zh) => "角色",
            (Self::Skills, Lang::En) => "Skills",
            (Self::Skills, Lang::Zh) => "技能",
            (Self::Languages, Lang::En) => "Languages",
            (Self::Languages, Lang::Zh) => "语言",
            (Self::Paused, Lang::En) => "Offers paused",
            (Self::Paused, Lang::Zh) => "暂停派单",
            (Self::Left, Lang::En) => "Has left",
            (Self::Left, Lang::Zh) => "已离职",
        }
    }

    fn text(self, card: &OperatorCard) -> String {
        let yes = |so: bool| if so { "yes".to_owned() } else { String::new() };
        match self {
            Self::Login => card.login.clone(),
            Self::Name => card.name.clone(),
            Self::Role => card.role.word().to_owned(),
            Self::Skills => write_names(&card.skills),
            Self::Languages => write_names(&card.languages),
            Self::Paused => yes(card.paused),
            Self::Left => yes(card.closed_at.is_some()),
        }
    }
}
