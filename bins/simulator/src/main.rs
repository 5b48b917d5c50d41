//! `simulator`: a panel to type at, a load generator, and an authority that takes hand-offs.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use contactid::Key;
use simulator::Transport;
use simulator::accounts::Accounts;
use simulator::load::{Content, Figures, Load};
use simulator::panel::script::{Act, Script, parse_act};
use simulator::panel::{Answer, Delivery, Panel, PanelError, Setup, day};
use simulator::psap::{Caller, Course, Psap, Word, serve_files, serve_http};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;

mod table;

const AFTER_HELP: &str = "\
Exit codes: 0 everything was acknowledged; 1 something was refused, lost or unanswered; 2 wrong usage.";

const PANEL_HELP: &str = "\
An event is a Contact ID code with group and number (130 1 5; R130 1 5 is its restore, R401 1 2 a closing by user 2), a
SIA code with area, number and text (BA 1 5 Front door), or the word heartbeat. Several are parted by commas:
    simulator panel --dc09 127.0.0.1:10500 --account 1234 130 1 5, R130 1 5
Without events they are read from standard input, one on each line. A script has a time before each: seconds since the
start (12.5) or since the line before (+3).

Like a real panel it repeats a report under the same number: five tries, waiting 5 s each over TCP and 1 s over UDP; after
a NAK it sets its clock and repeats.";

const LOAD_HELP: &str = "\
Each connection sends its next frame when the last one is answered, and speaks for its share of the accounts in turn.
Account numbers are decimal and padded with zeros to at least four digits: --accounts 100 is 0001 to 0100, --accounts
20000 is 00001 to 20000. `simulator accounts` writes the file that makes a receiver know them and their key.

Opens one file for each connection: run `ulimit -n 20000` before you ask for thousands.";

const PSAP_HELP: &str = "\
It says: accepted, rejected:REASON (bad-address, event-type, too-old, other), dispatched, on-scene, eta:SECONDS, told:TEXT,
closed:OUTCOME (real, false-alarm, nothing-found, report-taken, other). A request to cancel is agreed to, and one for the time of
arrival is answered with five minutes. What comes and goes is printed, one line of JSON each, until it is interrupted:
    simulator psap --http 127.0.0.1:8200 --token T --answer-url http://127.0.0.1:8110/api/hand-offs/answers --answer-token A
    simulator psap --out fire/out --answers fire/in --says rejected:bad-address";

/// Simulated panels and load for alarm receivers that speak SIA DC-09, and a simulated authority.
#[derive(Debug, Parser)]
#[command(version, after_help = AFTER_HELP)]
struct Arguments {
    #[command(subcommand)]
    role: Role,
}

#[derive(Debug, Subcommand)]
enum Role {
    /// One panel that reports what you type, what a script says, or a believable day
    #[command(after_help = PANEL_HELP)]
    Panel(PanelArguments),
    /// Many panels at once: acknowledged per second, latency, losses
    #[command(after_help = LOAD_HELP)]
    Load(LoadArguments),
    /// Write the accounts file for a load run to standard output
    Accounts(AccountsArguments),
    /// An authority that takes an alarm centre's hand-offs and answers them
    #[command(after_help = PSAP_HELP)]
    Psap(PsapArguments),
}

#[derive(Debug, Args)]
struct PsapArguments {
    /// Take messages over HTTP at this address
    #[arg(long, value_name = "ADDR", required_unless_present = "out", conflicts_with = "out")]
    http: Option<SocketAddr>,
    /// What the centre shows with its messages: the key `token` of its way
    #[arg(long, value_name = "TOKEN", default_value = "token")]
    token: String,
    /// Post answers to this address of the centre
    #[arg(long, value_name = "URL", requires = "answer_token")]
    answer_url: Option<String>,
    /// What the centre knows this authority by: the key `answer_token` of its way
    #[arg(long, value_name = "TOKEN")]
    answer_token: Option<String>,
    /// Answer in the response to each message
    #[arg(long, conflicts_with = "answer_url")]
    in_response: bool,
    /// Take messages from this folder: the key `out` of the centre's way
    #[arg(long, value_name = "DIR", requires = "answers")]
    out: Option<PathBuf>,
    /// Put answers into this folder: the key `answers` of the centre's way
    #[arg(long, value_name = "DIR")]
    answers: Option<PathBuf>,
    /// What to say to each hand-off, in order
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        default_value = "accepted,dispatched,on-scene,closed:real"
    )]
    says: Vec<Word>,
    /// How long to take before each answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, value_parser = not_negative)]
    delay: f64,
    /// Say everything twice
    #[arg(long)]
    twice: bool,
    /// Lose every Nth answer
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    loses: u32,
    /// Fail the first N messages, as a machine that is overloaded
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    fails: u32,
    /// Go on although the centre asks to cancel
    #[arg(long)]
    refuses_cancel: bool,
    /// What customers say who are asked in a storm: all-well, help, away or silent
    #[arg(long, value_name = "WORD", default_value = "all-well")]
    contact: String,
    /// What staff says that is called in: coming or not-coming
    #[arg(long, value_name = "WORD", default_value = "coming")]
    staff: String,
    /// What units say that are asked to go, in order: accepted, declined, departed, on-site, left, done
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    unit: Vec<String>,
    /// What units found on the scene, with their last word: JSON such as {"doors": "intact", "windows": "open", "note": "a cat"}
    #[arg(long, value_name = "JSON", requires = "unit")]
    scene: Option<serde_json::Value>,
}

#[derive(Debug, Args)]
struct PanelArguments {
    /// The receiver
    #[arg(long, value_name = "ADDR")]
    dc09: SocketAddr,
    /// The account to report under
    #[arg(long, value_name = "ACCOUNT", default_value = "1234")]
    account: String,
    /// Use datagrams
    #[arg(long)]
    udp: bool,
    /// The key, in hex: 32, 48 or 64 digits
    #[arg(long, value_name = "HEX", value_parser = Key::from_hex)]
    key: Option<Key>,
    /// The receiver number to send
    #[arg(long, value_name = "HEX")]
    receiver: Option<String>,
    /// The line number to send
    #[arg(long, value_name = "HEX", default_value = "0")]
    line: String,
    /// Put the time on plain frames too
    #[arg(long)]
    stamped: bool,
    /// How far the panel's clock is ahead, in seconds (negative: behind)
    #[arg(long, value_name = "SECONDS", default_value_t = 0, allow_negative_numbers = true)]
    clock_ahead: i64,
    /// Send a heartbeat every so many seconds while there is nothing else to send
    #[arg(long, value_name = "SECONDS")]
    heartbeat: Option<u64>,
    /// Play a script
    #[arg(long, value_name = "FILE", conflicts_with = "events")]
    script: Option<PathBuf>,
    /// Play the believable day of this number
    #[arg(long, value_name = "SEED", conflicts_with_all = ["events", "script"])]
    day: Option<u64>,
    /// How many times faster than written a script or day is played
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = positive)]
    pace: f64,
    /// What to report; from standard input when there is nothing here
    #[arg(value_name = "EVENT")]
    events: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Token {
    Cid,
    Sia,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Table,
    Json,
}

#[derive(Debug, Args)]
struct LoadArguments {
    /// The receiver
    #[arg(long, value_name = "ADDR")]
    dc09: SocketAddr,
    #[command(flatten)]
    accounts: AccountRange,
    /// How many connections report at the same time
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    connections: u32,
    /// How long to run
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    /// Frames per second of all connections together; without it, as many as are answered
    #[arg(long, value_name = "R", value_parser = positive)]
    rate: Option<f64>,
    /// Use datagrams
    #[arg(long)]
    udp: bool,
    /// The key of the accounts that encrypt, in hex
    #[arg(long, value_name = "HEX", value_parser = Key::from_hex)]
    key: Option<Key>,
    /// Which share of the accounts encrypts when there is a key, 0 to 1
    #[arg(long, value_name = "P", default_value_t = 1.0, value_parser = share)]
    encrypted_share: f64,
    /// What the frames carry
    #[arg(long, value_name = "TOKEN", default_value = "cid")]
    token: Token,
    /// Measure a bare echo of the same frames first, and print the ratio
    #[arg(long, visible_alias = "echo")]
    baseline: bool,
    /// Let the last account send R frames per second, and say what that does to the others: measured without and with it
    /// in turns, each for the whole time
    #[arg(long, value_name = "R", value_parser = positive, conflicts_with = "baseline")]
    noisy: Option<f64>,
    /// How to print the figures
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

#[derive(Debug, Args)]
struct AccountRange {
    /// How many accounts report
    #[arg(long = "accounts", value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    count: u32,
    /// The first account number
    #[arg(long = "first-account", value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=1_000_000_000))]
    first: u32,
}

#[derive(Debug, Args)]
struct AccountsArguments {
    #[command(flatten)]
    accounts: AccountRange,
    /// The key of all accounts, in hex; without it they report in the clear
    #[arg(long, value_name = "HEX", default_value = "", hide_default_value = true)]
    key: String,
    /// How often they report that they are alive, in seconds; 0 for not supervised
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    heartbeat: u32,
}

impl AccountRange {
    fn accounts(&self) -> Accounts {
        Accounts::new(self.first, self.count)
    }
}

/// Whether all went as it should.
type Verdict = Result<bool, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("simulator: the system refuses: {error}");
            return ExitCode::FAILURE;
        }
    };
    let verdict = match &arguments.role {
        Role::Panel(panel) => runtime.block_on(run_panel(panel)),
        Role::Load(load) => runtime.block_on(run_load(load)),
        Role::Accounts(accounts) => write_accounts(accounts),
        Role::Psap(psap) => runtime.block_on(run_psap(psap)),
    };
    // A thread that waits for standard input must not hold the end up.
    runtime.shutdown_background();
    match verdict {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("simulator: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run_panel(arguments: &PanelArguments) -> Verdict {
    let mut panel = Panel::new(Setup {
        transport: transport(arguments.udp),
        receiver: arguments.receiver.clone(),
        line: arguments.line.clone(),
        key: arguments.key.clone(),
        stamped: arguments.stamped,
        clock_ahead_secs: arguments.clock_ahead,
        ..Setup::new(arguments.dc09, &arguments.account)
    });
    let script = match (&arguments.script, arguments.day) {
        (Some(file), _) => {
            let named = |problem: &dyn std::fmt::Display| format!("{}: {problem}", file.display());
            let text = std::fs::read_to_string(file).map_err(|error| named(&error))?;
            Some(Script::parse(&text).map_err(|error| named(&error))?)
        }
        (None, Some(seed)) => Some(day::script(seed)),
        (None, None) => None,
    };
    let mut all_well = true;
    if let Some(script) = script {
        script.play(&mut panel, arguments.pace, |act, delivery| all_well &= tell(act, delivery)).await;
    } else if arguments.events.is_empty() {
        all_well = type_at(&mut panel, arguments.heartbeat.map(Duration::from_secs)).await?;
    } else {
        let typed = arguments.events.join(" ");
        let acts: Vec<Act> = typed.split(',').map(parse_act).collect::<Result<_, _>>()?;
        for act in &acts {
            all_well &= tell(act, &perform(&mut panel, act).await);
        }
    }
    Ok(all_well)
}

/// Reports each line of standard input, and heartbeats while none comes.
async fn type_at(panel: &mut Panel, heartbeat: Option<Duration>) -> Verdict {
    if std::io::stdin().is_terminal() {
        eprintln!("type an event on each line, such as: 130 1 5   R130 1 5   BA 1 5 Front door   heartbeat");
    }
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut all_well = true;
    loop {
        let pause = async {
            match heartbeat {
                Some(interval) => tokio::time::sleep(interval).await,
                None => std::future::pending().await,
            }
        };
        let act = tokio::select! {
            line = lines.next_line() => match line? {
                None => return Ok(all_well),
                Some(line) if line.trim().is_empty() => continue,
                Some(line) => match parse_act(&line) {
                    Ok(act) => act,
                    Err(error) => {
                        eprintln!("{error}");
                        all_well = false;
                        continue;
                    }
                },
            },
            () = pause => Act::Heartbeat,
        };
        all_well &= tell(&act, &perform(panel, &act).await);
    }
}

async fn perform(panel: &mut Panel, act: &Act) -> Result<Delivery, PanelError> {
    match act {
        Act::Report(event) => panel.send(event).await,
        Act::Heartbeat => panel.heartbeat().await,
    }
}

/// Prints what became of an act; whether it was acknowledged.
fn tell(act: &Act, delivery: &Result<Delivery, PanelError>) -> bool {
    let act = match act {
        Act::Report(event) => event.content(),
        Act::Heartbeat => "heartbeat".to_owned(),
    };
    match delivery {
        Ok(delivery) => println!("{act}: {delivery}"),
        Err(error) => println!("{act}: {error}"),
    }
    matches!(delivery, Ok(Delivery { answer: Answer::Acknowledged, .. }))
}

async fn run_load(arguments: &LoadArguments) -> Verdict {
    let load = Load {
        dc09: arguments.dc09,
        transport: transport(arguments.udp),
        accounts: arguments.accounts.accounts(),
        connections: arguments.connections,
        duration: Duration::from_secs(arguments.seconds),
        rate: arguments.rate,
        key: arguments.key.clone(),
        encrypted_share: arguments.encrypted_share,
        content: match arguments.token {
            Token::Cid => Content::Cid,
            Token::Sia => Content::Sia,
        },
    };
    if let Some(rate) = arguments.noisy {
        return run_beside(arguments, &load, rate).await;
    }
    let echo = if arguments.baseline { Some(load.run_baseline().await?) } else { None };
    let target = load.run().await;
    let outcome = table::Outcome::new(&load, echo, target);
    match arguments.format {
        Format::Table => println!("{}", outcome.table()),
        Format::Json => println!("{}", serde_json::to_string(&outcome)?),
    }
    Ok(target.is_clean())
}

async fn run_beside(arguments: &LoadArguments, load: &Load, rate: f64) -> Verdict {
    if load.accounts.count() < 2 {
        return Err("--noisy needs two accounts or more: --accounts 2".into());
    }
    let noise = load.run_beside(rate).await;
    match arguments.format {
        Format::Table => println!("{}", table::of_noise(&noise)),
        Format::Json => println!("{}", serde_json::to_string(&noise)?),
    }
    Ok([noise.alone, noise.beside, noise.device].iter().all(Figures::is_clean))
}

fn write_accounts(arguments: &AccountsArguments) -> Verdict {
    if !arguments.key.is_empty() {
        Key::from_hex(&arguments.key)?;
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    arguments.accounts.accounts().write_csv(&mut out, &arguments.key, arguments.heartbeat)?;
    out.flush()?;
    Ok(true)
}

async fn run_psap(arguments: &PsapArguments) -> Verdict {
    let course = Course {
        says: arguments.says.clone(),
        delay: Duration::from_secs_f64(arguments.delay),
        twice: arguments.twice,
        loses: arguments.loses,
        fails: arguments.fails,
        in_response: arguments.in_response,
        refuses_cancel: arguments.refuses_cancel,
        contact: arguments.contact.clone(),
        staff: arguments.staff.clone(),
        unit: arguments.unit.clone(),
        scene: arguments.scene.clone(),
    };
    let psap = Psap::new(course, |happened| println!("{happened}"));
    let call = |(url, token): (&String, &String)| Caller { url: url.clone(), token: token.clone() };
    let serving = async {
        match (arguments.http, &arguments.out, &arguments.answers) {
            (Some(address), ..) => {
                let listener = TcpListener::bind(address).await?;
                println!("ready http=http://{}/", listener.local_addr()?);
                let caller = arguments.answer_url.as_ref().zip(arguments.answer_token.as_ref()).map(call);
                serve_http(psap, listener, arguments.token.clone(), caller).await
            }
            (None, Some(out), Some(answers)) => {
                println!("ready out={} answers={}", out.display(), answers.display());
                serve_files(psap, out.clone(), answers.clone()).await
            }
            (None, ..) => Ok(()),
        }
    };
    tokio::select! {
        served = serving => served?,
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(true)
}

fn transport(udp: bool) -> Transport {
    if udp { Transport::Udp } else { Transport::Tcp }
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number > 0.0 => Ok(number),
        _ => Err("a number above 0".to_owned()),
    }
}

fn not_negative(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if (0.0..=86_400.0).contains(&number) => Ok(number),
        _ => Err("seconds from 0 to 86400".to_owned()),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if (0.0..=1.0).contains(&number) => Ok(number),
        _ => Err("a number from 0 to 1".to_owned()),
    }
}
