//! Which keys of the policy a decision rests on: the one list from rules, and from what happens to incidents, to keys.

use std::borrow::Cow;

use contactid::{Class, Code};

use super::{OrdinaryCode, Policy};
use crate::disposition::Rule;
use crate::expect::Expected;
use crate::incident::RaiseReason;

impl Rule {
    /// The keys of a policy file that it decides by, as `confirm.within_s`; none of a rule that no key moves. What is said of a class
    /// or code is another matter: see [`Policy::keys_of`].
    pub const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::LifeSafety
            | Self::ClassShown
            | Self::ClassLogged
            | Self::CodeShown
            | Self::CodeLogged
            | Self::RestoreWait
            | Self::RestoreWaitOver
            | Self::RestoreWaitRestored
            | Self::RestoreWaitAgain
            | Self::CancelWait
            | Self::CancelWaitOver
            | Self::CancelWaitConfirmed
            | Self::CancelWaitThreat
            | Self::BesideDanger
            | Self::CancelWaitRestore
            | Self::RestoreJoined
            | Self::RestoreLogged
            | Self::CancelJoined
            | Self::CancelInTime
            | Self::CancelLogged
            | Self::LateCloseAllowed
            | Self::ExpectedMissing
            | Self::OnTest
            | Self::OnTestOver
            | Self::Suspended
            | Self::SuspendedOver
            | Self::SuspendedLifeSafety
            | Self::LogOnly
            | Self::LogOnlyOver
            | Self::OverrideOver
            | Self::StormDismissed
            | Self::Duplicate
            | Self::CentreLogged => &[],
            Self::RestoreOverdue => &["unrestored.within_s", "unrestored.priority"],
            Self::CancelAllowed => &["cancel.within_s", "cancel.priority"],
            Self::CancelStranger => &["cancel.stranger"],
            Self::UnexpectedOpen => &["schedule.unexpected_open", "schedule.early_open_s"],
            Self::UserOpen => &["schedule.user_open"],
            Self::ExpiredUser => &["schedule.expired_user"],
            Self::UnlistedUser => &["schedule.unlisted_user"],
            Self::OpenAgain => &["schedule.open_again"],
            Self::EarlyOpen => &["schedule.early_open", "schedule.early_open_s"],
            Self::LateOpen => &["schedule.late_open"],
            Self::EarlyClose => &["schedule.early_close"],
            Self::LateClose => &["schedule.late_close"],
            Self::LateCloseAsked
            | Self::LateCloseUnanswered
            | Self::LateCloseStillOpen
            | Self::LateCloseStranger
            | Self::LateCloseUnsent
            | Self::LateCloseArm
            | Self::LateCloseNotToday
            | Self::LateCloseClosed => &[
                "late_close.answer_within_s",
                "late_close.extend_max_s",
                "late_close.extensions",
                "late_close.not_today_s",
            ],
            Self::StormGrouped | Self::StormRestored => &[
                "storm.times",
                "storm.accounts",
                "storm.window_s",
                "storm.normal_per_thousand",
                "storm.lasts_s",
                "storm.priority",
            ],
            Self::Repeat => &["repeat_window_s"],
            Self::Runaway => &["runaway.signals", "runaway.silence_s", "runaway.priority"],
            Self::RunawayLogged | Self::RunawayOver => &["runaway.signals", "runaway.silence_s"],
            Self::SwingerLogged => &["swinger.trips", "swinger.rest_s"],
            Self::Unconfirmed => &["confirm.unconfirmed"],
            Self::TwoPaths => &["confirm.two_paths", "confirm.within_s", "confirm.priority"],
            Self::RecentOpening | Self::RecentOpeningLogged => &["recent.opening_s", "recent.priority", "recent.log"],
            Self::RecentClosing | Self::RecentClosingLogged => &["recent.closing_s", "recent.priority", "recent.log"],
            Self::BeforeClosing => &["recent.before_closing_s", "recent.priority"],
            Self::CentreFault => &["self_watch.priority"],
            Self::UnknownAccount => &["unknown_account", "unknown_accounts_shown"],
            Self::UnknownCode => &["unknown_code"],
            Self::Undeciphered | Self::Unread | Self::StaleClock => &["security"],
            Self::PlainDespiteKey => &["security", "plain_despite_key"],
            Self::StrangeSource => &["security", "source.again_s"],
            Self::NotWeighed => &["source.strange_weighs"],
            Self::ChangedSource => &["security", "source.changed", "source.again_s"],
        }
    }
}

impl RaiseReason {
    /// The keys by which it confirms an intrusion or a hold-up; none of any other reason.
    pub const fn confirming_keys(self) -> &'static [&'static str] {
        match self {
            Self::CrossZone => &["confirm.zones", "confirm.within_s", "confirm.priority"],
            Self::TwoTrip => &["confirm.two_trips", "confirm.within_s", "confirm.priority"],
            Self::PathFault => &["confirm.path_fault", "confirm.set_period", "confirm.within_s", "confirm.priority"],
            Self::TwoPaths => &["confirm.two_paths", "confirm.within_s", "confirm.priority"],
            Self::HoldUpAgain => &["confirm.hold_up_apart_s"],
            Self::PanelConfirmed => &["confirm.priority"],
            Self::LifeSafety
            | Self::MoreUrgent
            | Self::DuressCode
            | Self::StrangerCancelled
            | Self::NotAccepted
            | Self::NotArrived
            | Self::Declined
            | Self::UnitOutOfService
            | Self::OfferNotDelivered
            | Self::RecallNotDelivered
            | Self::UnitUntold
            | Self::AddressChanged
            | Self::UnitGoesOn
            | Self::UnitWord
            | Self::UnitHelp
            | Self::UnitSilent
            | Self::GuardedSite
            | Self::GuardCheck
            | Self::HandOffRejected
            | Self::HandOffFailed
            | Self::HandOffNeeded
            | Self::HandOffUnanswered
            | Self::AuthorityWord
            | Self::AuthorityUnread
            | Self::AuthorityLate
            | Self::FireNotHandedOff
            | Self::ActOverdue
            | Self::LeftToRest
            | Self::HelpWanted
            | Self::CustomerWord
            | Self::AnotherFault => &[],
        }
    }
}

impl Expected {
    /// The keys by which it is found missing; none of an event, of which the card says all.
    pub const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Heartbeat => &["expect.heartbeats_missed"],
            Self::Test => &["expect.test_by", "expect.test_tolerance_s"],
            Self::Closing => &["expect.late_again_s", "expect.outside_close_s"],
            Self::Opening => &["expect.late_again_s"],
            Self::Event => &[],
        }
    }
}

impl Policy {
    /// The keys of a policy file that this rule decides by of a signal of this class and code, where these are the rules of its
    /// account: with what is said of the code, or of its class.
    ///
    /// ```
    /// use alarmcore::{Policy, Rule};
    ///
    /// let (class, code) = (Some(contactid::Class::Burglary), Some("130".parse()?));
    /// assert_eq!(Policy::default().keys_of(Rule::ClassShown, class, code), ["classes.burglary"]);
    /// assert_eq!(Policy::default().keys_of(Rule::Repeat, class, code), ["repeat_window_s"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn keys_of(&self, rule: Rule, class: Option<Class>, code: Option<Code>) -> Vec<Cow<'static, str>> {
        let of_class = || class.map(|class| Cow::Owned(format!("classes.{}", class.as_str())));
        let of_code = || code.map(|code| Cow::Owned(format!("codes.{code}")));
        let named =
            code.is_some_and(|code| OrdinaryCode::try_from(code).is_ok_and(|code| self.codes.contains_key(&code)));
        let handling = match rule {
            Rule::ClassShown | Rule::ClassLogged => of_class(),
            Rule::CodeShown | Rule::CodeLogged => of_code(),
            Rule::RestoreWait
            | Rule::RestoreWaitOver
            | Rule::RestoreWaitRestored
            | Rule::RestoreWaitAgain
            | Rule::CancelWait
            | Rule::CancelWaitOver
            | Rule::CancelWaitConfirmed
            | Rule::CancelWaitThreat
            | Rule::CancelWaitRestore
            | Rule::CancelInTime => {
                if named {
                    of_code()
                } else {
                    of_class()
                }
            }
            _ => None,
        };
        handling.into_iter().chain(rule.keys().iter().map(|key| Cow::Borrowed(*key))).collect()
    }
}

#[cfg(all(test, feature = "toml"))]
mod tests {
    use super::*;

    /// Every key that an override can say, one of its values, and a rule beside it.
    const SAID: &[(&str, &str)] = &[
        ("swinger.trips", "3"),
        ("swinger.rest_s", "60"),
        ("confirm.unconfirmed", "5"),
        ("confirm.two_paths", "true"),
        ("recent.opening_s", "60"),
        ("recent.closing_s", "60"),
        ("recent.before_closing_s", "60"),
        ("recent.priority", "6"),
        ("cancel.within_s", "60"),
        ("cancel.priority", "6"),
        ("cancel.stranger", "2"),
        ("schedule.unexpected_open", "{ action = 'show', priority = 4 }"),
        ("schedule.user_open", "{ action = 'show', priority = 4 }"),
        ("schedule.expired_user", "{ action = 'show', priority = 4 }"),
        ("schedule.open_again", "{ action = 'show', priority = 4 }"),
        ("schedule.early_open", "{ action = 'show', priority = 4 }"),
        ("schedule.early_open_s", "60"),
        ("schedule.late_open", "{ action = 'show', priority = 4 }"),
        ("schedule.early_close", "{ action = 'show', priority = 4 }"),
        ("schedule.late_close", "{ action = 'show', priority = 4 }"),
        ("runaway.signals", "9"),
        ("late_close.extensions", "2"),
        ("late_close.not_today_s", "3600"),
    ];

    /// An override that is said to have decided of a signal has said a key of that rule: explain names both.
    #[test]
    fn who_decided_said_a_key_of_the_rule() {
        for (key, value) in SAID {
            let (table, inner) = key.split_once('.').unwrap();
            let text = format!(
                "[[override]]\nsite = 'mall'\nowner = 'Li'\nuntil = '2027-03-31'\n{table} = {{ {inner} = {value} }}\n"
            );
            let policy = Policy::from_toml(&text).unwrap();
            let changes = &policy.overrides.get(0).unwrap().changes;
            let decided: Vec<Rule> = Rule::ALL.iter().copied().filter(|rule| changes.decide(*rule, None)).collect();
            let named: Vec<Rule> = Rule::ALL.iter().copied().filter(|rule| rule.keys().contains(key)).collect();
            assert_eq!(decided, named, "{key}");
        }
    }
}
