//! What a test covers, and what it does not: the report of a person, and everything while people are in danger that nobody knew of.

use alarmcore::{Family, Incident, Input, Marks, Output, Received, Rule};

use super::Witness;

impl Witness {
    /// Did a test cover this signal when it came? No signal begins one or ends one: what stands afterwards stood then.
    pub(super) fn is_tested(&self, input: &Input) -> bool {
        let Input::Signal(Received { report, .. }) = input else { return false };
        let (Some(account), Some(signal)) = (report.account, &report.signal) else { return false };
        let of_life = |one: &&&Incident| one.account == Some(account) && one.kind.family() == Family::LifeSafety;
        let danger = self.desk.queue().iter().filter(of_life).map(|one| one.id).max();
        let test = self.desk.test(account).filter(|_| !report.marks.contains(Marks::MANUAL));
        test.is_some_and(|on| on.scope.covers(signal.code, signal.number) && (danger.is_none() || on.danger == danger))
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
