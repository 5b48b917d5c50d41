//! What an account promised: its hours, what it is expected to send next, and what is missing. The lines of its page.

use alarmcore::{
    AccountState, Expectation, ExpectationRules, Expected, Hours, ScheduleLine, Tested, Timestamp, Whose, expected,
};
use opsmodel::store::query::{AccountSheet, TestRow};

use super::frame::Frame;
use super::spelling;

/// Something that is expected, or missing.
pub(super) struct Awaited {
    pub(super) label: String,
    /// By when it is expected, or since when it is missing.
    pub(super) at: Timestamp,
    pub(super) missing: bool,
    /// A test, a suspension or an agreement pauses it until then.
    pub(super) paused: bool,
}

/// What the tests of an account, the last one first, pause of what is expected of it.
pub(super) fn tested(tests: &[TestRow]) -> Tested {
    let open = tests.iter().find(|test| test.ended_at.is_none());
    let over = tests.iter().find_map(|test| Some((test.scope.clone(), test.ended_at?)));
    Tested { now: open.map(|test| test.scope.clone()), last: over }
}

impl Awaited {
    /// What is missing, then what is expected next, the nearest first.
    pub(super) fn of(sheet: &AccountSheet, tested: &Tested, rules: &ExpectationRules, f: &Frame) -> Vec<Self> {
        let Some(state) = &sheet.state else { return Vec::new() };
        let line = |expected: Expected, group: Option<u16>, at, missing| {
            let group = group.map(|group| format!(" · {}", f.w.n("area-n", group))).unwrap_or_default();
            Self { label: format!("{}{group}", expected.label(f.w.lang)), at, missing, paused: false }
        };
        let mut lines: Vec<Self> = Vec::new();
        for &what in Expected::ALL {
            let groups = [None].into_iter().chain(state.areas.iter().map(|area| area.group).filter(Option::is_some));
            lines.extend(groups.filter_map(|group| Some(line(what, group, state.missed_since(what, group)?, true))));
        }
        lines.extend(of_card(sheet, state, tested));
        let mut next = expected(&sheet.desk_card(), state, rules, tested, spelling::now());
        next.retain(|edge| {
            edge.missing && (edge.raised.is_some() || state.missed_since(edge.expected, edge.group).is_none())
        });
        next.sort_unstable();
        lines.extend(next.into_iter().map(|edge| match edge.raised {
            Some(raised) => Self { label: raised.name.to_string(), at: edge.at, missing: false, paused: false },
            None => line(edge.expected, edge.group, edge.at, false),
        }));
        lines
    }
}

/// What the card expects and what is missing of it, or paused.
fn of_card(sheet: &AccountSheet, state: &AccountState, tested: &Tested) -> Vec<Awaited> {
    let all = sheet.expectations.iter().flat_map(|all| all.iter());
    let (lowerings, now) = (sheet.desk_card().lowerings, spelling::now());
    let line = |one: &Expectation| {
        let label = one.name().to_owned();
        if let Some(at) = one.missed_since(state) {
            return Some(Awaited { label, at, missing: true, paused: false });
        }
        let test = sheet.test.as_ref().map(|test| test.until).filter(|_| tested.pauses(one));
        let lowers = lowerings.iter().filter(|lowering| lowering.holds(now) && one.is_lowered_by(lowering));
        let until = lowers.map(|lowering| lowering.until).chain(test).max()?;
        Some(Awaited { label, at: until, missing: false, paused: true })
    };
    all.filter_map(line).collect()
}

/// Monday first.
const WEEKDAYS: [&str; 7] = ["weekday-1", "weekday-2", "weekday-3", "weekday-4", "weekday-5", "weekday-6", "weekday-7"];

/// The entries of the schedule, each with its label.
pub(super) fn hours(sheet: &AccountSheet, f: &Frame) -> Vec<(String, String)> {
    let hours = |hours: &[Hours]| hours.iter().map(Hours::to_string).collect::<Vec<_>>().join(", ");
    let entry = |line: ScheduleLine<'_>| match line {
        ScheduleLine::Zone(name) => (f.w.t("schedule-zone"), name.to_owned()),
        ScheduleLine::Tolerance(minutes) => (f.w.t("schedule-tolerance"), f.w.n("minutes-n", minutes)),
        ScheduleLine::Week(whose, from, to, of_day) => {
            let day = |day: u8| f.w.t(WEEKDAYS[usize::from(day)]);
            let days = if from == to { day(from) } else { format!("{}–{}", day(from), day(to)) };
            let label = match whose {
                Whose::Account => days,
                Whose::Area(group) => format!("{} · {days}", f.w.n("area-n", group)),
                Whose::User(user) => {
                    let known = sheet.users.iter().find(|known| known.user == user);
                    format!("{} · {days}", f.w.user(user, known.map(|known| known.name.as_str())))
                }
            };
            (label, hours(of_day))
        }
        ScheduleLine::Day(day, of_day) => (day.to_string(), hours(of_day)),
        ScheduleLine::Closed(from, to) if from == to => (f.w.t("schedule-closed"), from.to_string()),
        ScheduleLine::Closed(from, to) => (f.w.t("schedule-closed"), format!("{from} – {to}")),
    };
    sheet.schedule.iter().flat_map(|schedule| schedule.lines()).map(entry).collect()
}
