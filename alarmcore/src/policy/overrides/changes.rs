//! What an override can say: which keys there are, how they lie over less specific rules, and which rules rest on them.

use std::collections::{BTreeMap, BTreeSet};

use contactid::{AccountNumber, Class, Code, Signal};
use serde::{Deserialize, Serialize};

use super::part::{
    ArrivalPart, AvsPart, CancelPart, ConfirmPart, ExpectPart, HandOffPart, HoldPart, LateClosePart, RecentPart,
    RestPart, RunawayPart, SchedulePart, SwingerPart, TestPart, UnrestoredPart, VerifyPart,
};
use super::{Covers, Override, OverrideError, is_default};
use crate::disposition::Rule;
use crate::incident::{Authority, Kind};
use crate::pack::ClauseRule;
use crate::policy::{EscalationStep, Handling, OrdinaryClass, OrdinaryCode, Policy};
use crate::time::Timestamp;

/// The same keys twice: as they are kept, and flat beside the names of whom they are for, as a file writes them.
macro_rules! changes {
    ($($(#[$doc:meta])* $key:ident: $kind:ty,)*) => {
        /// What an override can say otherwise. There is no way to keep life safety from anybody by it.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Changes {
            $($(#[$doc])* #[serde(skip_serializing_if = "is_default")] pub $key: $kind,)*
        }

        /// An override as the file writes it: for whom and what beside each other.
        #[derive(Clone, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(in crate::policy) struct Written {
            #[serde(default, skip_serializing_if = "Option::is_none")]
            accounts: Option<BTreeSet<AccountNumber>>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            site: Option<String>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            site_type: Option<String>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            district: Option<String>,
            #[serde(default, skip_serializing_if = "Option::is_none")]
            owner: Option<String>,
            #[serde(default, with = "super::until", skip_serializing_if = "Option::is_none")]
            until: Option<Timestamp>,
            $(#[serde(default, skip_serializing_if = "is_default")] $key: $kind,)*
        }

        impl TryFrom<Written> for Override {
            type Error = OverrideError;

            fn try_from(written: Written) -> Result<Self, OverrideError> {
                let Written { accounts, site, site_type, district, owner, until, $($key,)* } = written;
                let owner = owner.map(|owner| owner.trim().to_owned()).filter(|owner| !owner.is_empty());
                let covers = Covers::one_of(accounts, [site, site_type, district])?;
                let changes = Changes { $($key,)* };
                if is_default(&changes) { Err(OverrideError::Nothing) } else { Ok(Self { covers, changes, owner, until }) }
            }
        }

        impl From<Override> for Written {
            fn from(Override { covers, changes: Changes { $($key,)* }, owner, until }: Override) -> Self {
                let (accounts, [site, site_type, district]) = match covers {
                    Covers::Accounts(accounts) => (Some(accounts), [None, None, None]),
                    Covers::Site(site) => (None, [Some(site), None, None]),
                    Covers::SiteType(kind) => (None, [None, Some(kind), None]),
                    Covers::District(district) => (None, [None, None, Some(district)]),
                };
                Self { accounts, site, site_type, district, owner, until, $($key,)* }
            }
        }

        impl Changes {
            /// The keys of the policy that it says something of, as the file names them.
            pub fn keys(&self) -> Vec<&'static str> {
                let all = [$((stringify!($key), !is_default(&self.$key)),)*];
                all.into_iter().filter_map(|(key, said)| said.then_some(key)).collect()
            }
        }
    };
}

changes! {
    /// Within how many seconds a unit must accept.
    offer_accept_s: Option<u32>,
    /// In place of what is said of these classes, and of their codes unless they are named too.
    classes: BTreeMap<OrdinaryClass, Handling>,
    /// In place of what is said of these codes.
    codes: BTreeMap<OrdinaryCode, Handling>,
    /// When a panel runs away.
    runaway: RunawayPart,
    /// When a zone swings.
    swinger: SwingerPart,
    /// What confirms an intrusion.
    confirm: ConfirmPart,
    /// What is done with an intrusion soon after an opening or closing.
    recent: RecentPart,
    /// Who is reminded of what does not restore.
    unrestored: UnrestoredPart,
    /// What is done about openings and closings out of schedule.
    schedule: SchedulePart,
    /// How long it may be on test.
    on_test: TestPart,
    /// What a cancel at the panel does.
    cancel: CancelPart,
    /// What it is expected to send.
    expect: ExpectPart,
    /// What people are asked whose site is not closed in time.
    late_close: LateClosePart,
    /// For how long its incidents may be on hold.
    hold: HoldPart,
    /// Who is called when nobody acts: in place of the whole chain; an empty one for nobody.
    escalation: Option<Vec<EscalationStep>>,
    /// What must be tried before the police are asked for.
    verify: VerifyPart,
    /// To whom real alarms of these kinds go without the owner's wish.
    without_wish: BTreeMap<Kind, BTreeSet<Authority>>,
    /// How long authorities may take.
    hand_off: HandOffPart,
    /// How long a unit that has accepted may take to arrive.
    arrival: ArrivalPart,
    /// For how long an incident that somebody has in hand may rest.
    rest: RestPart,
    /// Whether incidents say their level of AVS-01.
    avs: AvsPart,
    /// The rule packs that are in force for them besides those of the centre, and lie under what is said here.
    packs: Vec<String>,
    /// What the clauses of those packs, and rules of their own, switch on.
    rules: Vec<ClauseRule>,
}

impl Changes {
    /// Writes itself over the rules that are less specific.
    pub(super) fn apply(&self, rules: &mut Policy) {
        let class_of = |code: &OrdinaryCode| OrdinaryClass(Code::from(*code).class());
        rules.codes.retain(|code, _| !self.classes.contains_key(&class_of(code)));
        rules.classes.extend(&self.classes);
        rules.codes.extend(&self.codes);
        self.runaway.apply(&mut rules.runaway);
        self.swinger.apply(&mut rules.swinger);
        self.confirm.apply(&mut rules.confirm);
        self.recent.apply(&mut rules.recent);
        self.cancel.apply(&mut rules.cancel);
        self.unrestored.apply(&mut rules.unrestored);
        self.hold.apply(&mut rules.hold);
        if let Some(chain) = &self.escalation {
            rules.escalation.clone_from(chain);
        }
        rules.offer_accept_s = self.offer_accept_s.unwrap_or(rules.offer_accept_s);
        self.on_test.apply(&mut rules.on_test);
        self.expect.apply(&mut rules.expect);
        self.schedule.apply(&mut rules.schedule);
        self.late_close.apply(&mut rules.late_close);
        self.verify.apply(&mut rules.verify);
        rules.without_wish.extend(self.without_wish.clone());
        self.hand_off.apply(&mut rules.hand_off);
        self.arrival.apply(&mut rules.arrival);
        self.rest.apply(&mut rules.rest);
        self.avs.apply(&mut rules.avs);
        let more: Vec<String> = self.packs.iter().filter(|pack| !rules.packs.contains(pack)).cloned().collect();
        rules.packs.extend(more);
        rules.rules.retain(|one| self.rules.iter().all(|own| own.clause != one.clause));
        rules.rules.extend(self.rules.iter().cloned());
    }

    /// Does what this rule decides of this signal rest on something that stands here?
    pub(in crate::policy) fn decide(&self, rule: Rule, signal: Option<&Signal>) -> bool {
        let names = |signal: &Signal| {
            let class: Class = signal.class();
            self.codes.contains_key(&OrdinaryCode(signal.code)) || self.classes.contains_key(&OrdinaryClass(class))
        };
        match rule {
            Rule::ClassShown
            | Rule::ClassLogged
            | Rule::CodeShown
            | Rule::CodeLogged
            | Rule::RestoreWait
            | Rule::RestoreWaitOver
            | Rule::CancelWait
            | Rule::CancelWaitOver
            | Rule::CancelWaitConfirmed
            | Rule::CancelWaitThreat => signal.is_some_and(names),
            Rule::Runaway | Rule::RunawayLogged | Rule::RunawayOver => !is_default(&self.runaway),
            Rule::SwingerLogged => !is_default(&self.swinger),
            Rule::Unconfirmed => self.confirm.unconfirmed.is_some(),
            Rule::TwoPaths => self.confirm.two_paths.is_some(),
            Rule::RecentOpening | Rule::RecentOpeningLogged => {
                let RecentPart { opening_s, priority, log, .. } = &self.recent;
                opening_s.is_some() || priority.is_some() || log.is_some()
            }
            Rule::RecentClosing | Rule::RecentClosingLogged => {
                let RecentPart { closing_s, priority, log, .. } = &self.recent;
                closing_s.is_some() || priority.is_some() || log.is_some()
            }
            Rule::BeforeClosing => self.recent.before_closing_s.is_some() || self.recent.priority.is_some(),
            Rule::CancelAllowed => self.cancel.within_s.is_some() || self.cancel.priority.is_some(),
            Rule::CancelStranger => self.cancel.stranger.is_some(),
            Rule::UnexpectedOpen => self.schedule.unexpected_open.is_some() || self.schedule.early_open_s.is_some(),
            Rule::UserOpen => self.schedule.user_open.is_some(),
            Rule::ExpiredUser => self.schedule.expired_user.is_some(),
            Rule::UnlistedUser => self.schedule.unlisted_user.is_some(),
            Rule::OpenAgain => self.schedule.open_again.is_some(),
            Rule::EarlyOpen => self.schedule.early_open.is_some() || self.schedule.early_open_s.is_some(),
            Rule::LateOpen => self.schedule.late_open.is_some(),
            Rule::EarlyClose => self.schedule.early_close.is_some(),
            Rule::LateClose => self.schedule.late_close.is_some(),
            // Whatever came of the question: that it was asked.
            Rule::LateCloseAsked
            | Rule::LateCloseUnanswered
            | Rule::LateCloseStillOpen
            | Rule::LateCloseStranger
            | Rule::LateCloseUnsent
            | Rule::LateCloseArm
            | Rule::LateCloseNotToday
            | Rule::LateCloseClosed => !is_default(&self.late_close),
            // Nothing of these stands in an override.
            _ => false,
        }
    }
}
