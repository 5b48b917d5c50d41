//! Accounts: found by number, name or address, and everything about one of them.

use alarmcore::{Covers, Family, IncidentId, Kind, Lowering, Lowers, Override, Schedule, ScheduleLine, Timestamp};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use contactid::AccountNumber;
use opsmodel::store::query::{AccountRow, AccountSheet, AgreedRow, CardChange, DeadNumberRow, IncidentRow};
use serde::Deserialize;

use super::awaited::{self, Awaited};
use super::frame::{Frame, Visit, show};
use super::on_test::{Test, TestForm};
use super::oops::{self, Oops};
use super::packs::Standing as Measures;
use super::queue::Ticket;
use super::review::Review;
use super::sent::{At, Sent};
use super::signals::Line;
use super::standing::State as Standing;
use super::tell::TellForm;
use crate::acts;
use crate::problem::Problem;
use crate::state::App;
use crate::told;

/// Accounts on a page.
const PAGE: usize = 60;

/// What is searched for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    q: String,
    after: String,
}

#[derive(Template)]
#[template(path = "accounts.html")]
struct ListPage {
    f: Frame,
    q: String,
    rows: Vec<AccountRow>,
    /// The account after which the next page begins.
    next: Option<AccountNumber>,
}

/// The accounts.
pub(super) async fn list(State(app): State<App>, visit: Visit, Query(wish): Query<Wish>) -> Result<Response, Oops> {
    let f = visit.frame(&app, "accounts").await?;
    let q = wish.q.trim().to_owned();
    let (search, after) = (q.clone(), wish.after.parse().ok());
    let rows = app.query(move |reader| reader.accounts(&search, after, PAGE)).await;
    let rows = rows.map_err(|problem| visit.oops(problem))?;
    let next = if rows.len() == PAGE { rows.last().map(|row| row.account) } else { None };
    Ok(show(&ListPage { f, q, rows, next }))
}

#[derive(Template)]
#[template(path = "account.html")]
pub(super) struct OnePage {
    f: Frame,
    sheet: AccountSheet,
    standing: Standing,
    awaited: Vec<Awaited>,
    hours: Vec<(String, String)>,
    has_key: bool,
    last_seen: Option<Timestamp>,
    incidents: Vec<Ticket>,
    /// How many more wait in queues that are only for others.
    hidden: u32,
    lines: Vec<Line>,
    history: Vec<CardChange>,
    /// Numbers of it that are to be corrected.
    dead: Vec<DeadNumberRow>,
    /// The test that is not over.
    test: Option<Test>,
    /// The open incident with people in danger that keeps the test from covering anything.
    suspended: Option<IncidentId>,
    /// The open incidents of an intrusion, and when each was opened: what begins by itself beside one covers no further intrusion.
    intrusions: Vec<(IncidentId, Timestamp)>,
    /// Those that are.
    tests: Vec<Test>,
    form: TestForm,
    /// What somebody may tell of, by code and name, and how they may have told.
    told: TellForm,
    /// What its false alarms have brought, and how many of them are kept; `None` where none was counted.
    false_calls: Option<(usize, Vec<Measures>)>,
    /// May whoever looks record the proof of a remedy?
    proves: bool,
    refused: Option<Refused>,
    review: Review,
    /// For whom the policy has rules that hold for it before the centre's, and of what.
    own_rules: Vec<(String, String)>,
    /// For how many days an account may be suspended, something only logged, and tests agreed to.
    longest: (u32, u32, u32),
}

/// Why an act on the page was refused, and in which part of the page that is said: beside the form that was sent.
pub(super) struct Refused {
    pub(super) part: &'static str,
    pub(super) problem: Problem,
}

impl OnePage {
    /// Why what was sent from this part of the page was refused.
    fn refused_in(&self, part: &str) -> Option<String> {
        let refused = self.refused.as_ref().filter(|refused| refused.part == part)?;
        Some(oops::text(refused.problem.clone(), self.f.w.lang))
    }

    /// A user of the panel, by number and name.
    fn user(&self, number: &u32) -> String {
        let known = self.sheet.users.iter().find(|known| known.user == *number);
        known.map_or_else(|| number.to_string(), |known| format!("{number} {}", known.name))
    }

    fn in_force(&self, row: &AgreedRow) -> bool {
        row.holds(Timestamp::from_millis(self.f.now))
    }

    /// The newest open intrusion beside which a test began by itself.
    fn tested_beside(&self, test: &Test) -> Option<IncidentId> {
        let began = |opened_at| test.row.agreed.is_some() && opened_at <= test.row.started_at;
        self.newest_intrusion(began).filter(|_| self.suspended.is_none())
    }

    /// The newest open intrusion beside which a suspension or an agreement that is in force began by itself.
    fn beside(&self, row: &AgreedRow) -> Option<IncidentId> {
        let hides = |one: &&Lowering| self.in_force(row) && !matches!(one.lowers, Lowers::RecurringTest(_));
        let lowering = row.lowering.as_ref().filter(hides)?;
        self.newest_intrusion(|opened_at| lowering.began_beside(opened_at))
    }

    fn newest_intrusion(&self, opened: impl Fn(Timestamp) -> bool) -> Option<IncidentId> {
        self.intrusions.iter().filter(|(_, at)| opened(*at)).map(|(incident, _)| *incident).max()
    }

    fn next_test(&self, row: &AgreedRow) -> Option<Timestamp> {
        row.next_test(Timestamp::from_millis(self.f.now))
    }

    /// How the hours of a test begin: with the zone of the account's own hours, where it has any.
    fn test_hours(&self) -> String {
        let lines = self.sheet.schedule.as_deref().map(Schedule::lines);
        let zone = lines.and_then(|lines| lines.into_iter().find(|line| matches!(line, ScheduleLine::Zone(_))));
        zone.map_or_else(String::new, |zone| format!("{zone}; "))
    }
}

/// One account.
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    At(account): At<AccountNumber>,
) -> Result<Response, Oops> {
    Ok(show(&build(&app, &visit, account, None).await?))
}

/// An act on its test, as a form.
pub(super) async fn test(At(account): At<AccountNumber>, sent: Sent) -> Result<Response, Oops> {
    let done =
        sent.does(async |ask| acts::submit_test(&sent.app, sent.session(), sent.address, account, ask).await).await;
    answer(&sent, account, "test", done).await
}

/// The proof of a remedy of its false alarms, as a form.
pub(super) async fn false_calls(At(account): At<AccountNumber>, sent: Sent) -> Result<Response, Oops> {
    let done = sent.does(async |ask| acts::submit_false_calls(&sent.app, sent.session(), account, ask).await).await;
    answer(&sent, account, "false-calls", done).await
}

/// An alarm that somebody tells of, as a form; leads on to its incident.
pub(super) async fn told(At(account): At<AccountNumber>, sent: Sent) -> Result<Response, Oops> {
    let mut incident = None;
    let enter = async |ask| -> Result<(), Problem> {
        incident = told::submit(&sent.app, sent.session(), account, ask).await?.incident;
        Ok(())
    };
    let done = sent.does(enter).await;
    let to = incident.map_or(format!("/accounts/{account}"), |incident| format!("/incidents/{incident}"));
    again(&sent, account, "told", &to, done).await
}

/// The page again, or why the act that was sent from this part of it was refused.
pub(super) async fn answer(
    sent: &Sent,
    account: AccountNumber,
    part: &'static str,
    done: Result<(), Problem>,
) -> Result<Response, Oops> {
    again(sent, account, part, &format!("/accounts/{account}"), done).await
}

async fn again(
    sent: &Sent,
    account: AccountNumber,
    part: &'static str,
    to: &str,
    done: Result<(), Problem>,
) -> Result<Response, Oops> {
    let again = async |problem, visit: &Visit| build(&sent.app, visit, account, Some(Refused { part, problem })).await;
    sent.answer(done, to, again).await
}

/// The page, with why an act was refused.
async fn build(app: &App, visit: &Visit, account: AccountNumber, refused: Option<Refused>) -> Result<OnePage, Oops> {
    let missing = || visit.oops(Problem::not_found("account", "用户"));
    let found = app.query_for(&visit.session, move |reader, kept| {
        let (mut page, mut dead) = (reader.account(account)?, reader.dead_numbers_of(account)?);
        page.iter_mut().for_each(|page| page.keep(kept));
        kept.leave_out(&mut dead, |row| row.incident);
        Ok((page, reader.false_calls_of(account)?, dead))
    });
    let (found, counted, dead) = found.await.map_err(|problem| visit.oops(problem))?;
    let page = found.ok_or_else(missing)?;
    let f = visit.frame(app, "accounts").await?;
    let standing = Standing::of(&page.sheet, &f);
    let tested = awaited::tested(&page.tests);
    let tests = page.tests.into_iter().map(|row| Test::of(row, f.w, alarmcore::Timestamp::from_millis(f.now)));
    let (open, over): (Vec<Test>, Vec<Test>) = tests.partition(|test| test.row.ended_at.is_none());
    let danger = page.incidents.iter().filter(|row| row.closed_at.is_none() && row.kind.family() == Family::LifeSafety);
    let danger = danger.map(|row| row.incident).max();
    let suspended = danger.filter(|_| open.first().is_some_and(|test| test.row.danger != danger));
    let intrusion = |row: &&IncidentRow| {
        matches!(row.kind, Kind::Burglary | Kind::Tamper | Kind::General) && row.closed_at.is_none()
    };
    let intrusions = page.incidents.iter().filter(intrusion).map(|row| (row.incident, row.opened_at)).collect();
    let (card, now) = (page.sheet.desk_card(), Timestamp::from_millis(f.now));
    let policy = app.settings.policy.of(&card, now);
    Ok(OnePage {
        own_rules: policy.overrides_of(&card, now).into_iter().map(|one| own_rules(one, &f)).collect(),
        test: open.into_iter().next(),
        suspended,
        intrusions,
        tests: over,
        false_calls: counted.map(|row| (row.calls.calls.len(), Measures::of(&row.calls, None, f.w))),
        proves: visit.session.role.is_supervisor(),
        told: TellForm::of(&policy, f.w.lang),
        form: TestForm::of(&policy, visit.session.role, f.w),
        review: Review::of(&page.sheet, &visit.session, f.w),
        refused,
        hidden: page.hidden,
        incidents: page.incidents.into_iter().map(|row| Ticket::of(row, app.settings.policy.ageing, &f)).collect(),
        lines: page.signals.into_iter().map(|row| Line::with_zones(row, &page.sheet.zones, f.w)).collect(),
        history: page.history,
        dead,
        hours: awaited::hours(&page.sheet, &f),
        awaited: Awaited::of(&page.sheet, &tested, &policy.expect, &f),
        has_key: app.has_key(account),
        last_seen: app.last_seen(account),
        sheet: page.sheet,
        longest: {
            let longest = app.settings.policy.lowered.longest_s;
            (longest.suspended / 86_400, longest.log_only / 86_400, longest.recurring_test / 86_400)
        },
        standing,
        f,
    })
}

/// An override of the policy: for whom it is, of what it says something, who answers for it and until when.
fn own_rules(Override { covers, changes, owner, until }: &Override, f: &Frame) -> (String, String) {
    let w = f.w;
    let whose = match covers {
        Covers::Accounts(_) => w.t("account").to_string(),
        Covers::Site(site) => format!("{} {site}", w.t("site")),
        Covers::SiteType(kind) => format!("{} {kind}", w.t("site-type")),
        Covers::District(name) => format!("{} {name}", w.t("district")),
    };
    let keys = changes.keys().into_iter().filter(|key| *key != "packs");
    let said: Vec<&str> = keys.chain(changes.packs.iter().map(String::as_str)).collect();
    let until = until.as_ref().map(|until| w.n("override-until", f.moment(until)));
    let says = [Some(said.join(", ")), owner.clone(), until];
    (whose, says.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}
