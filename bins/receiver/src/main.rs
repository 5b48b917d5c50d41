//! `receiver`: hears panels, stores what they report, acknowledges it, and prints it as JSON lines.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use alarmcore::SignalId;
use arc_swap::ArcSwap;
use clap::Parser;
use opsmodel::store::{SignalLog, SignalReader, StoreError, StoreFile};
use receiver::accounts::{self, Refused};
use receiver::{BindError, Config, Directory, Intake, Keeper, LastSeen, PlainAnswer, Receiver};
use tokio::signal::unix::{SignalKind, signal};

mod spool;

const LONG_ABOUT: &str = "\
Hears alarm panels that report in SIA DC-09 over TCP and UDP, stores every report in a spool, acknowledges it only when
it is on the disk, and prints each stored signal as one JSON line on standard output. Messages go to standard error.

Try it:
    receiver --dc09 127.0.0.1:10500 --spool ./spool
and in another terminal
    simulator panel --dc09 127.0.0.1:10500 --account 1234 130 1 5";

const AFTER_HELP: &str = "\
What a panel hears: ACK when its report is stored, whatever account, code or token it names; NAK with our time when an
encrypted report is too old or too new, so that the panel corrects its clock and repeats it; DUH when a report is
encrypted and we have no key for it, or another; nothing when a frame is damaged or the disk is full.

The accounts file is CSV with the columns account,name,address,key_hex,format,heartbeat_s,phone. SIGHUP reads it again.

A line has the fields id, received_at, line, peer, answer, account, token, sequence, part, parts, marks, code, qualifier,
group, number, address, user, peripheral, device_time, text, raw_hex. What does not apply is null. After a restart,
--after ID prints what was stored behind the last line that was read.

At most half of the files that the system grants are connections: for thousands raise the hard limit (`ulimit -Hn`).

Exit codes: 0 stopped by SIGTERM or SIGINT; 2 wrong usage; 65 the accounts file was refused; 69 the port cannot be opened;
74 the spool cannot be opened. Set RECEIVER_LOG=debug to see why frames are refused.";

/// What can be asked for.
#[derive(Debug, Parser)]
#[command(version, about = "Stores what alarm panels report, then acknowledges it", long_about = LONG_ABOUT, after_help = AFTER_HELP)]
struct Arguments {
    /// Where to listen for DC-09, on TCP and UDP, such as 0.0.0.0:10500
    #[arg(long, value_name = "ADDR")]
    dc09: SocketAddr,
    /// The folder of the spool; made when it is not there
    #[arg(long, value_name = "DIR")]
    spool: PathBuf,
    /// The accounts with their keys
    #[arg(long, value_name = "FILE.csv")]
    accounts: Option<PathBuf>,
    /// Print from behind this signal on; without it, only what comes from now on
    #[arg(long, value_name = "ID")]
    after: Option<u64>,
    /// What a plain frame hears whose account has a key (it is stored and marked in any case)
    #[arg(long, value_name = "ANSWER", default_value = "ack", value_parser = plain_answer)]
    plain_despite_key: PlainAnswer,
    /// How far ahead the clock of an encrypted report may be, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    window_ahead: u32,
    /// How far behind it may be, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 40)]
    window_behind: u32,
    /// Connections at a time
    #[arg(long, value_name = "N", default_value_t = 50_000)]
    connections: usize,
    /// Connections at a time from one address, other than this machine itself
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    connections_per_address: usize,
    /// Close a connection on which nothing came for so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 7200)]
    idle: u64,
    /// Cut a peer that has sent no whole frame within so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    patience: u64,
}

/// Why the receiver stopped, with the exit code that `--help` lists.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error("{file}: the accounts file was refused\n{refused}", file = file.display())]
    Accounts { file: PathBuf, refused: Refused },
    #[error("{0}; choose another address or port with --dc09")]
    Bind(#[from] BindError),
    #[error("{spool}: the spool cannot be opened: {source}", spool = spool.display())]
    Spool { spool: PathBuf, source: StoreError },
    #[error("the system refuses: {0}")]
    System(#[from] std::io::Error),
}

impl Stop {
    fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Accounts { .. } => 65,
            Self::Bind(_) => 69,
            Self::Spool { .. } => 74,
            Self::System(_) => 71,
        })
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("RECEIVER_LOG").unwrap_or_else(|_| "info".into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Colours are for a terminal: in a file they are noise.
    let log = if std::io::stderr().is_terminal() { log } else { log.with_ansi(false) };
    log.init();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            eprintln!("receiver: {stop}");
            stop.code()
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Stop> {
    let directory = Arc::new(ArcSwap::from_pointee(match &arguments.accounts {
        Some(file) => read_accounts(file)?,
        None => Directory::default(),
    }));
    let spool = |source| Stop::Spool { spool: arguments.spool.clone(), source };
    let log = SignalLog::open(&arguments.spool).map_err(spool)?;
    let after = match arguments.after {
        Some(id) => SignalId::new(id),
        None => SignalReader::open(&arguments.spool).and_then(|reader| reader.last()).map_err(spool)?,
    };
    let keeper = Keeper::start(&arguments.spool, StoreFile::Signals).map_err(spool)?;

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (stored, printable) = mpsc::sync_channel(1);
    let printer = {
        let dir = arguments.spool.clone();
        thread::spawn(move || print(&dir, after, &printable))
    };
    let wake = move || _ = stored.try_send(());
    wake();
    let intake = Intake::start(log, move |_| wake());
    let served = runtime.block_on(serve(arguments, directory, &intake));
    // In this order: connections end, what was handed in is stored and answered, the last lines are printed.
    runtime.shutdown_timeout(Duration::from_secs(1));
    intake.close();
    drop(keeper);
    let _ = printer.join();
    served
}

async fn serve(arguments: &Arguments, directory: Arc<ArcSwap<Directory>>, intake: &Intake) -> Result<(), Stop> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let receiver = Receiver::bind(config(arguments), directory.clone(), Arc::new(LastSeen::default()), intake)?;
    let (address, accounts) = (receiver.local_addr(), directory.load().len());
    eprintln!("ready: DC-09 on {address} (TCP and UDP), spool {}, {accounts} accounts", arguments.spool.display());
    let stop = async {
        loop {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = interrupt.recv() => return,
                _ = hang_up.recv() => reread(arguments, &directory),
            }
        }
    };
    receiver.serve(stop).await;
    Ok(())
}

fn config(arguments: &Arguments) -> Config {
    let mut config = Config::new(arguments.dc09);
    config.policy.window.ahead_secs = arguments.window_ahead;
    config.policy.window.behind_secs = arguments.window_behind;
    config.policy.plain_despite_key = arguments.plain_despite_key;
    config.limits.connections = arguments.connections;
    config.limits.connections_per_address = arguments.connections_per_address;
    config.limits.idle = Duration::from_secs(arguments.idle);
    config.limits.patience = Duration::from_secs(arguments.patience);
    config
}

fn read_accounts(file: &Path) -> Result<Directory, Stop> {
    let rows = accounts::read_csv(file).map_err(|refused| Stop::Accounts { file: file.to_owned(), refused })?;
    Ok(Directory::of_rows(rows))
}

/// A file with a fault changes nothing: the accounts stay as they are.
fn reread(arguments: &Arguments, directory: &ArcSwap<Directory>) {
    let Some(file) = &arguments.accounts else { return };
    match read_accounts(file) {
        Ok(accounts) => {
            tracing::info!("{} accounts read", accounts.len());
            directory.store(Arc::new(accounts));
        }
        Err(stop) => tracing::error!("{stop}"),
    }
}

fn print(dir: &Path, after: SignalId, printable: &mpsc::Receiver<()>) {
    if let Err(error) = spool::print(dir, after, printable, std::io::stdout().lock()) {
        tracing::error!("{error}; reports are still stored and acknowledged, but no longer printed");
    }
}

fn plain_answer(text: &str) -> Result<PlainAnswer, String> {
    match text {
        "ack" => Ok(PlainAnswer::Ack),
        "duh" => Ok(PlainAnswer::Duh),
        "silence" => Ok(PlainAnswer::Silence),
        _ => Err("write ack, duh or silence".to_owned()),
    }
}
