//! What a test covers, and what it does not: the report of a person, and everything while people are in danger that nobody knew of.

use alarmcore::{Family, Incident, Input, Kind, Marks, Output, Received, Rule, TestSession};
use contactid::{Class, Qualifier};

use super::Witness;

impl Witness {
    /// Did a test cover this signal when it came? No signal begins one or ends one: what stands afterwards stood then.
    pub(super) fn is_tested(&self, input: &Input) -> bool {
        let Input::Signal(Received { report, .. }) = input else { return false };
        let (Some(account), Some(signal)) = (report.account, &report.signal) else { return false };
        let of_life = |one: &&&Incident| one.account == Some(account) && one.kind.family() == Family::LifeSafety;
        let danger = self.desk.queue().iter().filter(of_life).map(|one| one.id).max();
        let test = self.desk.test(account).filter(|_| !report.marks.contains(Marks::MANUAL));
        let of_intrusion = |one: &&&Incident| {
            let kind = matches!(one.kind, Kind::Burglary | Kind::Tamper | Kind::General);
            one.account == Some(account) && kind && !one.is_false() && one.scene_end().is_none()
        };
        let intrusion = self.desk.queue().iter().filter(of_intrusion).max_by_key(|one| one.id).copied();
        let begins = is_intrusion(signal.class()) && signal.qualifier != Qualifier::Restore;
        let beside = |on: &TestSession| {
            begins && intrusion.is_some_and(|open| open.opened_at <= on.started_at && on.agreed.is_some())
        };
        let known = |on: &TestSession| (danger.is_none() || on.danger == danger) && !beside(on);
        test.is_some_and(|on| on.scope.covers(signal.code, signal.number) && known(on))
    }

    /// What a test covers opens nothing but for its line; what it does not cover is never logged by it.
    pub(super) fn check_tested(&self, input: &Input, said: &[Output], tested: bool) {
        let Input::Signal(received) = input else { return };
        for output in said {
            let Output::Dispose(disposition) = output else { continue };
            let rule = disposition.rule;
            if disposition.signal != received.id {
                continue;
            }
            let line = rule.is_of_line();
            let joins = matches!(
                rule,
                Rule::RestoreJoined
                    | Rule::CancelJoined
                    | Rule::CancelAllowed
                    | Rule::CancelStranger
                    | Rule::NotWeighed
            );
            let logged = matches!(
                rule,
                Rule::OnTest
                    | Rule::UnknownAccount
                    | Rule::RestoreWaitRestored
                    | Rule::RestoreWaitAgain
                    | Rule::CancelWaitRestore
                    | Rule::CancelLogged
                    | Rule::CancelInTime
                    | Rule::Repeat
                    | Rule::Duplicate
            );
            assert!(!tested || line || joins || logged, "on test, and still decided by {rule}");
            assert!(tested || rule != Rule::OnTest, "logged by a test that does not cover it");
        }
    }
}

const fn is_intrusion(class: Class) -> bool {
    matches!(class, Class::Burglary | Class::Tamper | Class::General)
}
