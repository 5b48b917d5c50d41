//! What may be asked, and how: the command line.

use std::path::PathBuf;

use alarmcore::{IncidentId, SignalId};
use clap::{Parser, Subcommand};

use crate::output::Format;

/// Questions to the centre, answered on the command line.
///
/// Reads the files of a data directory, also while the centre runs on them; changes nothing in them and never makes
/// the centre wait. The same question over the same files gives the same bytes.
#[derive(Debug, Parser)]
#[command(name = "report", version, after_help = AFTER)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) question: Question,
}

const AFTER: &str = "\
A moment T is RFC 3339 (2026-11-22T08:00:00+08:00), a day (2026-11-22: its first moment in UTC), `today`, or so long
ago (-90s, -15m, -24h, -7d, -4w). Every time that is printed is RFC 3339 in UTC.

Examples:
  report events --data DIR --from -24h                        what came in since yesterday
  report events --data DIR --from -24h --irregular            late to close, unexpected openings, tests that did not come
  report events --data DIR --format json | jq '.[].code'      one object per stored signal
  report response --data DIR --from 2026-11-01 --to 2026-12-01 --summary
  report handling --data DIR --from -90d                      how long incidents are in hand and units are out, by kind
  report hand-offs --data DIR --from -4w --summary             how fast the authorities answered, and what they rejected
  report pack cn-sh-2010 --data DIR --from 2026-11-01 --to 2026-12-01    what was kept of each clause, and what was not
  report offers --data DIR --from -4w --summary                who takes what is offered to them, and how soon
  report false-alarms --data DIR --from -4w --by zone --format csv > zones.csv
  report dossier --data DIR 42 > incident-42.json             all of incident 42, sealed, for the insurer
  report check-dossier incident-42.json                       is it as it left the centre?
  report explain --data DIR 4711 --lang zh                     why signal 4711 was shown, or why not
  report what-if --data DIR --policy new.toml --from -4w       what last month would have been under these rules
  report conservation --data DIR --from today && echo nothing was lost
  report verify --data DIR                                    every hash chain, from the first record

Exit codes:
   0  answered; conservation: no hole; verify: every chain holds
   1  conservation: there is a hole; verify: a chain is broken, and the first bad record is named; what-if: a true
      event would have been hidden; check-dossier: something does not fit, and it is named
  64  the command line cannot be understood
  65  what-if: a policy file cannot be read; line, column and what is allowed there are named; pack: there is no such pack (those
      there are, are listed), or its file cannot be read
  66  there is no data directory, or nothing is stored in it; explain, dossier: no such signal or incident;
      check-dossier: no such file
  74  the files cannot be read, or the answer cannot be written";

const WHAT_IF: &str = "\
The findings, the gravest first:
  hidden     true events (found real by people, or handed to an authority) of which the new policy would have shown
             nothing; exit code 1 when there is one
  waiting    true events that it would still hold at the end of the period; a later --to tells what becomes of them
  later      true events that it would have shown later
  policy     the versions compared with their rule packs, and those that decided at the time
  not-replayed
             a section of the policy that differs, and that the replay cannot follow, with the reason; `count` is how much
             of the period was heard as it is recorded because of it
  recorded   whether what was decided at the time is what the old policy decides now; where it is not, the policy of that
             time was another one (give it with --old), or a card came to the desk a moment later than it was written
  signal     signals of which something else becomes, by outcome and rule
  incident   incidents that both open, only the old or only the new one; those that both have and of which something else
             becomes, by what differs; those still open at the end; how often they were raised, lowered and escalated
  dispatch   units asked to go, and hand-offs to authorities
  first-act  from receipt to the first act of a person, of the incidents that somebody acted on
  act        acts of the time that could be done, were refused, or had no incident to be done on
  outside    what others were asked for beside that: signals forwarded, measures after false calls, questions, warnings
  differs    every incident of which something else becomes, by its recorded number and the signal that opened it, and
             what: since when it is shown, priorities, raises by reason, lowered, whom the chain called after how many
             seconds, acts due by rules, units asked, hand-offs, acts refused and why, dropped or later, first act,
             closing; where all of that is the same, which of its records differ. The table names the first 20 incidents
             and cuts what is long; JSON and CSV name all, whole

How far to believe it: both replays start from how things stood at --from and hear the same signals, cards and acts. Acts
keep their recorded moments: nobody is faster here because the queue is shorter. An act on an incident is done on the one
that holds the same first signal, as soon as there is one. What nobody did then, nobody does here: an incident that only
the new policy opens stays open, and later signals of its account join it. What was refused then left no record, and is
not tried again. What the centre itself reported is heard as it was reported.";

const HANDLING: &str = "\
The phases:
  in-hand           from an operator's taking an incident to its closing, with holds and waiting for units in it; where graver
                    danger came later, from the first taking after that
  in-hand-asked     the same of incidents whose customer was asked by machine first, because of a storm: a shorter script
  worked            from an operator's taking it until it was closed or a unit was asked to go, with holds in it
  worked-asked      the same where the customer was asked by machine first, and has not said that all is well
  worked-agreed     the same where they have said so
  offered-left      from the offer to a unit until it left the scene
  accepted-arrived  from when the unit accepted until it was on the scene
  accepted-left     from when it accepted until it left
  arrived-left      from its arrival until it left

Percentiles are by nearest rank: the smallest time such that at least so many percent of the cases took no longer. With fewer
than 5 cases they and the mean are empty: not enough to say. In the mean none counts as more than ten times what half
took: one that was forgotten is no measure. What stands for everything of its kind in a storm is no case. The console
predicts by the same figures of the last 90 days until when an incident is in hand and when a unit is free.";

const PACK: &str = "\
The findings:
  pass              everything that was measured is as the clause asks
  fail              something is not; `behind` names it, `failed` counts it
  within-parameter, beyond-parameter
                    the same of a clause marked U: a parameter that nobody has verified; says nothing of a standard
  unmeasured        nothing was; `why` says why not

`cases` is how often it was asked of the centre: incidents, hand-offs, signals, stretches of time, false calls. `open` is what
still has time, and no case yet. Times are counted as `report response` and `report hand-offs` count them; what was not done and
has no time left took longer than anything that was. Acts that a clause asks for, and false calls, can only be measured while a
policy in force names the pack. Stretches of a register are reckoned in UTC, whole ones only. Of a pack that overrides of the policy
name for some accounts, only the incidents, calls and lines of these accounts are measured, as their cards stood then; sums, shifts
and the clock are the whole centre's.";

/// The reports.
#[derive(Debug, Subcommand)]
pub(crate) enum Question {
    /// Every stored signal, decoded, in the order of the log
    #[command(after_help = "Also reads the spool of a receiver on its own: `report events --data SPOOL`.\n\
        There no desk has judged the signals, and `disposition` is null.")]
    Events {
        #[command(flatten)]
        asked: Asked,
        /// Only signals of this account
        #[arg(long, value_name = "NUMBER")]
        account: Option<contactid::AccountNumber>,
        /// Only what is out of order: openings and closings outside their schedule, and what the centre missed (tests,
        /// closings, openings, heartbeats) or has got after all
        #[arg(long)]
        irregular: bool,
    },
    /// Incidents that were opened in the period, in the order in which they were
    Incidents {
        #[command(flatten)]
        asked: Asked,
    },
    /// Accounts with what is open on each
    Accounts {
        #[command(flatten)]
        store: Store,
        /// Only accounts whose number begins so or whose name or address contains this
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
    },
    /// Accounts that were on test at any time of the period, and until when they were to be and were
    #[command(
        after_help = "An empty `ended_at` is a test that goes on. `over_ms` is how much later than its limit a test \
        ended:\nnever more than 0, whatever was restarted meanwhile."
    )]
    OnTest {
        #[command(flatten)]
        asked: Asked,
    },
    /// What was to be followed up at any time of the period: whose it is, when it is due, and what came of it
    #[command(after_help = "An empty `done_at` is still to be done.")]
    FollowUps {
        #[command(flatten)]
        asked: Asked,
    },
    /// The catch-up ledgers of the storms that went on at any time of the period: every account that one grouped
    #[command(
        after_help = "An empty `caught_up` is a line that nobody has caught up on: the storm cannot end before. A storm \
        that\ngrouped nothing is one row without an account."
    )]
    Storm {
        #[command(flatten)]
        asked: Asked,
    },
    /// Everything that lowers the protection of an account now, who must see to it and by when
    #[command(
        after_help = "Of tests, silent lines, test mode at the panel, bypassed zones, late tests, failed paths, changes that\n\
        nobody has reviewed, dead telephone numbers, suspended accounts and log-only agreements; the first due first. Who must see to it and by when says the policy in force, [lowered]."
    )]
    Lowered {
        #[command(flatten)]
        store: Store,
    },
    /// Telephone numbers that turned out wrong or disconnected, and by when they are to be corrected
    DeadNumbers {
        #[command(flatten)]
        store: Store,
    },
    /// Hand-offs to police, fire brigade, ambulance and insurer: when asked, by which way, each state with its time, and how fast
    /// they answered
    #[command(
        after_help = "`way` is `manual` where people telephoned. `failures` counts the tries in vain of a way out. A table         ends with\nthe figures; JSON and CSV give one row per hand-off, or with --summary one per authority and way.\n\
        Percentiles are by nearest rank, of those that came so far."
    )]
    HandOffs {
        #[command(flatten)]
        asked: Asked,
        /// Only the figures, by authority and way
        #[arg(long)]
        summary: bool,
    },
    /// What rules did in place of an operator: how often each kept signals away or lowered them, by account and user
    #[command(
        after_help = "Counts what circumstances decided: soon after an opening or closing, before a closing, cancelled by a user, \
        restored\nin time, set off too often, run away, unconfirmed, on test, suspended, log-only, grouped by a storm. What the \
        policy only\nlogs by class or code is not counted. `user` is who had opened or closed last, as far as that was within an hour before\nthe period; `last` is a signal to ask `explain` about."
    )]
    AutoHandled {
        #[command(flatten)]
        asked: Asked,
    },
    /// Signals that came from an address or number that the card of their account did not list
    #[command(
        after_help = "Each signal is held against the card as it was when it came. `last` is a signal to ask `explain` about; `told_at` \
        says\nwhen an operator was told of this source last, as far as that was within the last week. The signals themselves were handled as\nalways."
    )]
    Sources {
        #[command(flatten)]
        asked: Asked,
    },
    /// Offers of incidents to operators (auto-feed): to whom, how each ended, and how soon it was taken
    #[command(
        after_help = "`reason` says why an offer was over before anybody took the incident; it is empty where somebody did, and \
        `taken`\nsays whether it was the one who was offered it. A table ends with the figures; JSON and CSV give one row per offer, \
        or\nwith --summary one per operator. Where the policy offers nothing there is nothing to tell."
    )]
    Offers {
        #[command(flatten)]
        asked: Asked,
        /// Only the figures, by operator
        #[arg(long)]
        summary: bool,
    },
    /// How fast incidents were answered: from receipt to first act, dispatch and close; and the time on hold apart
    #[command(
        after_help = "`taken` is the first view by an operator. No hold is taken off any time; `held_ms` tells of it.\n\
        Percentiles are by nearest rank: the smallest time such that at least so many percent of \
        the\nincidents took no longer. Incidents that have not come so far yet are not in the figure.\n\
        JSON and CSV give one row per incident, or with --summary one per priority and measure."
    )]
    Response {
        #[command(flatten)]
        asked: Asked,
        /// Percentiles per priority instead of one row per incident
        #[arg(long)]
        summary: bool,
    },
    /// How long incidents that were closed in the period were in hand, and how long units were out for them, by kind
    #[command(after_help = HANDLING)]
    Handling {
        #[command(flatten)]
        asked: Asked,
    },
    /// Incidents closed as false in the period, counted
    FalseAlarms {
        #[command(flatten)]
        asked: Asked,
        /// What to count by
        #[arg(long, value_enum, default_value = "cause")]
        by: By,
    },
    /// Accounts whose false alarms a rule pack counts, and what these have brought: warnings, remedies due, withdrawals
    FalseCalls {
        #[command(flatten)]
        store: Store,
    },
    /// How far the clauses of a rule pack were kept in the period: what was measured, against what is asked, and what stands
    /// behind each failure
    #[command(after_help = PACK)]
    Pack {
        /// A pack that is built in, or FILE.toml
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        asked: Asked,
        /// What was known then counts, and nothing later [default: the last moment that is stored]
        #[arg(long, value_name = "T", allow_hyphen_values = true)]
        as_of: Option<String>,
        /// List every failure, not only the first 20 of a clause
        #[arg(long)]
        all: bool,
    },
    /// What would have been under another policy: signals and acts of the period, replayed through both
    #[command(after_help = WHAT_IF)]
    WhatIf {
        #[command(flatten)]
        asked: Asked,
        /// The policy that is asked about
        #[arg(long, value_name = "NEW.toml")]
        policy: PathBuf,
        /// The policy that was in force [default: the one that the centre wrote down as
        /// in force at --from, or the built-in one; `recorded` says how well it fits]
        #[arg(long, value_name = "OLD.toml")]
        old: Option<PathBuf>,
        /// The action plans in force, the same for both [default: the standard plans]
        #[arg(long, value_name = "FILE.toml")]
        plans: Option<PathBuf>,
    },
    /// Whether every frame ended somewhere, per minute and line
    #[command(after_help = "received = acknowledged + supervised + refused; acknowledged = stored;\n\
        stored = disposed + held + not reached yet. Holes are named on standard error; exit code 1 when there is one.")]
    Conservation {
        #[command(flatten)]
        asked: Asked,
    },
    /// Everything that is stored of an incident as one sealed JSON document, for an insurer: time line, signals with raw frames,
    /// acts, calls, dispatches, losses, and the links of the chains
    #[command(
        after_help = "The site (name, address, telephone, zones, contacts) is as its card said when the incident was opened; `version_now`\n\
        and `changed` say what was changed of it since, `named_later` whom the card named otherwise when they were called.\n\n\
        The seal is the SHA-256 of `dossier` as JSON without blanks and with sorted names. Tell it by another \
        way\n(telephone, fax), so that whoever gets the document can compare it: `report check-dossier FILE`."
    )]
    Dossier {
        /// Directory with the centre's files
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The incident
        #[arg(value_name = "INCIDENT")]
        incident: IncidentId,
    },
    /// Whether a dossier is as it left the centre: its seal, the digest of each record, and that time line and signals say what
    /// the records say
    #[command(
        after_help = "With --data, also whether the centre's files still hold every record and where the chains ended, and whether the\n\
        site is what its card said when the incident was opened.\n\
        Exit code 1 names the first thing that does not fit."
    )]
    CheckDossier {
        /// The dossier
        #[arg(value_name = "FILE.json")]
        file: PathBuf,
        /// Directory with the centre's files
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// Why a signal was shown, or why it was not: rules, policy versions, card, state, and what would have shown it
    #[command(
        after_help = "One line per decision and circumstance: `decision` with its rule and policy version, `card` and `state` of\n\
        the account then, `other` for a signal that decided along, `otherwise` for what would have shown it, `evidence`\n\
        for every signal of the incident."
    )]
    Explain {
        #[command(flatten)]
        store: Store,
        /// The signal, by its number in the log
        #[arg(value_name = "SIGNAL", required_unless_present = "incident")]
        signal: Option<SignalId>,
        /// Every signal of this incident instead
        #[arg(long, value_name = "N", conflicts_with = "signal")]
        incident: Option<IncidentId>,
        /// The language of the sentences
        #[arg(long, value_enum, default_value = "en")]
        lang: Language,
    },
    /// Whether the hash chains of log, journal, dispositions and cards hold
    #[command(after_help = "Exit code 0 when every chain holds, 1 when one is broken: the first bad record is named.")]
    Verify {
        #[command(flatten)]
        store: Store,
    },
}

/// The languages that sentences are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// English
    En,
    /// Chinese
    Zh,
}

impl From<Language> for contactid::Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Zh => Self::Zh,
        }
    }
}

/// Where the answer is, and how it is to be written.
#[derive(Debug, clap::Args)]
pub(crate) struct Store {
    /// The data directory of the centre, or the spool of a receiver
    #[arg(long, value_name = "DIR", env = "CENTRE_DATA")]
    pub(crate) data: PathBuf,
    /// How to write the answer
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
}

/// What most reports are asked.
#[derive(Debug, clap::Args)]
pub(crate) struct Asked {
    #[command(flatten)]
    pub(crate) store: Store,
    /// From this moment on [default: from the beginning]
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub(crate) from: Option<String>,
    /// Before this moment [default: to the end]
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub(crate) to: Option<String>,
}

/// What false alarms are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum By {
    /// Why they were false
    Cause,
    /// Account and zone that reported first
    Zone,
    /// Account
    Account,
}
