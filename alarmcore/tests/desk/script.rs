//! A day at the desk in text: what happens goes in, what the desk says comes out, one line each.
//!
//! ```text
//! account 1001 mains_wait_s=600        an account's card
//! expects 1001 name Gate; expect E422; ...   what its card expects besides from now on, parted by `|`
//! unit 7                               a unit on duty
//! operator 2 skills=["banks"]          the card of a person at the desk; with a time before it, what changes of it
//! 22:14:03 signal 1001 E130 g1 n5      a signal; also s4 (sequence), udp, a mark's word, or `nothing`
//! 22:14:09 op1 inc1 take               an act, its fields as name=value
//! 22:14:30 outside inc1 record-answer  an adapter or an authority's machine
//! 22:15:00 op1 test1001 start          an act on the account's test; sup1 for op1 is a supervisor; `second=op2` agrees
//! 22:15:00 op1 silent                  the last sign of an operator; `here`, `left` (logged out)
//! 22:15:00 outside lowered1001 answer-closing signal=2 answer=arm contact=1   an act on the account's lowered protection
//! 22:15:30 address 1001                its address is another one since then
//! 22:16:00 op1 follow create incident=1 rank=supervisor minutes=60 note=call   a follow-up; `follow1` acts on the first
//! 22:15:00 sup1 storm declare          a storm is declared; `op1 storm1 confirm` acts on one, `second=op2` signs too
//! 22:20:00 time                        it is this late
//! 2027-03-01/09:00:00 time              on another day
//! 2027-03-01/09:00:00 false-call 1001  an alarm to which the police are called, and that is false; op1 and op2 do it all
//! 2027-03-01/09:00:00 false-alarm 1001 an alarm that is verified false over the telephone
//! 09:00:00 op1 calls1001 prove reference=WO-77   an act on the account's false alarms
//! 22:20:00 watch                       the centre has watched until now: what it misses comes in as its own signals
//! show queue | show account 1001 | show incident 1 | show plan 1
//! ```

mod cards;
mod shown;
mod watched;
mod words;

use std::fmt::Write;

use alarmcore::{
    AccountCard, Command, IncidentId, Input, Marks, OperatorCard, OperatorId, Output, Policy, Presence, Received,
    Report, SignalId, SignalSource, StormId, Supervision, Timestamp, UnitCard,
};
use contactid::{AccountNumber, Code, Lang, Qualifier, Signal};
use serde_json::Value;
pub(crate) use shown::checklist;
use shown::{brief, chosen, standing, wanted};
use words::{object, split};

use crate::replay::Memory;
use crate::witness::Witness;

/// Midnight of the day that all scripts play on.
pub(crate) const MIDNIGHT: Timestamp = Timestamp::from_secs(1795305600);

/// Plays a script and gives the time line, without the chain of those who are called when nobody acts: most days are about
/// something else.
pub(crate) fn play(policy: Policy, script: &str) -> String {
    play_whole(Policy { escalation: Vec::new(), ..policy }, script)
}

/// The same with the chain.
pub(crate) fn play_whole(policy: Policy, script: &str) -> String {
    let watch = Supervision::new(&policy.expect, MIDNIGHT);
    let (witness, memory) = (Witness::new(policy), Memory::default());
    let mut stage = Player { witness, watch, memory, signals: 0, timeline: String::new() };
    for line in script.lines().map(str::trim).filter(|line| !line.is_empty()) {
        stage.line(line);
    }
    stage.witness.close();
    stage.timeline
}

/// Rules that differ from the standard as this JSON says.
pub(crate) fn rules(json: &str) -> Policy {
    serde_json::from_str(json).unwrap()
}

struct Player {
    witness: Witness,
    watch: Supervision,
    /// Finds each act again in its records.
    memory: Memory,
    signals: u64,
    timeline: String,
}

impl Player {
    fn line(&mut self, line: &str) {
        let words: Vec<&str> = split(line);
        match words.as_slice() {
            ["account", number, fields @ ..] => self.say(Input::Account(cards::written(number, object(fields)))),
            ["expects", number, ..] => {
                let wanted = alarmcore::Expectation::read_all(line.split_once(number).unwrap().1).unwrap();
                let wanted = alarmcore::Expectation::dated(&wanted, &[], MIDNIGHT);
                let expectations = (!wanted.is_empty()).then(|| std::sync::Arc::new(wanted));
                self.say(Input::Account(AccountCard { expectations, ..cards::known(self.witness.desk(), number) }));
            }
            [time, "address", number] => {
                self.say(Input::Account(AccountCard {
                    address_since: Some(at(time)),
                    ..cards::known(self.witness.desk(), number)
                }));
                self.say(Input::Time(at(time)));
            }
            ["operator", operator, fields @ ..] => {
                let mut card = serde_json::to_value(OperatorCard::new(operator.parse().unwrap())).unwrap();
                card.as_object_mut().unwrap().extend(object(fields));
                let card = serde_json::from_value(card).unwrap();
                self.say(Input::Person { at: MIDNIGHT, card });
            }
            [time, "operator", operator, fields @ ..] => {
                let operator: OperatorId = operator.parse().unwrap();
                let cards = self.witness.desk().snapshot().operators;
                let known = cards.into_iter().find(|card| card.operator == operator).unwrap();
                let mut card = serde_json::to_value(known).unwrap();
                card.as_object_mut().unwrap().extend(object(fields));
                self.say(Input::Person { at: at(time), card: serde_json::from_value(card).unwrap() });
            }
            ["unit", unit, fields @ ..] => {
                let mut card = serde_json::to_value(UnitCard::new(unit.parse().unwrap())).unwrap();
                card.as_object_mut().unwrap().extend(object(fields));
                self.say(Input::Unit(serde_json::from_value(card).unwrap()));
            }
            [time, "unit", unit, "off"] => {
                let unit = unit.parse().unwrap();
                let known = self.witness.desk().snapshot().units.into_iter().find(|card| card.unit == unit).unwrap();
                self.say(Input::Unit(UnitCard { on_duty: false, off_duty_since: Some(at(time)), ..known }));
                self.say(Input::Time(at(time)));
            }
            [time, "started"] => self.witness.start(at(time)),
            ["closed", number] => self.say(Input::AccountClosed(number.parse().unwrap())),
            ["show", "queue"] => {
                for incident in self.witness.desk().queue() {
                    writeln!(self.timeline, "  | {}", brief(incident)).unwrap();
                }
            }
            ["show", "storm", id] => {
                let id = StormId::new(id.parse().unwrap());
                let storm = self.witness.desk().storms().find(|storm| storm.id == id).unwrap();
                let alarmcore::Storm { area, state, grouped, left, .. } = storm;
                writeln!(self.timeline, "  | {} {state} grouped={grouped} left={left}", area.label(Lang::En)).unwrap();
                for line in storm.ledger.lines() {
                    let how = line.settled.as_ref().map_or("left".into(), |settled| settled.how.to_string());
                    let alarmcore::Grouped { outage, since, signals, .. } = line;
                    let (account, kind) = (outage.account, outage.kind);
                    writeln!(self.timeline, "  |   {account} {kind} since {} x{signals} {how}", clock(*since)).unwrap();
                }
            }
            ["show", "account", number] => {
                let state = self.witness.desk().account(&number.parse().unwrap()).cloned();
                let text = state.map_or("never heard".into(), |state| standing(&state));
                writeln!(self.timeline, "  | {text}").unwrap();
            }
            ["show", "plan", id] => {
                let id: IncidentId = id.parse().unwrap();
                let desk = self.witness.desk();
                let found = alarmcore::progress(desk.incident(id).unwrap(), &desk.policy().plans).unwrap();
                self.timeline += &checklist(&found);
            }
            ["show", "incident", id] => {
                let id: IncidentId = id.parse().unwrap();
                let text = serde_json::to_string(self.witness.desk().incident(id).unwrap()).unwrap();
                writeln!(self.timeline, "  | {text}").unwrap();
            }
            [time, "signal", account, words @ ..] => {
                self.signals += 1;
                let received = signal(self.signals, at(time), account, words);
                self.say(Input::Signal(received));
            }
            [time, "false-call", account] => self.false_alarm(time, account, true),
            [time, "false-alarm", account] => self.false_alarm(time, account, false),
            [time, by, calls, act, fields @ ..] if calls.starts_with("calls") => {
                let mut body = object(fields);
                body.insert("act".into(), Value::String((*act).into()));
                self.say(Input::FalseCalls {
                    at: at(time),
                    by: by.trim_start_matches(char::is_alphabetic).parse().unwrap(),
                    account: calls.trim_start_matches(char::is_alphabetic).parse().unwrap(),
                    command: serde_json::from_value(Value::Object(body)).unwrap(),
                });
            }
            [time, "time"] => self.say(Input::Time(at(time))),
            [time, "watch"] => self.watch(at(time)),
            [time, by, presence @ ("here" | "silent" | "left")] => self.say(Input::Operator {
                at: at(time),
                operator: by.strip_prefix("op").unwrap().parse().unwrap(),
                presence: Presence::from_word(presence).unwrap(),
            }),
            [time, by, test, act, fields @ ..] if test.starts_with("test") => {
                let (fields, second) = signed(fields);
                let mut body = object(fields);
                body.insert("act".into(), Value::String((*act).into()));
                self.say(Input::Test {
                    at: at(time),
                    by: by.trim_start_matches(char::is_alphabetic).parse().unwrap(),
                    supervisor: by.starts_with("sup"),
                    account: test.trim_start_matches(char::is_alphabetic).parse().unwrap(),
                    command: serde_json::from_value(Value::Object(body)).unwrap(),
                    second: second.map(|second| second.parse().unwrap()),
                });
            }
            [time, by, lowered, act, fields @ ..] if lowered.starts_with("lowered") => {
                let mut body = object(fields);
                body.insert("act".into(), Value::String((*act).into()));
                body.entry("code").and_modify(|code| *code = code.to_string().into());
                let outside = (by == &"outside").then_some(OperatorId::OUTSIDE);
                self.say(Input::Lowered {
                    at: at(time),
                    by: outside.unwrap_or_else(|| by.strip_prefix("op").unwrap().parse().unwrap()),
                    account: lowered.trim_start_matches(char::is_alphabetic).parse().unwrap(),
                    command: serde_json::from_value(Value::Object(body)).unwrap(),
                });
            }
            [time, by, which, act, fields @ ..] if which.starts_with("follow") => {
                let mut body = object(fields);
                body.insert("act".into(), Value::String((*act).into()));
                self.say(Input::FollowUp {
                    at: at(time),
                    by: by.strip_prefix("op").unwrap().parse().unwrap(),
                    follow_up: which.strip_prefix("follow").unwrap().parse().ok(),
                    command: serde_json::from_value(Value::Object(body)).unwrap(),
                });
            }
            [time, by, storm, act, fields @ ..] if storm.starts_with("storm") => {
                let (fields, second) = signed(fields);
                let mut body = object(fields);
                body.insert("act".into(), Value::String((*act).into()));
                self.say(Input::Storm {
                    at: at(time),
                    by: by.trim_start_matches(char::is_alphabetic).parse().unwrap(),
                    supervisor: by.starts_with("sup"),
                    storm: storm.trim_start_matches(char::is_alphabetic).parse().ok().map(StormId::new),
                    command: serde_json::from_value(Value::Object(body)).unwrap(),
                    second: second.map(|second| second.parse().unwrap()),
                });
            }
            [time, by, incident, act, fields @ ..] => {
                let (fields, second) = signed(fields);
                let mut body = object(fields);
                body.insert("act".into(), Value::String((*act).into()));
                let command: Command = serde_json::from_value(Value::Object(body)).unwrap();
                self.say(Input::Act {
                    at: at(time),
                    by: if by == &"outside" {
                        OperatorId::OUTSIDE
                    } else {
                        by.strip_prefix("op").unwrap().parse().unwrap()
                    },
                    incident: incident.strip_prefix("inc").unwrap().parse().unwrap(),
                    command,
                    second: second.map(|second| second.parse().unwrap()),
                });
            }
            _ => panic!("not a line of a script: {line}"),
        }
    }

    /// An alarm and everything that is done until it is closed as false; `police` says whether they are called to it, and come.
    fn false_alarm(&mut self, time: &str, account: &str, police: bool) {
        let (opened, snapshot) = (at(time), self.witness.desk().snapshot());
        let incident = snapshot.next_incident;
        let acts: &[&str] = if police {
            &[
                "take",
                "confirm-real basis=witness",
                "record-wish police=true insurer=false",
                "hand-off to=police",
                "record-answer number=1 answer=on-scene",
                "overturn cause=user-error second=op2",
                "close",
            ]
        } else {
            &["take", "verify-false cause=user-error"]
        };
        self.line(&format!("{time} signal {account} E130 g1 n5"));
        for (act, seconds) in acts.iter().zip(1..) {
            let later = clock(opened.plus_secs(seconds));
            self.line(&format!("{later} op1 inc{incident} {act}"));
        }
    }

    fn say(&mut self, input: Input) {
        let card = match &input {
            Input::Account(AccountCard { account, .. }) | Input::AccountClosed(account) => Some(*account),
            _ => None,
        };
        let now = match &input {
            Input::Signal(received) => received.report.received_at,
            Input::Time(at)
            | Input::Act { at, .. }
            | Input::Test { at, .. }
            | Input::FalseCalls { at, .. }
            | Input::Lowered { at, .. }
            | Input::Storm { at, .. }
            | Input::Operator { at, .. }
            | Input::Person { at, .. }
            | Input::FollowUp { at, .. } => *at,
            Input::Account(_) | Input::AccountClosed(_) | Input::Unit(_) => MIDNIGHT,
        };
        self.listen(&input, now);
        let said = self.witness.handle_after_restart(input.clone());
        self.memory.note(&input, &said);
        let touched = said.iter().filter_map(|output| match output {
            Output::Touched(account) => Some(*account),
            _ => None,
        });
        for account in touched.chain(card) {
            self.watch.plan(account, &self.witness.desk().expected(&account, now), now);
        }
        for output in said {
            match output {
                Output::Record(record) => {
                    let mut facts = serde_json::to_value(&record.event).unwrap();
                    facts.as_object_mut().unwrap().remove("event");
                    // Every incident gets a plan: `show plan` tells which.
                    facts.as_object_mut().unwrap().remove("plan");
                    use alarmcore::IncidentEvent as E;
                    if let E::ActDue { until, .. } | E::Fed { until, .. } = record.event {
                        facts["until"] = Value::String(clock(until));
                    }
                    if let Some(millis) = facts.get("answer_by").and_then(Value::as_i64) {
                        facts["answer_by"] = Value::String(clock(Timestamp::from_millis(millis)));
                    }
                    let choice = facts.as_object_mut().unwrap().remove("choice");
                    let by = match record.by {
                        None => "-".into(),
                        Some(OperatorId::OUTSIDE) => "outside".into(),
                        Some(by) => format!("op{by}"),
                    };
                    let (at, id, version) = (clock(record.at), record.incident, record.version);
                    writeln!(self.timeline, "{at} inc{id} v{version} {by} {} {facts}", record.event.kind()).unwrap();
                    self.timeline += &choice.map(|choice| chosen(&choice)).unwrap_or_default();
                }
                Output::Dispose(disposition) => {
                    let (at, id, rule) = (clock(disposition.at), disposition.signal, disposition.rule);
                    let outcome = match disposition.outcome {
                        alarmcore::Outcome::Opened { incident } => format!("opened inc{incident}"),
                        alarmcore::Outcome::Joined { incident } => format!("joined inc{incident}"),
                        alarmcore::Outcome::Logged => "logged".into(),
                        alarmcore::Outcome::Held { until } => format!("held until {}", clock(until)),
                        alarmcore::Outcome::Repeat { of } => format!("repeats sig{of}"),
                    };
                    let whose = disposition.overridden.map_or(String::new(), |name| format!(", override of {name}"));
                    writeln!(self.timeline, "{at} sig{id} {outcome} ({rule}{whose})").unwrap();
                }
                Output::Perform(effect) => writeln!(self.timeline, "         -> {}", wanted(&effect)).unwrap(),
                Output::Refuse(refusal) => {
                    let (en, zh) = (refusal.label(Lang::En), refusal.label(Lang::Zh));
                    writeln!(self.timeline, "         refused: {en} / {zh}").unwrap();
                }
                Output::TestRecord(record) => {
                    let mut facts = serde_json::to_value(&record.event).unwrap();
                    facts.as_object_mut().unwrap().remove("event");
                    for moment in ["until", "warn_at"] {
                        if let Some(millis) = facts.get(moment).and_then(Value::as_i64) {
                            facts[moment] = Value::String(clock(Timestamp::from_millis(millis)));
                        }
                    }
                    let by = record.by.map_or("-".into(), |by: OperatorId| format!("op{by}"));
                    let (at, id, version) = (clock(record.at), record.test, record.version);
                    writeln!(self.timeline, "{at} test{id} v{version} {by} {} {facts}", record.event.kind()).unwrap();
                }
                Output::FollowUpRecord(record) => {
                    let mut facts = serde_json::to_value(&record.event).unwrap();
                    facts.as_object_mut().unwrap().remove("event");
                    if let Some(millis) = facts.get("due_at").and_then(Value::as_i64) {
                        facts["due_at"] = Value::String(clock(Timestamp::from_millis(millis)));
                    }
                    let by = record.by.map_or("-".into(), |by: OperatorId| format!("op{by}"));
                    let (at, id, version) = (clock(record.at), record.follow_up, record.version);
                    writeln!(self.timeline, "{at} follow{id} v{version} {by} {} {facts}", record.event.kind()).unwrap();
                }
                Output::LoweredRecord(record) => writeln!(self.timeline, "{}", shown::lowered(&record)).unwrap(),
                Output::RefuseLowered(refusal) => {
                    let (en, zh) = (refusal.label(Lang::En), refusal.label(Lang::Zh));
                    writeln!(self.timeline, "         refused: {en} / {zh}").unwrap();
                }
                Output::RefuseFollowUp(refusal) => {
                    let (en, zh) = (refusal.label(Lang::En), refusal.label(Lang::Zh));
                    writeln!(self.timeline, "         refused: {en} / {zh}").unwrap();
                }
                Output::RefuseTest(refusal) => {
                    let (en, zh) = (refusal.label(Lang::En), refusal.label(Lang::Zh));
                    writeln!(self.timeline, "         refused: {en} / {zh}").unwrap();
                }
                Output::FalseCallsRecord(record) => {
                    let mut facts = serde_json::to_value(&record.event).unwrap();
                    facts.as_object_mut().unwrap().remove("event");
                    for moment in ["until", "opened_at"] {
                        if let Some(millis) = facts.get(moment).and_then(Value::as_i64) {
                            facts[moment] = Value::String(clock(Timestamp::from_millis(millis)));
                        }
                    }
                    let by = record.by.map_or("-".into(), |by: OperatorId| format!("op{by}"));
                    let (at, account, kind) = (clock(record.at), record.account, record.event.kind());
                    writeln!(self.timeline, "{at} calls{account} {by} {kind} {facts}").unwrap();
                }
                Output::RefuseFalseCalls(refusal) => {
                    let (en, zh) = (refusal.label(Lang::En), refusal.label(Lang::Zh));
                    writeln!(self.timeline, "         refused: {en} / {zh}").unwrap();
                }
                Output::StormRecord(record) => {
                    let mut facts = serde_json::to_value(&record.event).unwrap();
                    facts.as_object_mut().unwrap().remove("event");
                    for moment in ["until", "since"] {
                        if let Some(millis) = facts.get(moment).and_then(Value::as_i64) {
                            facts[moment] = Value::String(clock(Timestamp::from_millis(millis)));
                        }
                    }
                    let by = record.by.map_or("-".into(), |by: OperatorId| format!("op{by}"));
                    let (at, id, version) = (clock(record.at), record.storm, record.version);
                    writeln!(self.timeline, "{at} storm{id} v{version} {by} {} {facts}", record.event.kind()).unwrap();
                }
                Output::RefuseStorm(refusal) => {
                    let (en, zh) = (refusal.label(Lang::En), refusal.label(Lang::Zh));
                    writeln!(self.timeline, "         refused: {en} / {zh}").unwrap();
                }
                Output::Touched(_) | Output::OverridesOver(_) | Output::OverrideWarned(_) | Output::Wait(_) => {}
            }
        }
    }
}

/// One received signal: a code such as `E130`, `R130`, `P130` or `BA`, then `g1`, `n5`, `s4`, marks.
pub(crate) fn signal(id: u64, at: Timestamp, account: &str, words: &[&str]) -> Received {
    let mut report = Report {
        received_at: at,
        line: "dc09-tcp".into(),
        account: account.parse::<AccountNumber>().ok(),
        token: "ADM-CID".into(),
        sequence: Some(id as u16),
        part: 0,
        parts: 1,
        marks: Marks::NONE,
        content: 0,
        source: None,
        signal: None,
    };
    for word in words {
        match (word.split_at(1), report.signal.as_mut()) {
            _ if *word == "udp" => report.line = "dc09-udp".into(),
            (("@", peer), _) => report.source = SignalSource::of_peer(peer),
            (_, None) if *word == "nothing" => {}
            (_, None) if !word.contains('-') && *word != "unread" && *word != "undeciphered" => {
                report.signal = Some(code(word));
            }
            (("g", number), Some(signal)) if number.parse::<u16>().is_ok() => signal.group = number.parse().ok(),
            (("n", number), Some(signal)) if number.parse::<u32>().is_ok() => signal.number = number.parse().ok(),
            (("s", number), _) if number.parse::<u16>().is_ok() => report.sequence = number.parse().ok(),
            _ => report.marks = report.marks.with(mark(word)),
        }
    }
    report.content = digest(&format!("{:?}", report.signal));
    Received { id: SignalId::new(id), report }
}

fn code(word: &str) -> Signal {
    let (code, qualifier) = match word.split_at(1) {
        ("E", code) if code.len() == 3 => (code, Qualifier::New),
        ("R", code) if code.len() == 3 => (code, Qualifier::Restore),
        ("P", code) if code.len() == 3 => (code, Qualifier::Status),
        _ => {
            let Ok(Code::Sia(code)) = word.parse() else { panic!("no code: {word}") };
            return Signal::new(Code::Sia(code), code.entry().map_or(Qualifier::New, |entry| entry.qualifier));
        }
    };
    Signal::new(code.parse().unwrap(), qualifier)
}

fn mark(word: &str) -> Marks {
    (0..8).map(|bit| Marks::from_bits(1 << bit)).find(|mark| mark.words().eq([word])).unwrap()
}

fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

pub(crate) fn at(clock: &str) -> Timestamp {
    if let Some((day, time)) = clock.split_once('/') {
        return Timestamp::from_rfc3339(&format!("{day}T{time}Z")).unwrap();
    }
    let parts: Vec<u32> = clock.split(':').map(|part| part.parse().unwrap()).collect();
    let [hours, minutes, seconds] = parts[..] else { panic!("no time: {clock}") };
    MIDNIGHT.plus_secs(hours * 3600 + minutes * 60 + seconds)
}

fn clock(at: Timestamp) -> String {
    let seconds = at.secs_since(MIDNIGHT);
    if !(0..100 * 3600).contains(&seconds) {
        return at.to_string().replace('T', "/").chars().take("2027-03-01/09:00:00".len()).collect();
    }
    format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// The fields of a line, and who signs it as the second person.
fn signed<'a, 'b>(fields: &'a [&'b str]) -> (&'a [&'b str], Option<&'b str>) {
    match fields {
        [fields @ .., last] if last.starts_with("second=") => (fields, last.strip_prefix("second=op")),
        _ => (fields, None),
    }
}
