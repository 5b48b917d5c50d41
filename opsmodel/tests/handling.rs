//! How long incidents were in hand and units were out, and what is expected by that of those that go on.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has to stop")]

#[path = "query/evening.rs"]
mod evening;
#[path = "query/town.rs"]
mod town;

use alarmcore::{IncidentId, Kind, Timestamp};
use opsmodel::store::query::{
    Expected, Forecast, ForecastRow, ForecastSeats, Handling, HandlingFigures, HandlingWindow, Phase, Reader,
};
use town::at;

fn figures(kind: Kind, phase: Phase, cases: usize, [mean, p50, p90]: [u64; 3]) -> HandlingFigures {
    let enough = |seconds: u64| Some(seconds * 1000).filter(|_| cases >= 5);
    HandlingFigures { kind, phase, cases, mean_ms: enough(mean), p50_ms: enough(p50), p90_ms: enough(p90) }
}

/// What [`evening::build_handled`] comes to.
fn all() -> Handling {
    Handling {
        least: 5,
        figures: vec![
            figures(Kind::Fire, Phase::InHand, 1, [0; 3]),
            figures(Kind::Fire, Phase::Worked, 1, [0; 3]),
            figures(Kind::Burglary, Phase::InHand, 6, [405, 370, 580]),
            figures(Kind::Burglary, Phase::Worked, 6, [10; 3]),
            figures(Kind::Burglary, Phase::OfferedLeft, 6, [375, 340, 550]),
            figures(Kind::Burglary, Phase::AcceptedArrived, 6, [110, 105, 135]),
            figures(Kind::Burglary, Phase::AcceptedLeft, 6, [370, 335, 545]),
            figures(Kind::Burglary, Phase::ArrivedLeft, 6, [260, 230, 410]),
            figures(Kind::Tamper, Phase::InHand, 4, [0; 3]),
            figures(Kind::Tamper, Phase::Worked, 4, [0; 3]),
        ],
    }
}

const ALWAYS: (Timestamp, Timestamp) = (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));

/// 2.6 "predicted handling time": by kind and phase, by nearest rank; below five cases there is only their number.
#[test]
fn row_2_6_handling_times_are_measured_by_kind() {
    let dir = tempfile::tempdir().unwrap();
    evening::build_handled(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    assert_eq!(reader.handling(ALWAYS.0, ALWAYS.1).unwrap(), all());
    // By the moment of the closing: the sixth burglary is closed at 5590, and counts from then on and no later.
    let cases = |from, to| {
        let measured = reader.handling(at(from), at(to)).unwrap();
        measured.figures(Kind::Burglary, Phase::InHand).map_or(0, |one| one.cases)
    };
    assert_eq!([cases(0, 5590), cases(0, 5591), cases(5590, 9000), cases(5591, 9000)], [5, 6, 1, 0]);
}

/// What is on hold keeps nobody from other work, and is in hand all the same.
#[test]
fn a_hold_is_no_work() {
    let dir = tempfile::tempdir().unwrap();
    let mut evening = evening::handled(dir.path());
    (1..=5).for_each(|case| evening.holds(case, 600 + 10 * case));
    let measured = Reader::open(dir.path()).unwrap().handling(ALWAYS.0, ALWAYS.1).unwrap();
    let figures = vec![
        figures(Kind::Tamper, Phase::InHand, 5, [630, 630, 650]),
        figures(Kind::Tamper, Phase::Worked, 5, [30, 30, 50]),
    ];
    assert_eq!(measured, Handling { least: 5, figures });
}

/// What a unit that is out and an incident in hand are expected to take, from where they stand.
#[test]
fn row_2_6_what_goes_on_is_expected_by_what_was() {
    let dir = tempfile::tempdir().unwrap();
    evening::build_handled(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    let measured = reader.handling(ALWAYS.0, ALWAYS.1).unwrap();
    let mut board = reader.board().unwrap();
    assert_eq!(board[0].jobs[0].free, None);
    measured.predict(&mut board);
    let expected = |p50, p90| Expected { cases: 6, p50_at: Some(at(p50)), p90_at: Some(at(p90)) };
    assert_eq!(board[0].jobs[0].free, Some(expected(9000 + 230, 9000 + 410)));
    // The same unit on its way, and asked.
    let mut before = board.clone();
    (before[0].jobs[0].state, before[0].jobs[0].since) = (alarmcore::DispatchState::EnRoute, at(8950));
    measured.predict(&mut before);
    assert_eq!(before[0].jobs[0].free, Some(expected(8930 + 335, 8930 + 545)));
    let job = &mut before[0].jobs[0];
    (job.state, job.since, job.accepted_at) = (alarmcore::DispatchState::Offered, at(8920), None);
    measured.predict(&mut before);
    assert_eq!(before[0].jobs[0].free, Some(expected(8920 + 340, 8920 + 550)));

    let until = |id| measured.in_hand_until(&reader.incident(IncidentId::new(id)).unwrap().unwrap().incident);
    assert_eq!(until(12), Some(expected(8910 + 370, 8910 + 580)));
    assert_eq!(until(13), Some(Expected { cases: 4, p50_at: None, p90_at: None }));
    assert_eq!(until(1), None, "closed");
    let mut open = reader.incident(IncidentId::new(12)).unwrap().unwrap().incident;
    open.owner = None;
    assert_eq!(measured.in_hand_until(&open), None, "in nobody's hands");
}

/// What is kept between questions is what a question of the same days finds, whenever it is asked.
#[test]
fn what_is_kept_of_the_last_days_is_what_would_be_read() {
    let dir = tempfile::tempdir().unwrap();
    evening::build_handled(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    let day = 86_400;
    let mut window = HandlingWindow::default();
    let mut seen = Vec::new();
    for now in [9100, 9100, 90 * day + 1000, 90 * day + 5590, 90 * day + 5591, 100 * day] {
        let measured = window.measured(&reader, at(now)).unwrap();
        assert_eq!(*measured, reader.handling(at(now - 90 * day), ALWAYS.1).unwrap(), "{now}");
        seen.push(measured.figures(Kind::Burglary, Phase::InHand).map_or(0, |one| one.cases));
    }
    assert_eq!(seen, [6, 6, 5, 1, 0, 0]);
    // While incidents are closed, too.
    let dir = tempfile::tempdir().unwrap();
    let mut evening = evening::handled(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    let mut window = HandlingWindow::default();
    for case in 1..=6 {
        evening.goes(case);
        let measured = window.measured(&reader, at(case * 1000)).unwrap();
        assert_eq!(*measured, reader.handling(ALWAYS.0, ALWAYS.1).unwrap(), "{case}");
        assert_eq!(measured.figures[0].cases, case as usize);
    }
}

/// 2.3: what is open and how long it keeps operators, by what was measured of its kind; by what is assumed where cases are too few, and
/// each says which. A burglary with its unit under way keeps nobody; the tamper has been in hand for nine seconds.
#[test]
fn row_2_3_the_forecast_says_what_is_measured_and_what_is_assumed() {
    let dir = tempfile::tempdir().unwrap();
    evening::build_handled(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    let measured = reader.handling(ALWAYS.0, ALWAYS.1).unwrap();
    let row = |kind, [waiting, in_hand]: [usize; 2], each_ms, measured, cases, work_ms| {
        let phase = Phase::Worked;
        ForecastRow { kind, phase, waiting, in_hand, each_ms, measured, cases, work_ms }
    };
    let seats = |people, done_in_ms| ForecastSeats { people, done_in_ms };
    let expected = Forecast {
        rows: vec![
            row(Kind::Burglary, [1, 1], 10_000, true, 6, 10_000),
            row(Kind::Tamper, [0, 1], 149_000, false, 4, 140_000),
        ],
        work_ms: 150_000,
        seats: vec![seats(0, None), seats(1, Some(150_000)), seats(2, Some(75_000))],
    };
    assert_eq!(reader.forecast(&measured, 0, at(9109)).unwrap(), expected);
    // A unit was asked ten seconds after it was taken, and keeps its operator no longer, whatever the average says.
    assert_eq!(reader.forecast(&measured, 0, at(8915)).unwrap().work_ms, 10_000 + 149_000);
    let later = reader.forecast(&measured, 3, at(9300)).unwrap();
    assert_eq!((later.work_ms, later.seats[0]), (10_000, seats(3, Some(3_333))), "nothing takes less than no time");
}
