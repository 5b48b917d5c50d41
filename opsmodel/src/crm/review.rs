//! Review of changes (requirement H2): what a person changes of a card that safety rests on acts at once, and stays pending until
//! another person has looked at it. What is rejected is put back as it was.

use std::collections::BTreeSet;

use alarmcore::{Lang, OperatorId, Timestamp};
use serde::{Deserialize, Serialize};

use super::AccountCard;

/// Changes of a card that nobody else has reviewed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// The last version that needed no review: what is rejected is put back to this.
    pub base: u32,
    /// Since when something is unreviewed.
    pub since: Timestamp,
    /// Who changed something since: none of them can review it. Empty where it was done on the machine itself.
    #[serde(default)]
    pub by: BTreeSet<OperatorId>,
    /// What was changed since.
    pub fields: BTreeSet<CardField>,
    /// Who could cancel an alarm before anything of that was changed; `None` where nothing was, and in records of before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancels: Option<Cancels>,
}

/// Who may cancel an alarm, as it was reviewed: whoever is given the right since has none before another person has looked at it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancels {
    /// Was a list kept? Where one is, whoever is not on it is a stranger.
    pub listed: bool,
    /// Their numbers, without those whose time was over when something was changed.
    pub users: BTreeSet<u32>,
}

macro_rules! card_fields {
    ($($(#[$doc:meta])* $name:ident $field:ident $en:literal $zh:literal,)*) => {
        /// What safety rests on in an account's card.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum CardField { $($(#[$doc])* $name,)* }

        impl CardField {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The label that a person reads.
            pub const fn label(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Self::$name, Lang::En) => $en, (Self::$name, Lang::Zh) => $zh,)* }
            }

            /// Is it otherwise on these two cards?
            pub fn differs(self, one: &AccountCard, other: &AccountCard) -> bool {
                match self { $(Self::$name => one.$field != other.$field,)* }
            }

            fn put_back(self, from: &AccountCard, to: &mut AccountCard) {
                match self { $(Self::$name => to.$field.clone_from(&from.$field),)* }
            }
        }
    };
}

card_fields! {
    /// Where units go.
    Address address "Address" "地址",
    /// Telephone of the site.
    Phone phone "Telephone" "电话",
    /// The site, for which the policy may have rules.
    Site site "Site" "站点",
    /// How often its line is heard.
    Heartbeat heartbeat_s "Heartbeat" "心跳间隔",
    /// How often it reports a test.
    TestInterval test_interval_s "Test interval" "测试间隔",
    /// When its people come and go.
    Schedule schedule "Schedule" "布撤防时间表",
    /// How long a mains loss waits.
    MainsWait mains_wait_s "Wait for mains" "断电等待",
    /// How long its battery lasts.
    Battery battery_hours "Battery" "备用电池时长",
    /// Who may cancel an alarm at the panel.
    CancelUsers cancel_users "Users who may cancel" "可取消报警的用户",
    /// The users of its panel.
    Users users "Users of the panel" "主机用户",
    /// From where its signals may come.
    Sources sources "Allowed sources" "允许的来源",
    /// What else it is expected to send.
    Expectations expectations "Expectations" "应到信号",
    /// Where it is, for storms over a district.
    District district "District" "区域",
    /// Which feeder of the mains it hangs on.
    Feeder feeder "Mains feeder" "供电线路",
    /// Who carries its line.
    Carrier carrier "Carrier" "运营商",
    /// What kind of site it is.
    SiteType site_type "Kind of site" "场所类型",
    /// The language of its people.
    Language language "Language" "语言",
    /// Where it lies, for the choice of units.
    Position position "Position" "经纬度",
    /// What lowers its protection by agreement.
    Agreed agreed "Suspended or log only" "暂停服务或只记录",
    /// What its zones watch.
    Zones zones "Zones" "防区",
    /// Whom to call.
    Contacts contacts "Contacts" "联系人",
    /// Whether they take turns in being called first.
    Rotate rotate "Taking turns" "轮流先呼",
    /// What the site has that rules ask for.
    Features features "What the site has" "现场条件",
    /// What whoever handles an alarm must know.
    Instructions instructions "Instructions" "处警须知",
}

impl CardField {
    /// What the card says there, as a person reads it; of codewords only that there is one, and which setting of it. Empty for nothing.
    pub fn text(self, card: &AccountCard) -> String {
        let seconds = |value: Option<u32>| value.map(|value| format!("{value} s")).unwrap_or_default();
        let name = |value: Option<&str>| value.unwrap_or_default().to_owned();
        match self {
            Self::Address => card.address.clone(),
            Self::Phone => card.phone.clone(),
            Self::Site => card.site.clone(),
            Self::Heartbeat => seconds(card.heartbeat_s),
            Self::TestInterval => seconds(card.test_interval_s),
            Self::Schedule => card.schedule.as_ref().map(|schedule| schedule.to_string()).unwrap_or_default(),
            Self::MainsWait => seconds(card.mains_wait_s),
            Self::Battery => card.battery_hours.map(|hours| format!("{hours} h")).unwrap_or_default(),
            Self::CancelUsers => {
                let users = card.cancel_users.iter().flatten().map(u32::to_string);
                users.collect::<Vec<_>>().join(" ")
            }
            Self::Users => card.users.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "),
            Self::Sources => card.sources.as_ref().map(|sources| sources.to_string()).unwrap_or_default(),
            Self::Expectations => card.expected().iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "),
            Self::District => name(card.district.as_deref()),
            Self::Feeder => name(card.feeder.as_deref()),
            Self::Carrier => name(card.carrier.as_deref()),
            Self::SiteType => name(card.site_type.as_deref()),
            Self::Language => name(card.language.as_deref()),
            Self::Position => card.position.map(|position| position.to_string()).unwrap_or_default(),
            Self::Agreed => {
                let one = |one: &super::Agreed| {
                    let word = one.lowers.kind();
                    let state = if one.approved.is_some() { "" } else { " (proposed)" };
                    let (what, from, until) = (one.what(Lang::En), one.from, one.until);
                    format!("{} {word}: {what}, {from} to {until}, {}{state}", one.number, one.reason)
                };
                card.agreed().iter().map(one).collect::<Vec<_>>().join("; ")
            }
            Self::Zones => {
                let zones: Vec<String> =
                    card.zones.iter().map(|zone| format!("{} {}", zone.number, zone.name)).collect();
                zones.join("; ")
            }
            Self::Contacts => {
                let contact = |contact: &super::Contact| {
                    let words = [(&contact.codeword, "codeword"), (&contact.duress, "duress")];
                    let words =
                        words.iter().filter_map(|(word, name)| Some(format!(" +{name} {}", word.as_ref()?.mark())));
                    format!("{contact}{}", words.collect::<String>())
                };
                card.contacts.iter().map(contact).collect::<Vec<_>>().join(" | ")
            }
            Self::Rotate => {
                if card.rotate {
                    "yes".to_owned()
                } else {
                    String::new()
                }
            }
            Self::Features => card.features.iter().map(|feature| feature.as_str()).collect::<Vec<_>>().join(" "),
            Self::Instructions => card.instructions.clone(),
        }
    }
}

impl AccountCard {
    /// This card as somebody wants it instead of `before`, with what is now to be reviewed marked on it.
    pub(crate) fn changed_from(mut self, before: &Self, by: Option<OperatorId>, at: Timestamp) -> Self {
        let fields = CardField::ALL.iter().copied().filter(|field| field.differs(before, &self));
        let fields: BTreeSet<CardField> = fields.collect();
        self.pending.clone_from(&before.pending);
        // An end raises protection: only what is proposed waits for a second person.
        let fields: BTreeSet<CardField> =
            fields.into_iter().filter(|field| *field != CardField::Agreed || self.has_unapproved()).collect();
        let proposed = self.has_unapproved();
        if let Some(pending) = self.pending.as_mut().filter(|_| !proposed) {
            pending.fields.remove(&CardField::Agreed);
        }
        self.pending = self.pending.take().filter(|pending| !pending.fields.is_empty());
        if !fields.is_empty() {
            let base = before.version;
            let fresh = || Pending { base, since: at, by: BTreeSet::new(), fields: BTreeSet::new(), cancels: None };
            let pending = self.pending.get_or_insert_with(fresh);
            let of_rights = |fields: &BTreeSet<CardField>| {
                fields.contains(&CardField::CancelUsers) || fields.contains(&CardField::Users)
            };
            if of_rights(&fields) && !of_rights(&pending.fields) {
                pending.cancels = Some(before.cancels_at(at));
            }
            pending.fields.extend(fields);
            pending.by.extend(by);
        }
        self
    }

    /// This card after somebody said that what is pending is in order.
    pub(crate) fn approved(mut self, by: OperatorId, at: Timestamp) -> Self {
        self.agree(by, at);
        Self { pending: None, ..self }
    }

    /// This card with everything that is pending put back as it was on `base`.
    pub(crate) fn put_back(mut self, base: &Self) -> Self {
        for field in self.pending.take().into_iter().flat_map(|pending| pending.fields) {
            match field {
                // What was agreed to or ended since stays: only what was proposed goes.
                CardField::Agreed => self.disagree(),
                other => other.put_back(base, &mut self),
            }
        }
        self
    }
}
