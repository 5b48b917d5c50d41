//! The command line: what can be asked of `centre`, and why it stops.

mod given;
mod operator;

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use alarmcore::{Feature, UnitId};
use clap::{Args, Parser, Subcommand};
use contactid::AccountNumber;

pub use operator::{OperatorArgs, OperatorSet, OperatorTask};

pub use given::{
    GivenContacts, GivenEnd, GivenExpectations, GivenPanelUsers, GivenPosition, GivenProposals, GivenSchedule,
    GivenSources, GivenUsers,
};

/// Where panels are listened for unless told otherwise: this machine only.
pub const DC09_DEFAULT: &str = "127.0.0.1:9009";
/// Where the console is served unless told otherwise: this machine only.
pub const HTTP_DEFAULT: &str = "127.0.0.1:8110";
/// How much room is kept back for the desk unless told otherwise, in megabytes: enough to open some thousand incidents.
pub const KEEP_ROOM_MB: u32 = 16;

const EXIT_CODES: &str = "\
Exit codes:
   0  ended as asked
   2  the command line is wrong
  64  a configuration is wrong (policy file, plan file, ways out, an address that is not allowed)
  65  a row of an import, or what is set of an account or an operator, is wrong: nothing was changed
  69  an address cannot be listened on
  74  the store cannot be read or written

The log goes to standard error; CENTRE_LOG=debug (or warn, or per module) says how much of it.";

/// The whole alarm centre in one process: receiver, desk and web console.
///
/// Panels report to --dc09; operators work in a browser at --http. Everything is kept in --data. The line that starts
/// with `ready` says that both are being served, and where.
#[derive(Debug, Parser)]
#[command(name = "centre", version, args_conflicts_with_subcommands = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do instead of running the centre.
    #[command(subcommand)]
    pub task: Option<Task>,
    /// How to run the centre.
    #[command(flatten)]
    pub run: RunArgs,
}

/// How to run the centre.
#[derive(Args, Clone, Debug, Default)]
pub struct RunArgs {
    /// Folder with the centre's data; created if it is not there [default: ./centre-data, with --demo ./centre-demo]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Where panels report (DC-09 over TCP and UDP); port 0 takes a free one [default: 127.0.0.1:9009]
    #[arg(long, value_name = "ADDR")]
    pub dc09: Option<SocketAddr>,
    /// Where the console and its API are served; port 0 takes a free one [default: 127.0.0.1:8110]
    #[arg(long, value_name = "ADDR")]
    pub http: Option<SocketAddr>,
    /// Fill an empty folder with a small town's centre and let simulated panels report to it, under rules and with ways out of its own
    /// unless --policy or --outside is given
    #[arg(long)]
    pub demo: bool,
    /// Import these accounts before starting (same file as `centre import`)
    #[arg(long, value_name = "FILE.csv")]
    pub accounts: Option<PathBuf>,
    /// The rules of the desk: priorities, waits, call and hand-off rules; what is left out keeps its default. See
    /// `centre policy`
    #[arg(long, value_name = "FILE.toml")]
    pub policy: Option<PathBuf>,
    /// The action plans; they stand in place of all standard ones. See `centre plan`
    #[arg(long, value_name = "FILE.toml")]
    pub plans: Option<PathBuf>,
    /// Who is reached by machine: the ways to police, fire brigade, ambulance and insurer. Without it people telephone. See
    /// `centre outside`
    #[arg(long, value_name = "FILE.toml")]
    pub outside: Option<PathBuf>,
    /// Where the copies of the centre's files are put (`centre backup`, or whatever you use): a newest file in it that is older
    /// than self_watch.backup_age_h of the policy is a fault of the centre
    #[arg(long, value_name = "DIR")]
    pub backups: Option<PathBuf>,
    /// A certificate that somebody shows for the centre, such as the TLS proxy in front of the console; can be said again. One
    /// that runs out within self_watch.certificate_days is a fault of the centre; those of ways out over https are watched anyway
    #[arg(long = "certificate", value_name = "FILE.pem")]
    pub certificates: Vec<PathBuf>,
    /// So much room on the disk is kept back for the desk, in the file room.reserve beside the data: what was acknowledged is decided
    /// and shown although the disk is full, and nothing more is acknowledged until there is room again
    #[arg(long, value_name = "MB", default_value_t = KEEP_ROOM_MB, value_parser = clap::value_parser!(u32).range(1..))]
    pub keep_room_mb: u32,
    /// Connections of panels at a time from one address, other than this machine itself
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub connections_per_address: usize,
    /// Go by the machine's clock although the store holds what is dated later: for a clock that was in the future by mistake and has
    /// been put right. Without it the centre's time begins where the store ends, and waits for the clock; with it, what runs is due
    /// as it was dated: look at every open incident
    #[arg(long)]
    pub trust_clock: bool,
    /// Serve the console, which is plain HTTP, to other machines too. Put a TLS proxy in front instead if you can
    #[arg(long)]
    pub allow_remote_http: bool,
    /// A TLS proxy stands in front of the console: cookies are sent over https only, and the last address that a proxy on this machine
    /// names in X-Forwarded-For is whose wrong passwords are counted and what histories name
    #[arg(long)]
    pub behind_https: bool,
}

/// What to do instead of running the centre.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Take accounts over from a CSV file: all rows or none.
    ///
    /// Columns: account,name,address,key_hex,format,heartbeat_s,phone. An empty key_hex leaves the key as it is, and - takes it
    /// away. Where the file has them, also test_interval_s, how
    /// often the panel reports a test (86400 for daily; it is missed an hour later), and schedule, when people come and go:
    ///
    ///   zone Asia/Shanghai; tolerance 15m; Mon-Fri 08:30-12:00, 13:00-18:00; Sat 20:00-02:00; closed 2026-10-01..2026-10-07;
    ///   2026-12-31 09:00-12:00; area 2 Mon-Fri 09:00-17:00; user 7 Mon-Fri 05:00-07:00
    ///
    /// And district, feeder, carrier and site_type: where the site is, which mains feeder it hangs on, who carries its line and
    /// what kind of site it is, by names that accounts share. Storms are over one of these. And expectations, what else it is expected to send, parted by "|": see
    /// `centre account set --help`. And contacts, whom to call, parted by "|" in the same way; and codewords, what
    /// they say on the telephone, parted by "|": 1 codeword blue heron; duress grey heron. A word is kept as its digest: delete the file afterwards.
    /// And position, latitude and longitude in degrees, for the choice of units; and language, what its people speak. And lowered,
    /// suspensions, log-only agreements and recurring tests that are proposed, parted by "|" and written as `centre account set --help` shows: each is
    /// nothing until another person approves it on the account's page, and one that stands there already is not proposed again.
    /// And users, those of the panel by name, parted by "|": 3 Wang Fang; cancels; closes-late; until 2026-12-31T18:00:00+08:00.
    /// And sources, the addresses, networks and calling numbers that its signals may come from.
    ///
    /// An account that is there already is changed; what a file has no column for stays as it is. The centre may be running:
    /// the import waits for its turn at the store, and the centre picks the accounts up within a second.
    #[command(verbatim_doc_comment)]
    Import(ImportArgs),
    /// Copy the centre's files into a new folder, beside the running centre, and check the copy.
    ///
    /// The copy holds both files as they were at one moment, with the clips of their incidents, and nothing else: keep policy, plans and
    /// ways out with it. A clip that is missing or altered is named, and the rest is copied. To restore, stop the centre and start it on
    /// the copy, or copy all that is in it into an empty --data folder. To make one every night, let
    /// cron or a timer call this, and start the centre with --backups FOLDER: it then says when the newest copy is too old.
    ///
    /// centre backup --data /var/lib/centre --to /mnt/backups --keep 14
    #[command(verbatim_doc_comment)]
    Backup(BackupArgs),
    /// One account.
    #[command(subcommand)]
    Account(AccountTask),
    /// Who may sign in.
    #[command(subcommand)]
    Operator(OperatorTask),
    /// The guard units that can be sent.
    #[command(subcommand)]
    Unit(UnitTask),
    /// The rules of the desk, as a file.
    #[command(subcommand)]
    Policy(PolicyTask),
    /// The action plans, as a file.
    #[command(subcommand)]
    Plan(PlanTask),
    /// The ways out to authorities, as a file.
    #[command(subcommand)]
    Outside(OutsideTask),
}

/// The ways out to authorities, as a file.
#[derive(Debug, Subcommand)]
pub enum OutsideTask {
    /// Print a documented file with every key, to begin from.
    Example,
    /// Print the form of the messages and of the answers, for whoever builds the other end.
    Form,
    /// Read a file as the centre would, and say who is reached which way, or what is wrong with it.
    Check {
        /// The ways
        #[arg(value_name = "FILE.toml")]
        file: PathBuf,
    },
}

/// The action plans, as a file.
#[derive(Debug, Subcommand)]
pub enum PlanTask {
    /// Print a documented file with the standard plans, to begin from.
    Example,
    /// Read and check a file as the centre would, and say what is wrong with it: line, column, and what to do.
    Check {
        /// The plans
        #[arg(value_name = "FILE.toml")]
        file: PathBuf,
    },
    /// Print the plans that incidents of a kind can get, step by step.
    Show {
        /// Such as burglary, hold-up, fire, medical, tamper, schedule, trouble, unknown-account
        #[arg(value_name = "KIND")]
        kind: String,
        /// The plans, where they are not the standard ones
        #[arg(long, value_name = "FILE.toml")]
        plans: Option<PathBuf>,
    },
}

/// The rules of the desk, as a file.
#[derive(Debug, Subcommand)]
pub enum PolicyTask {
    /// Print a documented file with every rule and its default, to begin from.
    Example,
    /// List the rule packs that a policy file can name, clause by clause with the mark of each; or print one whole.
    ///
    /// Marks: V seen in a published source, S second-hand, U parameter, unverified: never a promise.
    Packs {
        /// A pack that is built in, or a pack in a file
        #[arg(value_name = "NAME")]
        name: Option<String>,
        /// The language of the sentences
        #[arg(long, value_enum, default_value = "en")]
        lang: Language,
    },
    /// Read a file as the centre would, and say what is wrong with it: line, column, and what is allowed there. Names the
    /// packs under it and where it deviates from what they set, and for each override whom it covers and what it changes.
    Check {
        /// The rules
        #[arg(value_name = "FILE.toml")]
        file: PathBuf,
    },
}

/// The languages that sentences are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// English
    En,
    /// Chinese
    Zh,
}

impl From<Language> for alarmcore::Lang {
    fn from(language: Language) -> Self {
        match language {
            Language::En => Self::En,
            Language::Zh => Self::Zh,
        }
    }
}

/// One account.
#[derive(Debug, Subcommand)]
pub enum AccountTask {
    /// Say when an account's people come and go, how often its panel reports a test, who may cancel, of which site it is and what it shares with others; print what holds.
    ///
    /// What is not named stays as it is; the centre may be running. A schedule is one line:
    ///
    ///   zone Asia/Shanghai        the time zone of the site; always there
    ///   Mon-Fri 08:30-12:00, 13:00-18:00; Sat 20:00-02:00        hours, also over midnight
    ///   closed 2026-10-01..2026-10-07; 2026-12-31 09:00-12:00    a holiday or vacation; a day with hours of its own
    ///   area 2 Mon-Fri 09:00-17:00; user 7 Mon-Fri 05:00-07:00   hours of one group; when one user may open
    ///   tolerance 15m             how much earlier or later is still in time
    ///
    /// What else is expected is one line each: the event, what begins the time, within what time it has to come, and what the
    /// centre reports if it does not.
    ///
    ///   name East gate; expect E422 user 7; zone Asia/Shanghai; Mon-Sun 22:00-22:30; within 20m; raise 641     begins with its hours
    ///   name Vault; expect E422 user 8; after E422 user 7; within 10m; raise 641; priority 3; again 15m          after another event
    ///   name Night porter; expect E462 user 3; after itself; until closing user 3; within 30m; tolerance 2m      again and again
    ///
    /// An event is a code (E422, R426, BA), opening, closing, test or a class such as access, with zone, user and area. Whoever
    /// is alone raises 102 unless another code is named: that is life safety.
    ///
    /// A suspension, a log-only agreement or a recurring test is one line; it waits for another person, who approves it on the account's page:
    ///
    ///   suspension; from 2026-12-01T00:00:00+08:00; until 2026-12-08T00:00:00+08:00; reason the shop is rebuilt
    ///   log-only; zones 4 5; classes burglary; until 2026-12-31T00:00:00+08:00; reason moth; agreement A-17
    ///   recurring-test; for inspection; zone Asia/Shanghai; Mon 09:00-10:00; closed 2026-12-28; life-safety fire; zones 4 5; until
    ///   2027-05-31T00:00:00+08:00; reason weekly try of the sprinklers; agreement A-18
    ///
    /// centre account set 1001 --schedule "zone Asia/Shanghai; Mon-Fri 08:30-18:00; Sat 09:00-12:00" --test-interval-s 86400
    #[command(verbatim_doc_comment)]
    Set(Box<AccountArgs>),
}

/// What to set of an account.
#[derive(Args, Debug)]
pub struct AccountArgs {
    /// Folder with the centre's data
    #[arg(long, value_name = "DIR", default_value = "centre-data")]
    pub data: PathBuf,
    /// The account's number
    #[arg(value_name = "NUMBER")]
    pub account: AccountNumber,
    /// Its schedule; an empty text takes it away
    #[arg(long, value_name = "LINE")]
    pub schedule: Option<GivenSchedule>,
    /// What the site has that rule packs ask for: video, police-linked, guarded; an empty text takes all away
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = feature)]
    pub features: Option<Vec<Option<Feature>>>,
    /// How often its panel reports a test, in seconds; 0 when none is expected
    #[arg(long, value_name = "SECONDS")]
    pub test_interval_s: Option<u32>,
    /// The users of its panel who may cancel an alarm, by number: "1 2 7"; an empty text keeps no list. Whoever cancels and
    /// is not on the list raises the alarm
    #[arg(long, value_name = "USERS")]
    pub cancel_users: Option<GivenUsers>,
    /// The users of its panel by name, each as one line parted by "|"; an empty text takes all away. When each of them may come
    /// and go stands in the schedule. 3 Wang Fang; cancels; closes-late; until 2026-12-31T18:00:00+08:00
    #[arg(long, value_name = "LINES")]
    pub users: Option<GivenPanelUsers>,
    /// From where its signals may come, addresses, networks and calling numbers: "192.0.2.7, 192.0.2.0/24, 13900000001"; an empty
    /// text keeps no list. Whatever comes from elsewhere is handled all the same, and told to an operator
    #[arg(long, value_name = "LIST")]
    pub sources: Option<GivenSources>,
    /// The site that it belongs to, for which the policy may have rules of its own; an empty text takes it away
    #[arg(long, value_name = "NAME")]
    pub site: Option<String>,
    /// Whom to call, in this order, each as one line parted by "|"; an empty text takes all away. Whoever keeps their number keeps
    /// their codewords. 1 Wang Fang; role owner; phone 13900000001, 13900000002; closes-late; not-before 2026-12-01T08:00:00+08:00; zone
    /// Asia/Shanghai; Mon-Fri 08:00-18:00
    #[arg(long, value_name = "LINES")]
    pub contacts: Option<GivenContacts>,
    /// File with what these contacts are to say on the telephone, of one a line; - reads the standard input, and nobody sees them in a
    /// list of processes. 1 codeword blue heron; duress grey heron. What is not named stays, and - in place of a word takes it away. Kept
    /// are digests: nobody can read a word again. Only letters and digits count, at most 64, in any case and width, and a Chinese
    /// numeral from 〇 to 九 is its digit
    #[arg(long, value_name = "FILE")]
    pub codewords: Option<PathBuf>,
    /// Whether they take turns in being called first
    #[arg(long, value_name = "true|false")]
    pub rotate: Option<bool>,
    /// What else it is expected to send, each as one line parted by "|", in place of all that was expected; an empty text takes
    /// all away. See above
    #[arg(long, value_name = "LINES")]
    pub expect: Option<GivenExpectations>,
    /// Where it is, by a name that accounts share: storms are over one of these; an empty text takes it away
    #[arg(long, value_name = "NAME")]
    pub district: Option<String>,
    /// Which feeder of the mains it hangs on, by such a name; an empty text takes it away
    #[arg(long, value_name = "NAME")]
    pub feeder: Option<String>,
    /// Who carries its line, by such a name; an empty text takes it away
    #[arg(long, value_name = "NAME")]
    pub carrier: Option<String>,
    /// What kind of site it is, by such a name, as in bank or school; an empty text takes it away
    #[arg(long, value_name = "NAME")]
    pub site_type: Option<String>,
    /// The language that its people speak, by such a name, as in zh or ug: queues are told by it; an empty text takes it away
    #[arg(long, value_name = "NAME")]
    pub language: Option<String>,
    /// Propose suspensions, log-only agreements or recurring tests, each as one line parted by "|": another person has to approve them. See above
    #[arg(long, value_name = "LINES")]
    pub lower: Option<GivenProposals>,
    /// End the suspension, log-only agreement or recurring test of this number now, or withdraw what nobody has approved: "2 the shop is open again"
    #[arg(long, value_name = "NUMBER REASON")]
    pub raise: Option<GivenEnd>,
    /// Where it lies, as latitude and longitude in degrees: 31.2304,121.4737; an empty text takes it away
    #[arg(long, value_name = "DEGREES", allow_hyphen_values = true)]
    pub position: Option<GivenPosition>,
}

/// What to import.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// Folder with the centre's data
    #[arg(long, value_name = "DIR", default_value = "centre-data")]
    pub data: PathBuf,
    /// The accounts
    #[arg(value_name = "FILE.csv")]
    pub file: PathBuf,
    /// Check the file and say what would be done; change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What to copy, and where to.
#[derive(Args, Debug)]
pub struct BackupArgs {
    /// Folder with the centre's data
    #[arg(long, value_name = "DIR", default_value = "centre-data")]
    pub data: PathBuf,
    /// The folder that copies are put in, each as a folder of its own named by the moment; better on another machine
    #[arg(long, value_name = "FOLDER")]
    pub to: PathBuf,
    /// Remove the oldest copies beyond so many, once the new one is checked; all are kept when nothing is said
    #[arg(long, value_name = "N")]
    pub keep: Option<NonZeroUsize>,
}

/// The guard units that can be sent.
#[derive(Debug, Subcommand)]
pub enum UnitTask {
    /// Add a unit, or change one; print what holds. What is not named stays as it is; the centre may be running.
    ///
    /// centre unit set 7 --name "North 1" --position 31.2304,121.4737 --travel "East=300, West=900" --districts "East, West"
    #[command(verbatim_doc_comment)]
    Set(UnitArgs),
}

/// What to set of a unit.
#[derive(Args, Debug)]
pub struct UnitArgs {
    /// Folder with the centre's data
    #[arg(long, value_name = "DIR", default_value = "centre-data")]
    pub data: PathBuf,
    /// The unit's number
    #[arg(value_name = "NUMBER")]
    pub unit: UnitId,
    /// Its name
    #[arg(long)]
    pub name: Option<String>,
    /// Its telephone or call sign
    #[arg(long)]
    pub phone: Option<String>,
    /// Whether it can be sent: true or false
    #[arg(long, value_name = "BOOL")]
    pub on_duty: Option<bool>,
    /// Where it is, as latitude and longitude in degrees; an empty text takes it away
    #[arg(long, value_name = "DEGREES", allow_hyphen_values = true)]
    pub position: Option<String>,
    /// Seconds of travel to districts: "East=300, West=900"; an empty text takes them away
    #[arg(long, value_name = "LIST")]
    pub travel: Option<String>,
    /// The districts that it is contracted for, "East, West"; an empty text: all
    #[arg(long, value_name = "LIST")]
    pub districts: Option<String>,
    /// What it can do that the policy asks for, by name; an empty text takes all away
    #[arg(long, value_name = "LIST")]
    pub skills: Option<String>,
    /// How many other jobs it has in hand: rounds, transports, keys
    #[arg(long, value_name = "N")]
    pub jobs: Option<u32>,
}

fn feature(text: &str) -> Result<Option<Feature>, String> {
    let known = Feature::from_word(text);
    let names: Vec<&str> = Feature::ALL.iter().map(|feature| feature.as_str()).collect();
    if known.is_some() || text.is_empty() { Ok(known) } else { Err(format!("expected one of {}", names.join(", "))) }
}

/// Why the centre stopped, as its exit status. Listed in `centre --help`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A configuration is wrong.
    Config = 64,
    /// A row of an import, or what is set of an account or an operator, is wrong.
    Import = 65,
    /// An address cannot be listened on.
    Listen = 69,
    /// The store cannot be read or written.
    Store = 74,
}

/// A failure with its exit status.
#[derive(Debug)]
pub struct Failure {
    /// The exit status.
    pub stop: Stop,
    /// What went wrong and what to do.
    pub error: anyhow::Error,
}

impl Failure {
    /// `error` ends the process with `stop`.
    pub fn new(stop: Stop, error: impl Into<anyhow::Error>) -> Self {
        Self { stop, error: error.into() }
    }

    /// Says it on standard error.
    pub fn report(&self) -> ExitCode {
        eprintln!("centre: {:#}", self.error);
        ExitCode::from(self.stop as u8)
    }
}
