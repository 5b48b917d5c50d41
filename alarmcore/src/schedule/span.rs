//! A schedule laid upon time: the spans in which a site may be open, whatever its clocks do.

#[cfg(test)]
mod tests;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::{Hours, Schedule, Week, Whose};
use crate::account::AreaState;
use crate::time::Timestamp;

/// How many days back a span can have ended that still matters, and how far ahead the next one is looked for: longer than
/// any vacation, and what "always open" is cut off at.
const BACK: u64 = 9;
const AHEAD: u64 = 400;

/// From when until when a site may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) opens: Timestamp,
    pub(crate) closes: Timestamp,
    /// For how many minutes by the clock. On the night when clocks are set back they show some of them twice over.
    pub(crate) minutes: u32,
}

/// Whether a schedule is open at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// It is.
    Now,
    /// It is from then on.
    From(Timestamp),
    /// It is not, and will not be for as long as it looks ahead: 400 days.
    Never,
}

/// The spans around a moment, each with the tolerance on both sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Around {
    /// The last that is over.
    pub(crate) last: Option<Span>,
    /// The one that the moment lies in; the earlier of two.
    pub(crate) current: Option<Span>,
    /// The first that is to come.
    pub(crate) next: Option<Span>,
}

impl Schedule {
    /// Is it open at this moment by the hours of the account, without any tolerance, and if not, when next? Always, where it
    /// has no such hours.
    pub fn open_at(&self, now: Timestamp) -> Open {
        let exact = Self { tolerance_min: 0, ..self.clone() };
        match exact.around(None, now) {
            None => Open::Now,
            Some(Around { current: Some(span), .. }) if now < span.closes => Open::Now,
            Some(Around { next: Some(span), .. }) => Open::From(span.opens),
            Some(_) => Open::Never,
        }
    }

    /// The spans around `now` in which a group may be open; `None` where nothing is said of it.
    pub(crate) fn around(&self, group: Option<u16>, now: Timestamp) -> Option<Around> {
        Some(self.around_in(self.week(group)?, true, now))
    }

    /// The same of the hours in which a user may open; `None` for one who has none of their own.
    pub(crate) fn around_user(&self, user: u32, now: Timestamp) -> Option<Around> {
        Some(self.around_in(self.hours.get(&Whose::User(user))?, false, now))
    }

    /// Has this user hours of their own?
    pub(crate) fn names(&self, user: u32) -> bool {
        self.hours.contains_key(&Whose::User(user))
    }

    /// Are the user's own hours, or else those of the group, open at the time of this opening? Yes where nothing is said of
    /// either.
    pub(crate) fn allows(&self, opened: &AreaState) -> bool {
        let own = opened.by.and_then(|user| self.around_user(user, opened.since));
        own.or_else(|| self.around(opened.group, opened.since)).is_none_or(|around| around.current.is_some())
    }

    /// Does the moment lie within the hours of a group, tolerance included? `None` where nothing is said of it.
    pub(crate) fn is_within(&self, group: Option<u16>, at: Timestamp) -> Option<bool> {
        let week = self.week(group)?;
        // Hours end on the day after they begin at the latest; a day more on both sides is for the tolerance, and for clocks
        // that are set.
        let first = self.day(at).and_then(|today| today.checked_sub_days(Days::new(2)));
        let days = first.into_iter().flat_map(|first| first.iter_days().take(4));
        let mut spans = days.flat_map(|day| self.of(week, true, day));
        Some(spans.any(|span| self.earliest(span.opens) <= at && at <= self.latest(span.closes)))
    }

    /// Does this moment lie within the hours of the account, and until when does the answer surely stay the same?
    pub(crate) fn is_within_until(&self, at: Timestamp) -> (bool, Timestamp) {
        let around = self.around(None, at).unwrap_or_default();
        let changes = match around.current {
            Some(span) => Timestamp::from_millis(self.latest(span.closes).millis() + 1),
            None => around.next.map_or(at, |span| self.earliest(span.opens)),
        };
        (around.current.is_some(), changes)
    }

    /// The first hours of the account that begin after this moment, hours that touch being two.
    pub(crate) fn next_hours(&self, after: Timestamp) -> Option<Span> {
        self.rounds(after).map(|(_, span)| span).find(|span| span.opens > after)
    }

    /// The hours of the account one by one, hours that touch being two: the last that is over at this moment, and those after it.
    /// Each with the first moment that is in it, which the tolerance does not set into the hours before.
    pub(crate) fn rounds(&self, now: Timestamp) -> impl Iterator<Item = (Timestamp, Span)> {
        static NONE: Week = [const { Vec::new() }; 7];
        let week = self.week(None).unwrap_or(&NONE);
        let first = self.day(now).and_then(|today| today.checked_sub_days(Days::new(BACK)));
        let days = first.into_iter().flat_map(|first| first.iter_days().take((BACK + AHEAD) as usize));
        let mut before = Timestamp::from_millis(i64::MIN);
        let mut rounds = days
            .flat_map(|day| self.of(week, true, day))
            .map(move |span| (self.earliest(span.opens).max(core::mem::replace(&mut before, span.closes)), span))
            .peekable();
        let mut last = None;
        while let Some(over) = rounds.next_if(|(_, span)| self.latest(span.closes) < now) {
            last = Some(over);
        }
        last.into_iter().chain(rounds)
    }

    /// The hours of a group: its own, or those of the account.
    fn week(&self, group: Option<u16>) -> Option<&Week> {
        let own = group.and_then(|group| self.hours.get(&Whose::Area(group)));
        own.or_else(|| self.hours.get(&Whose::Account))
    }

    /// The day that its clocks show.
    fn day(&self, at: Timestamp) -> Option<NaiveDate> {
        Some(DateTime::<Utc>::from_timestamp_millis(at.millis())?.with_timezone(&self.zone).date_naive())
    }

    /// `days_differ`: days with hours of their own count.
    fn around_in(&self, week: &Week, days_differ: bool, now: Timestamp) -> Around {
        let mut around = Around::default();
        let first = self.day(now).and_then(|today| today.checked_sub_days(Days::new(BACK)));
        let Some(first) = first else { return around };
        let mut open: Option<Span> = None;
        for span in first.iter_days().take((BACK + AHEAD) as usize).flat_map(|day| self.of(week, days_differ, day)) {
            match &mut open {
                // Hours that touch are one span: nobody closes at midnight of a night that is open on both sides.
                Some(open) if span.opens <= open.closes => open.closes = open.closes.max(span.closes),
                Some(full) => {
                    self.place(&mut around, *full, now);
                    *full = span;
                }
                None => open = Some(span),
            }
            if around.next.is_some() {
                return around;
            }
        }
        if let Some(span) = open {
            self.place(&mut around, span, now);
        }
        around
    }

    /// The spans that begin on this day.
    fn of<'a>(&'a self, week: &'a Week, days_differ: bool, day: NaiveDate) -> impl Iterator<Item = Span> + use<'a> {
        let own = self.days.get(&day).filter(|_| days_differ);
        let closed = self.closed.iter().any(|(from, to)| (*from..=*to).contains(&day));
        let usual = &week[day.weekday().num_days_from_monday() as usize];
        let hours: &[Hours] = match own {
            Some(hours) => hours,
            None if closed => &[],
            None => usual,
        };
        let spans = hours.iter().map(move |hours| Span {
            opens: moment(self.zone, day, hours.opens, false),
            closes: moment(self.zone, day, hours.closes, true),
            minutes: hours.minutes(),
        });
        // Hours that clocks pass over are none.
        spans.filter(|span| span.opens < span.closes)
    }

    fn place(&self, around: &mut Around, span: Span, now: Timestamp) {
        if self.latest(span.closes) < now {
            around.last = Some(span);
        } else if self.earliest(span.opens) > now {
            around.next = around.next.or(Some(span));
        } else {
            around.current = around.current.or(Some(span));
        }
    }

    /// The first moment at which it is in time.
    pub(crate) fn earliest(&self, at: Timestamp) -> Timestamp {
        Timestamp::from_millis(at.millis().saturating_sub(i64::from(self.tolerance_s()) * 1000))
    }

    /// The last moment at which it is in time.
    pub(crate) fn latest(&self, at: Timestamp) -> Timestamp {
        at.plus_secs(self.tolerance_s())
    }
}

/// The moment at which the clocks show so many minutes of this day: the first or the last of two, and where they are set
/// forward over it, that at which they are.
fn moment(zone: Tz, day: NaiveDate, minutes: u16, last: bool) -> Timestamp {
    let clock = NaiveDateTime::from(day) + TimeDelta::minutes(i64::from(minutes));
    let shown = zone.from_local_datetime(&clock);
    let found = if last { shown.latest() } else { shown.earliest() };
    let secs = found.map_or_else(|| first_shown(zone, clock), |found| found.timestamp());
    Timestamp::from_secs(secs)
}

/// The first second at which the clocks show this or more. Two days to either side is more than any clock was ever set.
pub(crate) fn first_shown(zone: Tz, clock: NaiveDateTime) -> i64 {
    let middle = clock.and_utc().timestamp();
    let (mut before, mut from) = (middle - 2 * 86_400, middle + 2 * 86_400);
    while from - before > 1 {
        let between = before + (from - before) / 2;
        let shown = DateTime::from_timestamp(between, 0).map(|at| at.with_timezone(&zone).naive_local());
        if shown.is_some_and(|shown| shown < clock) {
            before = between;
        } else {
            from = between;
        }
    }
    from
}
