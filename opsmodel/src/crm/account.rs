//! The card of an account: the site behind a number, its zones, and whom to call.

use std::collections::BTreeSet;
use std::sync::Arc;

use alarmcore::{
    AreaNames, ContactId, Expectation, ExpectationsError, Feature, Lang, NumberId, Position, Schedule, Sources,
    Timestamp,
};
use contactid::AccountNumber;
use serde::{Deserialize, Serialize};

use super::call_list::digits;
use super::lowering::{Agreed, AgreedError};
use super::name::{check_name, check_text};
use super::{Codeword, PanelUser, Pending};

/// What the centre knows of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountCard {
    /// The number that its panel reports under.
    pub account: AccountNumber,
    /// Version of the card that this is an edition of; 0 for a card that is not stored yet.
    pub version: u32,
    /// When the account was closed; its card and history stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<Timestamp>,
    /// Who is protected: a person, a shop, a bank's branch.
    pub name: String,
    /// Where units go.
    #[serde(default)]
    pub address: String,
    /// Since when that is its address; `None` on cards on which it was never changed since this is kept. The store says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_since: Option<Timestamp>,
    /// Telephone of the site itself.
    #[serde(default)]
    pub phone: String,
    /// The site that it belongs to, by name; several accounts may be of one, and the policy may have rules for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub site: String,
    /// How its panel speaks: `ADM-CID`, `SIA-DCS`. Only for people; every format is read.
    #[serde(default)]
    pub format: String,
    /// Seconds between two signs of life of its panel; `None` when it is not supervised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heartbeat_s: Option<u32>,
    /// How often its panel reports a test, in seconds; `None` when none is expected of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_interval_s: Option<u32>,
    /// What the site has that rules ask for: video, a guard, buttons that are linked to the police.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub features: BTreeSet<Feature>,
    /// When its people come and go: hours, holidays, vacations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Arc<Schedule>>,
    /// How long a mains loss here waits for its restore, in seconds, where it differs from the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mains_wait_s: Option<u32>,
    /// How long its battery lasts, in hours, where it differs from the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub battery_hours: Option<u32>,
    /// The users of its panel who may cancel an alarm; `None` when no such list is kept. Whoever cancels and is not on it
    /// raises the alarm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_users: Option<BTreeSet<u32>>,
    /// The users of its panel by name, and what each may do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<PanelUser>,
    /// From where its signals may come: addresses, networks and numbers that call; `None` when no such list is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<Arc<Sources>>,
    /// What else it is expected to send: rounds of guards, ways in and out, people who are alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expectations: Option<Arc<Vec<Expectation>>>,
    /// Where it is, by a name that accounts share: a storm is over one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub district: Option<Arc<str>>,
    /// Which feeder of the mains it hangs on, by such a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feeder: Option<Arc<str>>,
    /// Who carries its line, by such a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Arc<str>>,
    /// What kind of site it is, by such a name: `bank`, `school`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_type: Option<Arc<str>>,
    /// The language that its people speak, by such a name: queues are told by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Arc<str>>,
    /// Where it lies, in degrees: units travel to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// What lowers its protection by agreement, in the order in which it was proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<Box<Vec<Agreed>>>,
    /// The last number that one of those ever had.
    #[serde(default, skip_serializing_if = "super::is_nought")]
    pub agreed_last: u32,
    /// What its zones watch.
    #[serde(default)]
    pub zones: Vec<Zone>,
    /// Whom to call, in the order to call them.
    #[serde(default)]
    pub contacts: Vec<Contact>,
    /// Do they take turns in being called first?
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub rotate: bool,
    /// Its telephone numbers, told apart by ids that stay with them, where their order on the card does not say it alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub numbers: Vec<(NumberId, String)>,
    /// What whoever handles an alarm here must know: the dog, the back door, the night guard.
    #[serde(default)]
    pub instructions: String,
    /// What a person changed of it and nobody else has reviewed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
}

/// One zone of a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// The number that the panel reports.
    pub number: u32,
    /// What it watches: `back door`, `vault`.
    pub name: String,
}

/// A person on the call list of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Number on this card; what events name the person by.
    pub id: ContactId,
    /// Name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Further numbers, to be tried after the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// When they may be called, in the time zone of the line; always where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<Arc<Schedule>>,
    /// They are not to be called before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Timestamp>,
    /// What they are to the site: owner, keyholder, guard.
    #[serde(default)]
    pub role: String,
    /// They may say that the site is closed later than its hours, or not at all that day.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub closes_late: bool,
    /// What they must say to be believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codeword: Option<Codeword>,
    /// What they say when somebody threatens them: it sounds like a codeword and means the opposite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duress: Option<Codeword>,
}

/// Why a card cannot be stored as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.label(Lang::En))]
#[non_exhaustive]
pub enum CardError {
    /// A card needs a name.
    NoName,
    /// Longer than anybody reads at night.
    Long {
        /// Which field.
        field: &'static str,
        /// How many characters were found.
        characters: usize,
    },
    /// A character that nobody sees, or that turns round what stands beside it: two names that look alike would be two people.
    Unseen {
        /// In which field.
        field: &'static str,
        /// Which.
        character: char,
    },
    /// A test interval that no panel has.
    TestInterval(u32),
    /// A name that accounts are to share, and hardly will.
    AreaName {
        /// Of which field.
        field: &'static str,
        /// What was found.
        name: String,
    },
    /// Two of its expectations cannot be told apart, or there are too many.
    Expectations(#[from] ExpectationsError),
    /// Two zones have one number.
    ZoneTwice(u32),
    /// A user of the panel has no name, or the number 0.
    PanelUser(u32),
    /// Two users of the panel have one number.
    PanelUserTwice(u32),
    /// More users of the panel than a card takes.
    PanelUsers(usize),
    /// Two contacts have one number.
    ContactTwice(ContactId),
    /// Protection cannot be lowered so.
    Agreed(#[from] AgreedError),
    /// Nothing of the card waits for a review.
    NothingPending,
    /// Whoever changed something cannot review it.
    OwnChange,
    /// Contact 0 stands for the site itself.
    ContactOfSite,
    /// Travel to a district that cannot be read.
    Travel(String),
    /// An operator needs a log-in name: 1 to 64 characters without spaces.
    Login(String),
    /// A role that goes with a unit needs to name it, and no other role may.
    UnitOfRole,
    /// A hand-over takes two.
    OnePersonForBoth,
}

impl CardError {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::NoName, Lang::En) => "the card has no name".into(),
            (Self::NoName, Lang::Zh) => "档案没有名称".into(),
            (Self::Long { field, characters }, Lang::En) => {
                format!("{field}: at most {} characters, found {characters}", AccountCard::TEXT_MAX)
            }
            (Self::Long { field, characters }, Lang::Zh) => {
                format!("{field}：最多 {} 个字符，现为 {characters}", AccountCard::TEXT_MAX)
            }
            (Self::Unseen { field, character }, Lang::En) => {
                format!("{field}: U+{:04X} cannot be seen; write it without, in one line", u32::from(*character))
            }
            (Self::Unseen { field, character }, Lang::Zh) => {
                format!("{field}：含不可见字符 U+{:04X}，请删去并写成一行", u32::from(*character))
            }
            (Self::TestInterval(found), Lang::En) => {
                let max = AccountCard::TEST_INTERVAL_MAX_S;
                format!("test_interval_s: expected 1 to {max} seconds, found {found}")
            }
            (Self::TestInterval(found), Lang::Zh) => {
                format!("测试间隔应为 1 至 {} 秒，现为 {found}", AccountCard::TEST_INTERVAL_MAX_S)
            }
            (Self::AreaName { field, name }, Lang::En) => {
                let max = AccountCard::AREA_NAME_MAX;
                format!("{field}: expected 1 to {max} characters without spaces around them, found {name:?}")
            }
            (Self::AreaName { field, name }, Lang::Zh) => {
                let max = AccountCard::AREA_NAME_MAX;
                format!("{field}：应为 1 至 {max} 个字符，首尾无空格，现为 {name:?}")
            }
            (Self::Expectations(error), Lang::En) => format!("expectations: {}", error.label(lang)),
            (Self::Expectations(error), Lang::Zh) => format!("应到信号：{}", error.label(lang)),
            (Self::ZoneTwice(zone), Lang::En) => format!("zone {zone} is listed twice"),
            (Self::ZoneTwice(zone), Lang::Zh) => format!("防区 {zone} 重复"),
            (Self::PanelUser(user), Lang::En) => {
                format!("user {user} of the panel: a number from 1 and a name are needed")
            }
            (Self::PanelUser(user), Lang::Zh) => format!("主机用户 {user}：须有从 1 起的编号和姓名"),
            (Self::PanelUserTwice(user), Lang::En) => format!("user {user} of the panel is listed twice"),
            (Self::PanelUserTwice(user), Lang::Zh) => format!("主机用户 {user} 重复"),
            (Self::PanelUsers(found), Lang::En) => {
                format!("{found} users of the panel: a card takes {}", PanelUser::MAX)
            }
            (Self::PanelUsers(found), Lang::Zh) => format!("共 {found} 名主机用户，一份档案最多 {} 名", PanelUser::MAX),
            (Self::ContactTwice(contact), Lang::En) => format!("contact {contact} is listed twice"),
            (Self::ContactTwice(contact), Lang::Zh) => format!("联系人 {contact} 重复"),
            (Self::Agreed(error), _) => error.label(lang),
            (Self::NothingPending, Lang::En) => "nothing of this card waits for a review".into(),
            (Self::NothingPending, Lang::Zh) => "该档案没有待复核的内容".into(),
            (Self::OwnChange, Lang::En) => "whoever changed it cannot review it: another person must".into(),
            (Self::OwnChange, Lang::Zh) => "修改者本人不能复核，须由另一人复核".into(),
            (Self::ContactOfSite, Lang::En) => "contact 0 is the site itself: number people from 1".into(),
            (Self::ContactOfSite, Lang::Zh) => "联系人 0 指现场本身，人员请从 1 起编号".into(),
            (Self::Travel(found), Lang::En) => {
                format!("travel: expected a district and seconds, as in East=300, found {found:?}")
            }
            (Self::Travel(found), Lang::Zh) => format!("路程：应为区域和秒数，如 城东=300，现为 {found:?}"),
            (Self::Login(found), Lang::En) => {
                format!("{found:?} is no log-in name: 1 to 64 characters without spaces")
            }
            (Self::Login(found), Lang::Zh) => format!("{found:?} 不是登录名：应为 1 至 64 个字符，不含空格"),
            (Self::UnitOfRole, Lang::En) => {
                "an operator names a unit if, and only if, the role is that of a unit".into()
            }
            (Self::UnitOfRole, Lang::Zh) => "仅当角色为处置单元时才须指明所属单元".into(),
            (Self::OnePersonForBoth, Lang::En) => {
                "the one who goes and the one who comes sign a hand-over, not one person for both".into()
            }
            (Self::OnePersonForBoth, Lang::Zh) => "交接班须由交班人和接班人分别签名，不能由一人代签".into(),
        }
    }
}

impl AccountCard {
    /// The longest interval between two tests that is believed, in seconds: a year.
    pub const TEST_INTERVAL_MAX_S: u32 = 366 * 24 * 3600;
    /// The longest name of a district, feeder, carrier or kind of site, in characters.
    pub const AREA_NAME_MAX: usize = 64;
    /// The longest name, address or telephone, in characters.
    pub const TEXT_MAX: usize = 300;

    /// A card with a number and a name and nothing else, not stored yet.
    pub fn new(account: AccountNumber, name: impl Into<String>) -> Self {
        Self {
            account,
            version: 0,
            closed_at: None,
            name: name.into(),
            address: String::new(),
            address_since: None,
            phone: String::new(),
            site: String::new(),
            format: String::new(),
            heartbeat_s: None,
            test_interval_s: None,
            features: BTreeSet::new(),
            schedule: None,
            mains_wait_s: None,
            battery_hours: None,
            cancel_users: None,
            users: Vec::new(),
            sources: None,
            expectations: None,
            position: None,
            district: None,
            feeder: None,
            carrier: None,
            site_type: None,
            agreed: None,
            agreed_last: 0,
            language: None,
            zones: Vec::new(),
            contacts: Vec::new(),
            rotate: false,
            numbers: Vec::new(),
            instructions: String::new(),
            pending: None,
        }
    }

    /// Its different telephone numbers as digits, the site's first, each with its id.
    pub fn numbered(&self) -> Vec<(NumberId, String)> {
        let phones = [self.phone.as_str()].into_iter().chain(self.contacts.iter().flat_map(Contact::phones));
        let mut last = self.numbers.iter().map(|(id, _)| id.get()).max().unwrap_or(0);
        let mut numbered: Vec<(NumberId, String)> = Vec::new();
        for digits in phones.map(digits).filter(|digits| !digits.is_empty()) {
            if numbered.iter().all(|(_, known)| *known != digits) {
                let known = self.numbers.iter().find(|(_, known)| *known == digits).map(|(id, _)| *id);
                let id = known.unwrap_or_else(|| {
                    last += 1;
                    NumberId::new(last)
                });
                numbered.push((id, digits));
            }
        }
        numbered
    }

    /// The card with its numbers told apart from those of the edition before: what stays keeps its id, what is new gets
    /// one that no number had.
    pub fn renumbered(&self, before: &Self) -> Self {
        let mut known = before.numbers.clone();
        known.extend(before.numbered().into_iter().filter(|one| !before.numbers.contains(one)));
        let told = Self { numbers: known, ..self.clone() };
        let by_order = Self { numbers: Vec::new(), ..self.clone() };
        // As long as their order says the same, nothing is written down.
        if before.numbers.is_empty() && told.numbered().starts_with(&before.numbered()) {
            return by_order;
        }
        // Numbers that are gone keep their id, and lose their digits.
        let kept = told.numbered();
        let gone = told.numbers.iter().map(|(id, _)| *id).filter(|id| kept.iter().all(|(other, _)| other != id));
        let gone: Vec<_> = gone.map(|id| (id, String::new())).collect();
        Self { numbers: kept.into_iter().chain(gone).collect(), ..told }
    }

    /// What it is expected to send besides tests and heartbeats.
    pub fn expected(&self) -> &[Expectation] {
        self.expectations.as_ref().map(|all| all.as_slice()).unwrap_or_default()
    }

    /// The card with these expectations in place of its own; those that it has already hold since when they did, and the others
    /// from `at` on.
    #[must_use]
    pub fn expecting(self, wanted: &[Expectation], at: Timestamp) -> Self {
        let dated = Expectation::dated(wanted, self.expected(), at);
        Self { expectations: (!dated.is_empty()).then(|| Arc::new(dated)), ..self }
    }

    /// What the desk needs of the card.
    pub fn desk_card(&self) -> alarmcore::AccountCard {
        alarmcore::AccountCard {
            account: self.account,
            heartbeat_s: self.heartbeat_s,
            test_interval_s: self.test_interval_s,
            schedule: self.schedule.clone(),
            mains_wait_s: self.mains_wait_s,
            cancel_users: self.may_cancel().map(Arc::new),
            user_rights: self.user_rights().collect(),
            sources: self.sources.clone(),
            late_closers: self
                .contacts
                .iter()
                .filter(|contact| contact.closes_late)
                .map(|contact| contact.id)
                .collect(),
            expectations: self.expectations.clone(),
            position: self.position,
            address_since: self.address_since,
            site: Some(self.site.trim()).filter(|site| !site.is_empty()).map(|site| Arc::new(site.to_owned())),
            features: self.features.iter().copied().collect(),
            lowerings: self.agreed().iter().filter_map(Agreed::desk_lowering).collect(),
            areas: AreaNames {
                district: self.district.clone(),
                feeder: self.feeder.clone(),
                carrier: self.carrier.clone(),
                site_type: self.site_type.clone(),
                language: self.language.clone(),
            }
            .into(),
        }
    }

    /// Whether the card can be stored.
    ///
    /// # Errors
    /// What contradicts itself first.
    pub fn check(&self) -> Result<(), CardError> {
        check_name(&self.name)?;
        for (field, text) in [("address", &self.address), ("phone", &self.phone), ("site", &self.site)] {
            check_text(field, text)?;
        }
        let interval = self.test_interval_s.filter(|interval| !(1..=Self::TEST_INTERVAL_MAX_S).contains(interval));
        if let Some(interval_s) = interval {
            return Err(CardError::TestInterval(interval_s));
        }
        let names = [
            ("district", &self.district),
            ("feeder", &self.feeder),
            ("carrier", &self.carrier),
            ("site_type", &self.site_type),
            ("language", &self.language),
        ];
        for (field, name) in names.into_iter().filter_map(|(field, name)| Some((field, name.as_deref()?))) {
            if name.trim() != name || name.is_empty() || name.chars().count() > Self::AREA_NAME_MAX {
                return Err(CardError::AreaName { field, name: name.to_owned() });
            }
            check_text(field, name)?;
        }
        Expectation::check_all(self.expected())?;
        for (index, zone) in self.zones.iter().enumerate() {
            if self.zones[..index].iter().any(|other| other.number == zone.number) {
                return Err(CardError::ZoneTwice(zone.number));
            }
        }
        self.check_users()?;
        for (index, contact) in self.contacts.iter().enumerate() {
            check_name(&contact.name)?;
            if contact.id == ContactId::SITE {
                return Err(CardError::ContactOfSite);
            }
            if self.contacts[..index].iter().any(|other| other.id == contact.id) {
                return Err(CardError::ContactTwice(contact.id));
            }
        }
        Ok(())
    }
}
