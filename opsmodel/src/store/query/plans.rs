//! The plan of every hot statement, word for word: a page must never scan the signals.

use rusqlite::params_from_iter;
use rusqlite::types::Null;

use super::{
    Reader, account, board, conservation, counts, dossier, explain, false_alarms, false_calls, fed, follow_ups,
    hand_offs, handling, handover, incident, kept, log, on_test, outside, pack, panel_users, people, policies, queue,
    response, sessions, signals, sources, storm, stream, what_if,
};
use crate::store::{Centre, SignalLog, hidden};

/// What is owed for one incident.
const OF_INCIDENT: &[&str] = &["SEARCH outbox USING PRIMARY KEY (id>? AND id<?)", "USE TEMP B-TREE FOR ORDER BY"];

/// The card of the account that a row is about.
const ITS_CARD: &str = "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?) LEFT-JOIN";

/// The dispositions of a part of the log.
const OF_SIGNALS: &[&str] = &["SEARCH disposition USING INDEX disposition_signal (signal>? AND signal<?)"];

/// What is read with each follow-up.
macro_rules! with_follow_up {
    ($first:literal) => {
        &[
            $first,
            "SEARCH i USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?) LEFT-JOIN",
            "SEARCH t USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            "SEARCH d USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            "SEARCH j USING COVERING INDEX journal_stream (stream=? AND version=?) LEFT-JOIN",
            "SEARCH n USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            "SEARCH k USING COVERING INDEX journal_stream (stream=? AND version=?) LEFT-JOIN",
            "SEARCH m USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            "SEARCH s USING COVERING INDEX journal_stream (stream=? AND version=?) LEFT-JOIN",
            "SEARCH w USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
        ]
    };
}

fn plan(reader: &Reader, statement: &str) -> Vec<String> {
    let mut explain = reader.sql.prepare(&format!("EXPLAIN QUERY PLAN {statement}")).unwrap();
    let parameters = explain.parameter_count();
    let rows = explain.query_map(params_from_iter(vec![Null; parameters]), |row| row.get::<_, String>(3)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn every_page_is_found_by_key() {
    let dir = tempfile::tempdir().unwrap();
    SignalLog::open(dir.path()).unwrap();
    Centre::open(dir.path()).unwrap();
    let reader = Reader::open(dir.path()).unwrap();
    let statements: &[(&str, &str, &[&str])] = &[
        (
            "queue",
            incident::OPEN,
            &[
                "SCAN i USING INDEX incident_open",
                "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?) LEFT-JOIN",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH p USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        (
            "incident",
            incident::ONE,
            &[
                "SEARCH i USING INTEGER PRIMARY KEY (rowid=?)",
                "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?) LEFT-JOIN",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH p USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        (
            "incidents of an account",
            incident::OF_ACCOUNT,
            &[
                "SEARCH i USING INDEX incident_account (account=? AND opened_at>? AND opened_at<?)",
                "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?) LEFT-JOIN",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH p USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        (
            "incidents",
            incident::OF_ALL,
            &[
                "SEARCH i USING INDEX incident_opened (opened_at>? AND opened_at<?)",
                "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?) LEFT-JOIN",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH p USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        (
            "incidents in order",
            incident::IN_ORDER,
            &[
                "SEARCH i USING INDEX incident_opened (opened_at>? AND opened_at<?)",
                "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?) LEFT-JOIN",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH p USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        ("why: evidence", explain::IN_ORDER, &["SEARCH incident_signal USING PRIMARY KEY (incident=?)"]),
        ("hidden: decided", hidden::DECIDED, &["SEARCH disposition USING INDEX disposition_signal (signal=?)"]),
        (
            "hidden: shown",
            hidden::SHOWN,
            &["SEARCH incident_signal USING COVERING INDEX incident_signal_signal (signal=?)"],
        ),
        ("what-if: first", what_if::FIRST, &["SEARCH signal USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
        ("what-if: last", what_if::LAST, &["SEARCH signal USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
        ("what-if: cursor", what_if::CURSOR, &["SEARCH cursor USING PRIMARY KEY (reader=?)"]),
        ("what-if: decided", what_if::DECIDED, OF_SIGNALS),
        ("missed", queue::MISSED, &["SEARCH attention USING PRIMARY KEY (operator=?)"]),
        ("handed", hand_offs::HANDED, &["SEARCH incident USING INDEX incident_handed (opened_at<?)"]),
        ("kept", kept::WAITING, &["SCAN incident USING INDEX incident_kept"]),
        (
            "offered",
            fed::OFFERED,
            &[
                "SEARCH j USING INDEX journal_fed (at>? AND at<?)",
                "SEARCH e USING INDEX journal_stream (stream=? AND version=?) LEFT-JOIN",
                "CORRELATED SCALAR SUBQUERY 1",
                "SEARCH n USING INDEX journal_stream (stream=? AND version>?)",
            ],
        ),
        ("sent", hand_offs::SENT, &["SEARCH outbox USING INDEX outbox_way (way>?)"]),
        ("outgoing", outside::OUTGOING, &["SEARCH outbox USING INDEX outbox_way (way=? AND state=?)"]),
        (
            "sendable",
            outside::NEXT,
            &[
                "CO-ROUTINE one",
                "CO-ROUTINE (subquery-4)",
                "SEARCH outbox USING INDEX outbox_way (way=? AND state=?)",
                "USE TEMP B-TREE FOR ORDER BY",
                "SCAN (subquery-4)",
                "SCAN one",
                "CORRELATED SCALAR SUBQUERY 1",
                "SEARCH incident USING INTEGER PRIMARY KEY (rowid=?)",
                "USE TEMP B-TREE FOR ORDER BY",
            ],
        ),
        (
            "astray",
            outside::ASTRAY,
            &[
                "SEARCH outbox USING INDEX outbox_way (way>?)",
                "LIST SUBQUERY 1",
                "SCAN json_each VIRTUAL TABLE INDEX 1:",
                "CREATE BLOOM FILTER",
                "USE TEMP B-TREE FOR ORDER BY",
            ],
        ),
        ("outgoing of an incident", outside::OUTGOING_OF, OF_INCIDENT),
        ("offer", outside::OFFERED, OF_INCIDENT),
        ("unseen", outside::UNSEEN, &["SCAN unmatched USING INDEX unmatched_unseen"]),
        ("follow-ups due", follow_ups::DUE, &["SCAN follow_up USING INDEX follow_up_open"]),
        ("what-if: cards", what_if::HISTORY, &["SEARCH card_history USING INTEGER PRIMARY KEY (rowid>?)"]),
        ("what-if: journal", what_if::ENTRIES, &["SEARCH journal USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
        ("why: decisions", explain::STEPS, &["SEARCH disposition USING INDEX disposition_signal (signal=?)"]),
        ("why: card", explain::CARD, &["SEARCH card_history USING INDEX card_history_card (card=? AND key=?)"]),
        (
            "why: open",
            explain::OPEN_THEN,
            &["SEARCH incident USING INDEX incident_account (account=? AND opened_at<?)"],
        ),
        (
            "why: restore",
            explain::RESTORE,
            &["SEARCH signal_row USING PRIMARY KEY (account=? AND received_at=? AND signal>?)"],
        ),
        (
            "why: held before",
            explain::HELD_BEFORE,
            &[
                "SEARCH s USING PRIMARY KEY (account=? AND received_at>? AND received_at<?)",
                "SEARCH d USING INDEX disposition_signal (signal=? AND step=?)",
            ],
        ),
        (
            "why: opened or closed before",
            explain::CHANGED_BEFORE,
            &[
                "SEARCH s USING PRIMARY KEY (account=? AND received_at>? AND received_at<?)",
                "CORRELATED SCALAR SUBQUERY 1",
                "SEARCH d USING INDEX disposition_signal (signal=?)",
            ],
        ),
        (
            "why: trips before",
            explain::behind::TRIPS_BEFORE,
            &["SEARCH signal_row USING PRIMARY KEY (account=? AND received_at>? AND received_at<?)"],
        ),
        (
            "why: ran away",
            explain::behind::RAN_AWAY,
            &["SEARCH incident USING INDEX incident_account (account=? AND opened_at<?)"],
        ),
        (
            "why: grouped by",
            explain::behind::GROUPED_BY,
            &[
                "SEARCH s USING INDEX storm_declared (declared_at<?)",
                "SEARCH l USING PRIMARY KEY (storm=? AND account=? AND kind=?)",
            ],
        ),
        ("when an incident was opened", incident::OPENED_AT, &["SEARCH incident USING INTEGER PRIMARY KEY (rowid=?)"]),
        (
            "time line",
            stream::STREAM,
            &[
                "SEARCH j USING INDEX journal_stream (stream=?)",
                "SEARCH n USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        ("happenings", incident::SINCE, &["SEARCH journal USING INTEGER PRIMARY KEY (rowid>?)"]),
        ("journal end", queue::JOURNAL_END, &["SEARCH journal"]),
        (
            "accounts",
            account::FOUND,
            &[
                "SEARCH a USING INDEX sqlite_autoindex_account_1 (account>?)",
                "CORRELATED SCALAR SUBQUERY 1",
                "SEARCH i USING INDEX incident_account (account=?)",
                "CORRELATED SCALAR SUBQUERY 2",
                "SEARCH s USING INDEX sqlite_autoindex_account_state_1 (account=?)",
            ],
        ),
        (
            "account",
            account::ONE,
            &[
                "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?)",
                "CORRELATED SCALAR SUBQUERY 1",
                "SEARCH i USING INDEX incident_account (account=?)",
                "CORRELATED SCALAR SUBQUERY 2",
                "SEARCH s USING INDEX sqlite_autoindex_account_state_1 (account=?)",
            ],
        ),
        ("card", account::CARD, &["SEARCH account USING INDEX sqlite_autoindex_account_1 (account=?)"]),
        ("state", account::STATE, &["SEARCH account_state USING INDEX sqlite_autoindex_account_state_1 (account=?)"]),
        ("operator", people::CARD, &["SEARCH operator USING INTEGER PRIMARY KEY (rowid=?)"]),
        (
            "operator history",
            people::HISTORY,
            &[
                "SEARCH h USING INDEX card_history_card (card=? AND key=?)",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "USE TEMP B-TREE FOR ORDER BY",
            ],
        ),
        ("languages of sites", people::LANGUAGES, &["SCAN account", "USE TEMP B-TREE FOR DISTINCT"]),
        (
            "card history",
            account::HISTORY,
            &[
                "SEARCH h USING INDEX card_history_card (card=? AND key=?)",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "USE TEMP B-TREE FOR ORDER BY",
            ],
        ),
        ("log stretch", &log::STRETCH, &["SEARCH signal USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
        ("dispositions", log::RULED, &["SEARCH disposition USING INDEX disposition_signal (signal>? AND signal<?)"]),
        (
            "undecided",
            log::UNDECIDED,
            &[
                "SEARCH signal USING INTEGER PRIMARY KEY (rowid=?)",
                "SCALAR SUBQUERY 1",
                "SEARCH cursor USING PRIMARY KEY (reader=?)",
            ],
        ),
        ("log end", log::LAST, &["SEARCH signal"]),
        ("received at", log::RECEIVED_AT, &["SEARCH signal USING INTEGER PRIMARY KEY (rowid=?)"]),
        ("raw", log::RAW, &["SEARCH signal USING INTEGER PRIMARY KEY (rowid=?)"]),
        (
            "signals of an incident",
            signals::OF_INCIDENT,
            &["SEARCH incident_signal USING PRIMARY KEY (incident=? AND signal<?)"],
        ),
        (
            "signals of an account",
            signals::OF_ACCOUNT,
            &["SEARCH signal_row USING PRIMARY KEY (account=? AND received_at>? AND (received_at,signal)<(?,?))"],
        ),
        (
            "signals of a class",
            signals::OF_CLASS,
            &[
                "SEARCH signal_row USING INDEX signal_row_class (class=? AND received_at>? AND (received_at,signal)<(?,?))",
            ],
        ),
        (
            "open tests",
            on_test::OPEN,
            &[
                "SCAN t USING INDEX test_session_open",
                "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?) LEFT-JOIN",
                "SEARCH j USING INDEX journal_stream (stream=? AND version=?) LEFT-JOIN",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH s USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH n USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "USE TEMP B-TREE FOR ORDER BY",
            ],
        ),
        (
            "tests of an account",
            on_test::OF_ACCOUNT,
            &[
                "SEARCH t USING INDEX test_session_account (account=?)",
                "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?) LEFT-JOIN",
                "SEARCH j USING INDEX journal_stream (stream=? AND version=?) LEFT-JOIN",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH s USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH n USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        (
            "tests of a period",
            on_test::OF_PERIOD,
            &[
                "SEARCH t USING INDEX test_session_started (started_at<?)",
                "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?) LEFT-JOIN",
                "SEARCH j USING INDEX journal_stream (stream=? AND version=?) LEFT-JOIN",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH s USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH n USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        ("open follow-ups", follow_ups::OPEN, with_follow_up!("SCAN f USING INDEX follow_up_open")),
        (
            "follow-ups of a period",
            follow_ups::OF_PERIOD,
            with_follow_up!("SEARCH f USING INDEX follow_up_made (made_at<?)"),
        ),
        (
            "open storms",
            storm::OPEN,
            &[
                "SCAN s USING INDEX storm_open",
                "SEARCH d USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH c USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH e USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH t USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        (
            "storms of a period",
            storm::OF_PERIOD,
            &[
                "SEARCH s USING INDEX storm_declared (declared_at<?)",
                "SEARCH d USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH c USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH e USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH t USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        (
            "a storm",
            storm::ONE,
            &[
                "SEARCH s USING INTEGER PRIMARY KEY (rowid=?)",
                "SEARCH d USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH c USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH e USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH t USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        (
            "ledger of a storm",
            storm::LINES,
            &[
                "SEARCH l USING PRIMARY KEY (storm=?)",
                "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?) LEFT-JOIN",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        (
            "moments of a storm",
            storm::MOMENTS,
            &[
                "SEARCH j USING INDEX journal_stream (stream=?)",
                "SEARCH n USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        ("sessions", sessions::SESSIONS, &["SCAN session", "USE TEMP B-TREE FOR ORDER BY"]),
        ("units", board::UNITS, &["SCAN unit"]),
        ("units out", board::OUT, &["SCAN i USING INDEX incident_open", ITS_CARD]),
        (
            "unreviewed cards",
            super::lowered::PENDING,
            &[
                "SEARCH a USING INDEX account_pending (pending_since>?)",
                "SEARCH o USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN",
            ],
        ),
        (
            "agreed and assigned",
            super::lowered::OPEN,
            &[
                "SCAN l USING INDEX lowered_open",
                "SEARCH a USING INDEX sqlite_autoindex_account_1 (account=?) LEFT-JOIN",
            ],
        ),
        (
            "a version of a card",
            account::VERSION,
            &["SEARCH card_history USING INDEX card_history_card (card=? AND key=? AND version=?)"],
        ),
        (
            "dossier: cards",
            dossier::VERSIONS,
            &["SEARCH card_history USING INDEX card_history_card (card=? AND key=?)"],
        ),
        ("states to hand over", handover::STATES, &["SCAN s USING INDEX account_state_standing", ITS_CARD]),
        ("hand-offs to hand over", handover::HANDED_OPEN, &["SCAN incident USING INDEX incident_open"]),
        ("closed ones", handover::HANDED_CLOSED, &["SEARCH incident USING INDEX incident_followed (followed_until>?)"]),
        ("pack: opened", pack::OPENED, &["SEARCH incident USING INDEX incident_opened (opened_at>? AND opened_at<?)"]),
        ("pack: records", false_calls::RECORDS, &["SEARCH journal USING INDEX journal_stream (stream=?)"]),
        (
            "pack: tested",
            pack::TESTED,
            &["SEARCH signal_row USING INDEX signal_row_class (class=? AND received_at>? AND received_at<?)"],
        ),
        ("pack: closed", pack::CLOSED, &["SEARCH incident USING INDEX incident_closed (closed_at>? AND closed_at<?)"]),
        ("pack: who ended it", pack::ENDED, &["SEARCH journal USING INDEX journal_stream (stream=?)"]),
        (
            "plan of an incident",
            policies::PLAN,
            &["SEARCH card_history USING INDEX card_history_card (card=? AND key=?)"],
        ),
        (
            "sources that a card listed",
            sources::LISTED,
            &["SEARCH card_history USING INDEX card_history_card (card=? AND key=?)"],
        ),
        (
            "name of a panel's user",
            panel_users::NAME,
            &[
                "SEARCH card_history USING INDEX card_history_card (card=? AND key=?)",
                "CORRELATED SCALAR SUBQUERY 1",
                "SCAN json_each VIRTUAL TABLE INDEX 3:",
            ],
        ),
        ("handling", handling::CLOSED, &["SEARCH incident USING INDEX incident_closed (closed_at>? AND closed_at<?)"]),
        ("response", response::OPENED, &["SEARCH incident USING INDEX incident_opened (opened_at>? AND opened_at<?)"]),
        (
            "false alarms",
            false_alarms::CLOSED,
            &["SEARCH incident USING INDEX incident_closed (closed_at>? AND closed_at<?)"],
        ),
        ("day counts", counts::COUNTS, &["SEARCH day_count USING PRIMARY KEY (day>? AND day<?)"]),
        ("line counts", conservation::COUNTED, &["SEARCH line_count USING PRIMARY KEY (minute>? AND minute<?)"]),
        (
            "reach of the log",
            conservation::REACH,
            &[
                "CO-ROUTINE (subquery-8)",
                "COMPOUND QUERY",
                "LEFT-MOST SUBQUERY",
                "SCAN CONSTANT ROW",
                "SCALAR SUBQUERY 1",
                "SEARCH line_count USING PRIMARY KEY",
                "SCALAR SUBQUERY 2",
                "SEARCH line_count USING PRIMARY KEY",
                "UNION ALL",
                "SCAN CONSTANT ROW",
                "SCALAR SUBQUERY 5",
                "SEARCH signal USING INTEGER PRIMARY KEY (rowid=?)",
                "SCALAR SUBQUERY 4",
                "SEARCH signal",
                "SCALAR SUBQUERY 7",
                "SEARCH signal USING INTEGER PRIMARY KEY (rowid=?)",
                "SCALAR SUBQUERY 6",
                "SEARCH signal",
                "SCAN (subquery-8)",
            ],
        ),
        ("conservation, log", conservation::LOGGED, &["SEARCH signal USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]),
        ("conservation, dispositions", conservation::DISPOSED, OF_SIGNALS),
        ("operators", people::OPERATORS, &["SCAN operator"]),
        (
            "log-in",
            people::BY_LOGIN,
            &["SEARCH o USING INDEX operator_login (login=?)", "SEARCH p USING PRIMARY KEY (operator=?)"],
        ),
    ];
    for (name, statement, expected) in statements {
        assert_eq!(plan(&reader, statement), *expected, "{name}");
    }
    assert!(!plan(&reader, people::SIGNED_IN).join(" ").contains("SCAN"));
}
