//! What calls take and give, in a short notation: `name type, ...`, where a type is `text`, `time`, `date`, `int`, `bool`, `json`, a
//! list of words or a shape by its name, `[type]` for a list, and `type?` where there may be none. The
//! tests compare the shapes with real answers.

use alarmcore::{
    Answer, AreaOf, Authority, Basis, CallResult, CaughtUp, Cause, Check, ClipKind, ClosingAnswer, ContactAnswer,
    DispatchState, Doing, EventKind, FeedEnd, Finding, FollowUpReason, Guarded, HandOffState, HoldReason, Kind,
    LoweredKind, Mark, OutcomeWord, OverflowReason, Part, Proof, Question, Rank, Rejection, Resolution, SceneEnd,
    Settlement, Sight, Source, StaffAnswer, Stage, StepState, StormEventKind, StormState, Telling, TestEnd, TestReason,
    TheirAnswer, TheirOutcome, Told, UnitAnswer, WhyNot,
};
use contactid::Class;
use opsmodel::store::query::About;
use serde_json::{Map, Value, json};

const SHAPES: &[(&str, &str)] = &[
    ("Problem", "status int, code text, title text, title_zh text, particulars json?"),
    ("Health", "status text, desk text, store text, intake text, faults [Part], seq int?"),
    ("Standing", "part Part, fails bool, since time, en text, zh text"),
    ("SignIn", "login text, password text"),
    ("Me", "operator int, login text, name text, role text, csrf text"),
    ("Done", "seq int, version int"),
    (
        "CardEdit",
        "version int, reason text, address text?, phone text?, site text?, district text?, feeder text?, carrier text?, site_type text?, \
         language text?, position text?, instructions text?, schedule text?, zones text?, \
         heartbeat_s int?, test_interval_s int?, mains_wait_s int?, battery_hours int?, expectations text?, contacts text?, codewords text?, users text?, sources text?, rotate bool?, features text?",
    ),
    ("ToldAlarm", "code text, zone int?, told Told?, contact int?, caller text?, note text?"),
    ("Entered", "signal int, outcome Fate, rule text?, incident int?"),
    ("CardReview", "version int, verdict text, note text?"),
    ("Carded", "version int, pending bool"),
    ("Unreviewed", "since time, base int, by [int], fields [FieldChange]"),
    ("FieldChange", "field text, old text, new text"),
    (
        "Change",
        "seq int, cursor int, incidents [int], tests [int], follow_ups [int], storms [int], accounts [text], signals int, \
         ring int?",
    ),
    (
        "Queue",
        "as_of int, rows [IncidentRow], stages [StageCount], hands Hands, queues [QueueCount], storms [StormRow], unseen int, follow_ups_due int, \
         paused bool, missed_at time?",
    ),
    ("Pause", "paused bool"),
    ("QueueCount", "queue text?, own bool, new int, suspended int, hidden int, actioned int"),
    ("InQueue", "name text, exclusive bool?, skills [text]?, language text?, overflow OverflowReason?"),
    (
        "AuthorityAnswer",
        "message text, incident int, number int, answer TheirAnswer, reason Rejection?, outcome TheirOutcome?, eta_s int?, \
         reference text?, text text?",
    ),
    ("SceneFound", "doors Check, windows Check, entry_signs bool?, persons int?, photos [text]?, note text?"),
    ("Heard", "taken bool, seq int?, why Problem?"),
    ("OutsidePage", "ways [WayShown], unmatched [UnmatchedRow]"),
    (
        "WayShown",
        "by text, to [Authority], first_contact bool, call_in bool, late_close bool, people [text], forwards bool, row WayRow, owed [Outgoing]",
    ),
    ("WayRow", "way text, settled int, settled_at time?, owed int, owed_since time?"),
    ("Outgoing", "id text, way text, at time, effect json, attempts int, refusals int, due_at time, fault text?"),
    (
        "UnmatchedRow",
        "id int, way text, message text, at time, body text, code text, why_en text, why_zh text, seen_at time?, \
         seen_by int?, seen_by_name text?, note text?",
    ),
    ("Seen", "note text?"),
    ("Hands", "waiting int, in_hand int, on_hold int"),
    ("StageCount", "stage Stage, incidents int"),
    ("Incidents", "rows [IncidentRow], hidden int, older int?"),
    (
        "IncidentRow",
        "incident int, priority int, kind Kind, stage Stage, account text?, account_name text?, owner int?, owner_name text?, \
         received_at time, opened_at time, calling_since time?, taken_at time?, first_act_at time?, dispatched_at time?, \
         arrived_at time?, closed_at time?, changed_at time, resolution Resolution?, cause Cause?, hold_until time?, \
         hold_reason HoldReason?, escalated_to Rank?, signals int, group_of int?, interrupted int?, queue InQueue?, offered_to int?, \
         offered_name text?, offered_until time?, version int, \
         last_signal SignalRow?",
    ),
    (
        "IncidentPage",
        "row IncidentRow, incident json, account AccountSheet?, signals [SignalRow], recent [SignalRow], moments [Moment], expected_at time?, arrive_by time?, \
         in_hand_until Expected?",
    ),
    ("IncidentPlan", "plan text, version int, text_version int, en text, zh text, given bool, steps [PlanStep]"),
    (
        "PlanStep",
        "step text, state StepState, en text, zh text, act Doing, to Authority?, forced bool, before [Guarded], at time?, \
         by int?, by_name text?, conditions [PlanCondition], question Question?, answer Answer?",
    ),
    ("PlanCondition", "question Question, answers [Answer]"),
    ("Moment", "seq int, version int, at time, by int?, by_name text?, kind EventKind, event json, user_name text?"),
    ("Accounts", "rows [AccountRow], after text?"),
    (
        "AccountRow",
        "account text, name text, address text, phone text, version int, closed_at time?, open_incidents int, \
         last_signal_at time?",
    ),
    (
        "AccountSheet",
        "row AccountRow, site text, format text, heartbeat_s int?, test_interval_s int?, schedule text?, cancel_users [int]?, cancel_users_unreviewed [int], users [PanelUserRow], sources text?, expectations [text], district text?, feeder text?, carrier text?, site_type text?, language text?, position text?, agreed [AgreedRow], instructions text, pending Unreviewed?, zones [Zone], contacts [ContactRow], rotate bool, features [text], state json?, area_users [text?], \
         test TestRow?",
    ),
    (
        "AgreedRow",
        "number int, lowers text, what_en text, what_zh text, from time, until time, reason text, agreement text, by int?, \
         by_name text?, approved_by int?, approved_by_name text?, approved_at time?, ended_by int?, ended_by_name text?, \
         ended_reason text?",
    ),
    ("PanelUserRow", "user int, name text, cancels bool, cancels_unreviewed bool, closes_late bool, until time?"),
    ("Zone", "number int, name text"),
    (
        "ContactRow",
        "contact int, name text, phone text, phones [text], available text?, not_before time?, role text, closes_late bool, has_codeword bool",
    ),
    (
        "AccountPage",
        "sheet AccountSheet, signals [SignalRow], incidents [IncidentRow], hidden int, tests [TestRow], history [CardChange]",
    ),
    (
        "TestRow",
        "test int, account text, account_name text?, scope Scope, danger int?, pauses [text], reason TestReason, contact int?, asked_by text?, proved bool, \
         second int?, second_name text?, agreed int?, note text?, by int?, by_name text?, started_at time, before_s int, until time, warn_at time, warned_at time?, ended_at time?, ending TestEnd?",
    ),
    (
        "FollowUpRow",
        "follow_up int, incident int?, account text?, account_name text?, reason FollowUpReason?, priority int?, said_by Authority?, answer TheirAnswer?, their_outcome TheirOutcome?, said text?, \
         note text?, to_operator int?, to_name text?, to_rank Rank?, due_at time, rang_at time?, called_to Rank?, made_at time, by int?, by_name text?, done_at time?, done_by int?, done_name text?, outcome text?",
    ),
    ("Scope", "zones Zones, classes [Class], life_safety [Class]"),
    ("Zones", "which text, zones [int]?"),
    (
        "ClipRow",
        "number int, kind ClipKind, media text, sha256 text, bytes int, starts time?, ends time?, added_at time, added_by int?, \
         views int, viewed_at time?, name text?, added_by_name text?, fault text?",
    ),
    ("KeptClip", "number int, kind ClipKind, sha256 text, bytes int"),
    ("MayAnswer", "contact int, name text, phone text"),
    (
        "LoweredRow",
        "account text?, name text?, kind text, code text?, number int?, since time, until time?, \
         owner_rank Rank, owner int?, owner_name text?, deadline time?, warn_at time?, by int?, by_name text?, user int?, user_name text?, \
         asked_by text?, reason TestReason?, test int?, scope Scope?, before_s int, pauses [text], contact_name text?, result CallResult?, \
         incident int?, follow_up int?, closing int?, may_answer [MayAnswer], what_en text?, what_zh text?, why text?, agreement text?, approved_by int?, approved_by_name text?, \
         assigned_by int?, assigned_by_name text?, assigned_at time?",
    ),
    (
        "DeadNumberRow",
        "account text, name text, contact int, contact_name text?, number int, result CallResult, since time, due time, \
         incident int",
    ),
    (
        "StormRow",
        "storm int, area Area, state StormState, by int?, by_name text?, declared_at time, counted_signals int, \
         counted_accounts int, until time, confirmed_at time?, confirmed_by_name text?, called_in_at time?, calm_at time?, \
         ended_at time?, ended_by_name text?, second_name text?, grouped int, left int",
    ),
    ("Area", "of AreaOf, name text"),
    ("StormPage", "row StormRow, lines [StormLine], moments [StormMoment], forecast Forecast?"),
    ("Forecast", "rows [ForecastRow], work_ms int, seats [ForecastSeats]"),
    (
        "ForecastRow",
        "kind Kind, phase text, waiting int, in_hand int, each_ms int, measured bool, cases int, work_ms int",
    ),
    ("ForecastSeats", "people int, done_in_ms int?"),
    (
        "StormLine",
        "account text, account_name text?, kind Kind, since time, first int, last int, signals int, how CaughtUp?, \
         settled_at time?, by int?, by_name text?, restored_by int?, incident int?, reference text?",
    ),
    (
        "StormMoment",
        "at time, by int?, by_name text?, kind StormEventKind, account text?, answer StaffAnswer?, note text?",
    ),
    ("CardChange", "card text, version int, at time, by int?, by_name text?, origin text, reason text"),
    ("SignalPage", "rows [SignalRow], hidden int, older int?, searched_to time?"),
    (
        "SignalRow",
        "id int, received_at time, line text, peer text, answer text, account text?, token text, sequence int?, part int, \
         parts int, marks [text], code text?, qualifier int?, group text?, number text?, user int?, user_name text?, class text?, address text?, \
         text text?, device_time text?, name_en text?, name_zh text?, disposition Fate?, incident int?, rule text?, policy int?, raw_hex text",
    ),
    ("Explanation", "signal SignalRow, shown bool, steps [Step], remarks [Remark], evidence [Evidence]"),
    (
        "Step",
        "at time, outcome Fate, incident int?, until time?, of int?, rule text, rule_en text, rule_zh text, policy int, overridden text?, unweighed bool",
    ),
    ("Remark", "about About, en text, zh text"),
    ("Evidence", "signal SignalRow, rule_en text, rule_zh text"),
    (
        "UnitRow",
        "unit int, version int, name text, phone text, on_duty bool, position text?, travel text, districts text, skills text, \
         other_jobs int, jobs [Job], hidden_jobs int",
    ),
    (
        "UnitCard",
        "id int, version int, closed_at int?, name text, phone text, on_duty bool, off_duty_since int?, position text?, \
         travel_s json?, districts [text]?, skills [text]?, jobs int?",
    ),
    (
        "UnitEdit",
        "version int?, name text?, phone text?, on_duty bool?, position text?, travel text?, districts text?, skills text?, \
         jobs int?",
    ),
    ("Staff", "operators [OperatorRow], queues [Staffed]"),
    (
        "OperatorRow",
        "operator int, version int, name text, role text, skills [text], languages [text], present bool, paused bool, \
         queues [Served]",
    ),
    ("Served", "name text, exclusive bool"),
    ("Staffed", "name text, exclusive bool, skills [text], languages [text], members int, present int"),
    ("OperatorPage", "row OperatorRow, known KnownNames, history [OperatorChange]"),
    ("KnownNames", "skills [text], languages [text]"),
    (
        "OperatorChange",
        "card text, version int, at time, by int?, by_name text?, origin text, reason text, changes [FieldChange]",
    ),
    ("OperatorEdit", "version int?, skills [text]?, languages [text]?"),
    (
        "Job",
        "incident int, kind Kind, account text?, account_name text?, address text?, state DispatchState, since time, accepted_at time?, \
         until time?, free Expected?",
    ),
    ("Expected", "cases int, p50_at time?, p90_at time?"),
    (
        "Handover",
        "as_of int, open [IncidentRow], hidden int, on_test [TestRow], follow_ups [FollowUpRow], storms [StormRow], \
         accounts [HandoverAccount], hand_offs [HandedRow], lowered [LoweredRow], unmatched [UnmatchedRow], list text",
    ),
    ("Signing", "list text, login text, password text, note text"),
    (
        "SignedHandover",
        "number int, at int, from int, to int, as_of int, list text, text text?, since text?, open int, note text?",
    ),
    ("HandoverAccount", "account text, name text?, reason text, code text?, number int?, since time"),
    (
        "HandedRow",
        "incident int, account text?, closed_at time?, number int, to Authority, state HandOffState, cancel_asked_at time?, \
         needed_since time?",
    ),
    ("HandOffs", "rows [HandOffRow], figures [HandOffFigures]"),
    (
        "HandOffRow",
        "incident int, number int, account text?, kind Kind, to Authority, way text?, asked_at time, delivered_at time?, \
         answered_at time?, accepted bool?, rejection Rejection?, dispatched_at time?, on_scene_at time?, state HandOffState, \
         ended_at time?, outcome TheirOutcome?, reference text?, messages int, failures int, answer_ms int?, on_scene_ms int?",
    ),
    (
        "HandOffFigures",
        "to Authority, way text?, asked int, accepted int, rejected int, failed int, open int, answer_p50_ms int?, \
         answer_p95_ms int?, on_scene_p50_ms int?, on_scene_p95_ms int?",
    ),
    (
        "AutoHandledRow",
        "rule text, account text?, user int?, user_name text?, signals int, first_at time, last_at time, last int",
    ),
    (
        "StrangeSourceRow",
        "account text, source text, signals int, first_at time, last_at time, last int, allowed text, told_at time?",
    ),
    ("Offers", "rows [OfferRow], figures [OfferFigures]"),
    (
        "OfferRow",
        "incident int, to int, to_name text?, at time, until time, ended_at time?, taken bool, reason FeedEnd?, taken_ms int?",
    ),
    (
        "OfferFigures",
        "to int, to_name text?, offered int, taken int, not_taken int, otherwise int, taken_p50_ms int?, taken_p95_ms int?",
    ),
    ("Handling", "least int, figures [HandlingFigures]"),
    ("HandlingFigures", "kind Kind, phase text, cases int, mean_ms int?, p50_ms int?, p90_ms int?"),
    ("Response", "rows [ResponseRow], percentiles [Percentiles]"),
    (
        "ResponseRow",
        "incident int, account text?, kind Kind, priority int, received_at time, taken_at time?, first_act_at time?, \
         dispatched_at time?, closed_at time?, taken_ms int?, first_act_ms int?, dispatch_ms int?, close_ms int?, \
         holds int, held_ms int",
    ),
    (
        "Percentiles",
        "priority int, measure text, incidents int, reached int, p50_ms int?, p80_ms int?, p95_ms int?, p985_ms int?",
    ),
    (
        "FalseAlarms",
        "closed int, false_alarms int, by_cause [FalseAlarmGroup], by_account [FalseAlarmGroup], by_zone [FalseAlarmGroup]",
    ),
    ("FalseAlarmGroup", "cause Cause?, account text?, zone int?, incidents int"),
    ("DayCount", "day date, class text, outcome Outcome, signals int"),
    ("Conservation", "minutes [LineMinute], holes [Hole]"),
    (
        "LineMinute",
        "minute time, line text, received int, acknowledged int, supervised int, refused int, noise int, stored int, \
         signals int, disposed int, held int, pending int",
    ),
    ("PackReport", "pack text, from time, to time, as_of time, whose [text], clauses [ClauseRow]"),
    (
        "ClauseRow",
        "pack text, clause text, mark Mark, text text, text_zh text, finding Finding, why WhyNot?, measures text, measures_zh text, \
         target text, figure text, cases int, failed int, open int, failures [Failure]",
    ),
    ("Failure", "at time, incident int?, signal int?, account text?, took_ms int?"),
    ("Hole", "minute time, line text, rule text, expected int, found int, signal int?"),
];

/// Closed lists of words, as `alarmcore` spells them.
fn words(name: &str) -> Option<Vec<&'static str>> {
    macro_rules! all {
        ($list:ident) => {
            $list::ALL.iter().map(|word| word.as_str()).collect()
        };
    }
    Some(match name {
        "About" => all!(About),
        "Answer" => all!(Answer),
        "Doing" => all!(Doing),
        "Guarded" => all!(Guarded),
        "Question" => all!(Question),
        "StepState" => all!(StepState),
        "TheirAnswer" => all!(TheirAnswer),
        "Authority" => all!(Authority),
        "Basis" => all!(Basis),
        "CallResult" => all!(CallResult),
        "Cause" => all!(Cause),
        "Check" => all!(Check),
        "ClipKind" => all!(ClipKind),
        "DispatchState" => all!(DispatchState),
        "UnitAnswer" => all!(UnitAnswer),
        "EventKind" => all!(EventKind),
        "Fate" => {
            let mut fates: Vec<_> = all!(OutcomeWord);
            fates.push("pending");
            fates
        }
        "Class" => all!(Class),
        "HoldReason" => all!(HoldReason),
        "LoweredKind" => all!(LoweredKind),
        "ClosingAnswer" => all!(ClosingAnswer),
        "OverflowReason" => all!(OverflowReason),
        "FeedEnd" => all!(FeedEnd),
        "Finding" => all!(Finding),
        "Kind" => all!(Kind),
        "Mark" => all!(Mark),
        "WhyNot" => all!(WhyNot),
        "Part" => all!(Part),
        "Rank" => all!(Rank),
        "Outcome" => all!(OutcomeWord),
        "SceneEnd" => all!(SceneEnd),
        "Rejection" => all!(Rejection),
        "Resolution" => all!(Resolution),
        "Settlement" => all!(Settlement),
        "Sight" => all!(Sight),
        "Source" => all!(Source),
        "AreaOf" => all!(AreaOf),
        "CaughtUp" => all!(CaughtUp),
        "ContactAnswer" => all!(ContactAnswer),
        "StormEventKind" => all!(StormEventKind),
        "StormState" => all!(StormState),
        "Proof" => all!(Proof),
        "Stage" => all!(Stage),
        "TestEnd" => all!(TestEnd),
        "TestReason" => all!(TestReason),
        "FollowUpReason" => all!(FollowUpReason),
        "Telling" => all!(Telling),
        "Told" => all!(Told),
        "TheirOutcome" => all!(TheirOutcome),
        "HandOffState" => all!(HandOffState),
        "StaffAnswer" => all!(StaffAnswer),
        _ => return None,
    })
}

/// The fields of a notation with their types.
pub(super) fn fields(notation: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    notation.split(',').filter_map(|field| field.trim().split_once(' '))
}

/// The schema of a type.
pub(super) fn schema(kind: &str) -> Value {
    if let Some(kind) = kind.strip_suffix('?') {
        return match schema(kind) {
            Value::Object(mut plain) if plain.contains_key("type") => {
                let name = plain.remove("type");
                plain.insert("type".into(), json!([name, "null"]));
                Value::Object(plain)
            }
            other => json!({ "anyOf": [other, { "type": "null" }] }),
        };
    }
    if let Some(item) = kind.strip_prefix('[').and_then(|kind| kind.strip_suffix(']')) {
        return json!({ "type": "array", "items": schema(item) });
    }
    match kind {
        "text" => json!({ "type": "string" }),
        "time" => json!({ "type": "string", "format": "date-time" }),
        "date" => json!({ "type": "string", "format": "date" }),
        "int" => json!({ "type": "integer" }),
        "bool" => json!({ "type": "boolean" }),
        "json" => json!({}),
        name => match words(name) {
            Some(words) => json!({ "type": "string", "enum": words }),
            None => json!({ "$ref": format!("#/components/schemas/{name}") }),
        },
    }
}

/// Every shape by its name.
pub(super) fn schemas() -> Map<String, Value> {
    let one = |(name, notation): &(&'static str, &'static str)| {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (field, kind) in fields(notation) {
            properties.insert(field.to_owned(), schema(kind));
            if !kind.ends_with('?') {
                required.push(field);
            }
        }
        let schema = json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        });
        ((*name).to_owned(), schema)
    };
    SHAPES.iter().map(one).collect()
}

/// A value of a type, for tests.
#[cfg(test)]
pub(super) fn sample(kind: &str) -> Value {
    let kind = kind.trim_end_matches('?');
    match kind {
        "text" => json!("CNY"),
        "int" => json!(1),
        "bool" => json!(true),
        "[text]" => json!(["one"]),
        "[int]" => json!([1]),
        "[Class]" => json!(["burglary"]),
        name => match words(name) {
            Some(words) => json!(words[0]),
            None => {
                let (_, notation) = SHAPES.iter().find(|(shape, _)| *shape == name).unwrap();
                fields(notation).map(|(field, kind)| (field.to_owned(), sample(kind))).collect()
            }
        },
    }
}
