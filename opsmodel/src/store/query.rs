//! Questions to the store: read-only, rows only, over both files at once.
//!
//! A [`Reader`] is one read-only connection that sees the signal log and the centre's file together. It is cheap to
//! open and never blocks a writer (WAL), so pages and reports ask while the centre works. Every answer is a plain row
//! that serializes; every time in a row is printed as RFC 3339 in UTC with milliseconds.
//!
//! No statement here scans the signal log for a page: the plans are pinned in `query/plans.rs`.

mod account;
mod agreed;
mod auto_handled;
mod board;
mod clips;
mod conservation;
mod counts;
mod dead_numbers;
mod dossier;
mod explain;
mod false_alarms;
mod false_calls;
mod fed;
mod follow_ups;
mod forecast;
mod hand_offs;
mod handling;
mod handover;
mod incident;
mod kept;
mod log;
mod lowered;
mod on_test;
mod outside;
mod pack;
mod panel_users;
mod people;
#[cfg(test)]
mod plans;
mod policies;
mod queue;
mod reader;
mod response;
mod sessions;
mod shifts;
mod signals;
mod sources;
mod spelling;
mod storm;
mod stream;
mod what_if;

pub use account::{AccountPage, AccountRow, AccountSheet, CardChange, ContactRow, FieldChange, Unreviewed};
pub use agreed::AgreedRow;
pub use auto_handled::AutoHandledRow;
pub use board::{Job, UnitRow};
pub use clips::{ClipMoment, ClipRow};
pub use conservation::{Conservation, Hole, LineMinute, Rule};
pub use counts::DayCount;
pub use dead_numbers::DeadNumberRow;
pub use dossier::{
    Dossier, DossierChecked, DossierFault, DossierSite, Head, Said, Sealed, SitePart, check_dossier, seal,
};
pub use explain::{About, Evidence, Explanation, Line, Remark, Step};
pub use false_alarms::{FalseAlarmGroup, FalseAlarms};
pub use false_calls::FalseCallsRow;
pub use fed::{OfferFigures, OfferRow, Offers};
pub use follow_ups::FollowUpRow;
pub use forecast::{Forecast, ForecastRow, ForecastSeats};
pub use hand_offs::{HandOffFigures, HandOffRow, HandOffs};
pub use handling::{Expected, Handling, HandlingFigures, HandlingWindow, Phase};
pub use handover::{HandedRow, Handover, HandoverAccount, HandoverReason};
pub use incident::{Happening, IncidentFilter, IncidentPage, IncidentRow, Moment};
pub use kept::Kept;
pub use lowered::{LoweredRow, MayAnswer};
pub use on_test::TestRow;
pub use outside::{Outgoing, UnmatchedRow, WayRow};
pub use pack::{ClauseRow, Failure, PackReport};
pub use panel_users::PanelUserRow;
pub use people::{LogIn, OperatorChange, OperatorFieldChange};
pub use policies::PolicyInForce;
pub use queue::{Hands, Queue, QueueCount, StageCount};
pub use reader::Reader;
pub use response::{Measure, Percentiles, Response, ResponseRow, nearest_rank};
pub use signals::{Fate, SignalFilter, SignalPage, SignalRow};
pub use sources::StrangeSourceRow;
pub use storm::{StormLine, StormMoment, StormPage, StormRow};
pub use what_if::Compared;
