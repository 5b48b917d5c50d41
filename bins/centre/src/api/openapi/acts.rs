//! Every act on an incident, a test or a storm: one row each, held to the commands of `alarmcore` by tests. What is asked is held to the
//! same rows: a field that an act does not have is refused.

use serde_json::{Map, Value, json};

use super::shapes;
use crate::misread;
use crate::problem::Problem;

/// An act's word, what it is, and its fields in the notation of `shapes`.
type Row = (&'static str, &'static str, &'static str);

/// Every act on an incident.
const ACTS: &[Row] = &[
    ("take", "Take an incident that nobody owns.", ""),
    ("take-over", "Take an incident from its owner; supervisors only.", ""),
    ("release", "Put it back in the queue.", "note text?"),
    (
        "hold",
        "Lay it aside for so many minutes, within the policy's limits; then it calls again. No clock stops.",
        "reason HoldReason?, minutes int, note text?",
    ),
    ("resume", "Go on with what is on hold.", ""),
    (
        "call",
        "A contact was called; contact 0 is the site itself. In place of `result`, `spoken` holds the word that was said: only \
         its letters and digits count. Where the call is refused, a duress word or a wrong one is a signal of the account all the same, \
         and `particulars.result` of the problem says which it was. `answer-contact` takes it too, no other act on an incident. \
         `number` says which of the account's numbers was dialled; without it, the contact's first. `again_at`, in milliseconds since \
         the epoch, is when they are to be called again: a follow-up rings at that second, and the next call of them ends it.",
        "contact int, result CallResult, number int?, numbers int?, compared bool?, again_at int?, note text?",
    ),
    ("observe", "Something on the scene was seen or heard.", "source Source, saw Sight, note text?"),
    ("set-level", "Raise or lower the level of AVS-01 by hand; the note says why.", "level int, note text?"),
    (
        "verify-false",
        "Branch 1: verified false; closes the incident. Where somebody is threatened or calls for help, a supervisor other than \
         you signs with `second`.",
        "cause Cause?, note text?",
    ),
    (
        "pre-process",
        "Branch 2: undetermined; a unit is sent in the same act, the one that costs least where none is named.",
        "unit int?, note text?",
    ),
    ("offer", "Offer the incident to another unit, the one that costs least where none is named.", "unit int?"),
    ("withdraw", "Call a unit back before it arrives.", "unit int, note text?"),
    ("accept", "The unit accepted.", "unit int"),
    ("decline", "The unit declined.", "unit int, note text?"),
    ("depart", "The unit is on its way.", "unit int"),
    ("arrive", "The unit is on the scene.", "unit int"),
    (
        "report-scene",
        "What the unit found.",
        "unit int, doors Check, windows Check, entry_signs bool, persons int, photos [text], note text?",
    ),
    ("leave", "The unit left the scene.", "unit int"),
    (
        "scene-false",
        "The scene says that it was false, by a report of after the last danger. Under duress, a supervisor other than you signs \
         with `second`.",
        "cause Cause?, note text?",
    ),
    (
        "end-undetermined",
        "The end of branch 2 where the scene leaves it undetermined: `contact` secures it, or `unit` keeps guard `until` a \
         time (milliseconds since 1970 UTC) and is asked at `check_at`, or the police have accepted it. Under duress, a supervisor \
         other than you signs with `second`, unless the police have it.",
        "end SceneEnd, contact int?, unit int?, until int?, check_at int?, note text?",
    ),
    ("confirm-real", "Branch 3: it is real.", "basis Basis, note text?"),
    (
        "overturn",
        "What was called real was false. A supervisor other than you signs with `second`.",
        "cause Cause?, note text?",
    ),
    ("notify-owner", "The owner was called to the scene.", "contact int, note text?"),
    ("owner-arrived", "The owner arrived.", ""),
    (
        "record-wish",
        "What the owner wishes, and what the loss may be, in minor units.",
        "police bool, insurer bool, loss_minor int?, currency text?, note text?",
    ),
    ("hand-off", "Hand it to an authority.", "to Authority, reference text?, note text?"),
    ("answer-hand-off", "The authority answered.", "number int, accepted bool, reference text?, note text?"),
    ("take-charge", "The authority took charge on the scene.", "number int, officer text?, case_number text?"),
    (
        "confirm-delivery",
        "A message to an authority has arrived; message 1 is the hand-off itself. Adapters say so by themselves.",
        "number int, sequence int, note text?",
    ),
    ("fail-delivery", "A message to an authority could not be delivered.", "number int, sequence int, note text?"),
    (
        "tell-authority",
        "Tell an authority more, ask when they arrive, or ask them not to come. Where somebody is threatened or calls for help, a \
         supervisor other than you signs a cancel request with `second`.",
        "number int, telling Telling, contact int?, note text?",
    ),
    (
        "record-answer",
        "What an authority says. What their machine says comes by POST /api/hand-offs/answers.",
        "number int, answer TheirAnswer, from Authority?, reason Rejection?, outcome TheirOutcome?, eta_s int?, reference text?, message text?, unread bool?, note text?",
    ),
    (
        "fail-offer",
        "An offer to a unit could not be delivered: it is over, and calls. Adapters say so by themselves.",
        "unit int, offer int, note text?",
    ),
    (
        "fail-recall",
        "A unit could not be told that it need not go: the incident calls. Adapters say so by themselves.",
        "unit int, offer int, note text?",
    ),
    ("confirm-offer", "An offer to a unit has arrived. Adapters say so by themselves.", "unit int, offer int"),
    (
        "tell-unit",
        "Tell a unit that has the job what joined, or what the note says: sent by machine where one reached it, else you have told it.",
        "unit int, note text?",
    ),
    (
        "fail-telling",
        "A unit could not be told what joined: the incident calls. Adapters say so by themselves.",
        "unit int, offer int, note text?",
    ),
    (
        "record-unit-answer",
        "What a unit says of an offer by machine, which comes by POST /api/hand-offs/answers. It counts once, and while that offer stands; what it writes calls.",
        "unit int, offer int, answer UnitAnswer, message text, speaks bool?, note text?, scene SceneFound?",
    ),
    (
        "list-loss",
        "One line of the loss list, in minor units.",
        "item text, quantity int, value_minor int, currency text?, evidence text?",
    ),
    ("sign-losses", "The owner signs the loss list.", "signed_by text?"),
    ("record-dispatch", "The record that a unit owes.", "unit int, people text?, findings text?, signed_by text?"),
    ("record-case", "The record of a real case.", "note text?"),
    ("settle", "End a trouble or an unclear signal.", "settlement Settlement?, note text?"),
    ("close", "Close an incident whose branch is complete.", "note text?"),
    ("tick-step", "A step of the plan that only a person can say was done.", "step text, note text?"),
    (
        "skip-step",
        "Leave out a step of the plan, with the reason. For a forced one a supervisor other than you signs with `second`.",
        "step text, note text?",
    ),
    (
        "answer-contact",
        "What the customer answered who was asked by machine, in a storm. Evidence: it closes nothing, and `help` calls at once. By \
         telephone, `contact` says who answers and `spoken` what they said: it is recorded on a right word only, and `all-well` of a \
         contact with a codeword needs one.",
        "answer ContactAnswer, note text?",
    ),
    ("note", "Write something down.", "note text"),
];

/// The same of an account's test.
const TEST_ACTS: &[Row] = &[
    (
        "start",
        "Put the account on test: the whole, `only` these zones, or all `except` these. `classes` that are not life safety, all \
         when none is named; classes of `life_safety` only when named. With `contact`, `spoken` holds the word that was said: the \
         centre compares it and fills in `proof`, which nobody states by hand. A wrong word or a duress word begins no test and \
         is a signal of the account. A word, or a contact, that nobody else has reviewed yet is no proof (`proof-unreviewed`); \
         those that were reviewed before are, until a change of them is reviewed. Where the policy asks for a proof \
         (`on_test.proof`) or an intrusion is open (`intrusion`), and no word gives it, `second` holds the signature of another person, a supervisor.",
        "only [int], except [int], classes [Class], life_safety [Class], minutes int?, reason TestReason?, contact int?, \
         proof Proof?, asked_by text?, note text?",
    ),
    (
        "extend",
        "Let it go on until so many minutes from now. What its beginning needs (`contact` and `spoken`, or `second`), this needs, too; \
         so it does while life safety of the account is open.",
        "minutes int, contact int?, proof Proof?, note text?",
    ),
    ("end", "End it now.", "note text?"),
];

/// The same of a follow-up.
const FOLLOW_UP_ACTS: &[Row] = &[
    (
        "create",
        "Make one, about an incident (a closed one too) or an account, to a person or to anybody of a rank, due so many minutes \
         from now.",
        "incident int?, account text?, operator int?, rank Rank?, minutes int, note text?",
    ),
    ("reassign", "Give it to somebody else, or another time.", "operator int?, rank Rank?, minutes int?, note text?"),
    ("done", "It is done.", "note text?"),
];

/// The same of a row of the board of lowered protection.
const LOWERED_ACTS: &[Row] = &[
    (
        "assign",
        "Give a row to a person or a rank; `kind`, `code`, `number` and `since` (milliseconds since 1970 UTC) as the row has them.",
        "kind LoweredKind, code text?, number int?, since int, operator int?, rank Rank?, note text?",
    ),
    ("unassign", "Take it back.", "kind LoweredKind, code text?, number int?, since int, note text?"),
    (
        "answer-closing",
        "What somebody answers by telephone about a late closing; `signal` is the row's `closing`. `spoken` holds the word that they said: \
         on a duress word or a wrong one, which are signals of the account, the closing is not put off (`word-not-right`). Whoever has a \
         codeword says it for `extend` and `not-today`.",
        "signal int, answer ClosingAnswer, minutes int?, contact int, message text?, note text?",
    ),
    ("fail-closing", "The question could not be sent.", "signal int, note text?"),
];

/// The same of the agreements of an account.
const AGREED_ACTS: &[Row] = &[
    (
        "propose",
        "Propose a `suspension`, a `log-only` agreement or a `recurring-test`. `contact` is who asks for it on the telephone and `spoken` the \
         word that they said: nothing is proposed on a duress word or a wrong one, which are signals of the account.",
        "version int, lowers text, only [int], except [int], classes [Class], life_safety [Class], hours text?, test_reason TestReason?, \
         from int?, until int?, days int?, reason text?, agreement text?, contact int?",
    ),
    ("end", "End one now.", "version int, number int, reason text?"),
];

/// The same of the false alarms of an account.
const FALSE_CALLS_ACTS: &[Row] = &[("prove", "Record the proof of a remedy.", "reference text?, note text?")];

/// The same of a storm.
const STORM_ACTS: &[Row] = &[
    (
        "declare",
        "Declare a storm over a district, mains feeder, carrier or kind of site by its `name`, or over everything; supervisors only. Troubles of \
         mains, lines and batteries there are grouped; customers with an intrusion are asked by machine; `call_in` calls staff in.",
        "area AreaOf, name text?, minutes int?, call_in bool, note text?",
    ),
    (
        "confirm",
        "The rule that declared it is right: from now on it does more than group.",
        "minutes int?, call_in bool, note text?",
    ),
    ("dismiss", "The rule that declared it is wrong: what it grouped and still stands is shown.", "note text?"),
    ("extend", "Let it go on until so many minutes from now.", "minutes int, note text?"),
    ("call-in", "Call staff in.", "note text?"),
    (
        "answer-call-in",
        "Somebody who was called in answers, or was not reached.",
        "answer StaffAnswer, message text?, note text?",
    ),
    (
        "order",
        "A repair of this account is ordered; `reference` names the order.",
        "account text, kind Kind, reference text?",
    ),
    ("accept", "A person accepts how this account stands; `note` says why.", "account text, kind Kind, note text?"),
    ("end", "End it: nothing is left to catch up on. A supervisor other than you signs with `second`.", "note text?"),
];

/// Optional although the domain always has a value: what is left out is no, none or nobody.
const DEFAULTED: [&str; 8] =
    ["call_in", "entry_signs", "persons", "photos", "only", "except", "classes", "life_safety"];

/// What acts are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Acts {
    /// The agreements of an account.
    Agreed,
    /// The false alarms of an account.
    FalseCalls,
    /// A follow-up.
    FollowUp,
    /// An incident.
    Incident,
    /// A row of the board of lowered protection.
    Lowered,
    /// A storm.
    Storm,
    /// The test of an account.
    Test,
}

impl Acts {
    /// Refuses what an act does not have: a field that is misspelt would be another act than was meant. Which acts there are, whoever
    /// reads the act says.
    ///
    /// # Errors
    /// 422 that names the field, and those that there are.
    pub(crate) fn check(self, ask: &Map<String, Value>) -> Result<(), Problem> {
        let asked = ask.get("act").and_then(Value::as_str);
        let Some((act, _, notation)) = self.table().iter().find(|(act, ..)| Some(*act) == asked) else { return Ok(()) };
        let known: Vec<_> =
            shapes::fields(notation).map(|(name, _)| name).chain(self.beside(act).iter().copied()).collect();
        match ask.keys().find(|name| *name != "act" && !known.contains(&name.as_str())) {
            Some(unknown) => Err(misread::no_field(unknown, known)),
            None => Ok(()),
        }
    }

    /// One of all of them.
    pub(super) fn schema(self) -> Value {
        let one = |(act, about, notation): &Row| {
            let mut properties = json!({ "act": { "const": act } });
            let mut required = vec![json!("act")];
            for (name, kind) in shapes::fields(notation) {
                properties[name] = shapes::schema(kind);
                let spoken_instead = *act == "call" && name == "result";
                if !kind.ends_with('?') && !DEFAULTED.contains(&name) && !spoken_instead {
                    required.push(json!(name));
                }
            }
            for name in self.beside(act) {
                properties[name] = match *name {
                    "second" => json!({ "$ref": "#/components/schemas/SignIn" }),
                    "contact" => json!({ "type": "integer" }),
                    _ => json!({ "type": "string" }),
                };
            }
            json!({
                "type": "object",
                "description": about,
                "properties": properties,
                "required": required,
                "additionalProperties": false,
            })
        };
        let each: Vec<_> = self.table().iter().map(one).collect();
        json!({ "oneOf": each, "discriminator": { "propertyName": "act" } })
    }

    const fn table(self) -> &'static [Row] {
        match self {
            Self::Agreed => AGREED_ACTS,
            Self::FalseCalls => FALSE_CALLS_ACTS,
            Self::FollowUp => FOLLOW_UP_ACTS,
            Self::Incident => ACTS,
            Self::Lowered => LOWERED_ACTS,
            Self::Storm => STORM_ACTS,
            Self::Test => TEST_ACTS,
        }
    }

    /// What an act takes that is for the centre and not for the desk: a word that was said, who said it, who signs.
    const fn beside(self, act: &str) -> &'static [&'static str] {
        match (self, act.as_bytes()) {
            (Self::Incident, b"call") | (Self::Lowered, b"answer-closing") | (Self::Agreed, b"propose") => &["spoken"],
            (Self::Incident, b"answer-contact") => &["contact", "spoken"],
            // A test is ended by anybody.
            (Self::Test, b"start" | b"extend") => &["spoken", "second"],
            (
                Self::Incident,
                b"overturn" | b"skip-step" | b"verify-false" | b"scene-false" | b"end-undetermined" | b"tell-authority",
            )
            | (Self::Storm, b"end") => &["second"],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests;
