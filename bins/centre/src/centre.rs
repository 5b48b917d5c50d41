//! The running centre: its parts in the order in which they start, and the reverse.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use alarmcore::{PlainAnswer, Rulebook};
use anyhow::{Context, anyhow};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::serve::ListenerExt as _;
use opsmodel::store::{SignalLog, StoreError, StoreFile, make_folder};
use receiver::{Gate, Intake, Keeper, LastSeen, Receiver, files};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;

use crate::cards::Cards;
use crate::cli::{DC09_DEFAULT, Failure, HTTP_DEFAULT, RunArgs, Stop};
use crate::guests::{Guest, Guests, Places, attend};
use crate::live::Live;
use crate::lock::Lock;
use crate::outside::Outside;
use crate::presence::Seen;
use crate::room::Room;
use crate::state::{App, Lines, Settings};
use crate::{api, auth, console, demo, desk, import, kept, outside, plan, policy, self_watch, supervise};

/// How long open requests may take to end once the centre was told to.
const GRACE: Duration = Duration::from_secs(3);

/// What a run was asked to be.
struct Plan {
    data: PathBuf,
    dc09: SocketAddr,
    http: SocketAddr,
    rules: Rulebook,
    outside: outside::Config,
    backups: Option<PathBuf>,
    certificates: Vec<PathBuf>,
    /// How much room is kept back for the desk, in megabytes.
    keep_room_mb: u32,
    /// Whatever the store holds.
    trust_clock: bool,
    connections_per_address: usize,
    demo: bool,
    /// Its rules and its ways out are the demo's own, too.
    whole_demo: bool,
    behind_https: bool,
}

/// Runs the centre until SIGTERM or SIGINT.
pub(crate) fn run(args: RunArgs) -> Result<(), Failure> {
    let plan = asked(&args)?;
    let stored = |error: StoreError| {
        Failure::new(Stop::Store, anyhow!(error).context(format!("the store in {}", plan.data.display())))
    };
    make_folder(&plan.data).map_err(|source| stored(StoreError::Folder { path: plan.data.clone(), source }))?;
    let lock = Lock::take(&plan.data).map_err(|error| Failure::new(Stop::Store, error))?;
    // Before the log takes its own room, which it can do without.
    let room = Room::keep(&plan.data, plan.keep_room_mb);
    let mut log = SignalLog::open(&plan.data).map_err(stored)?;
    if plan.demo {
        demo::fill(&plan.data, &mut log).map_err(|error| Failure::new(Stop::Store, error))?;
    }
    if let Some(file) = &args.accounts {
        let imported = import::import(&plan.data, file, false)?;
        tracing::info!(?imported, "accounts imported from {}", file.display());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Stop::Listen, error))?;
    let ended = runtime.block_on(serve(plan, log, room));
    runtime.shutdown_timeout(GRACE);
    drop(lock);
    ended
}

fn asked(args: &RunArgs) -> Result<Plan, Failure> {
    let config = |error| Failure::new(Stop::Config, error);
    let address = |given: Option<SocketAddr>, default: &str| match given {
        Some(address) => Ok(address),
        None => default.parse().map_err(|error| config(anyhow!("{default}: {error}"))),
    };
    let data =
        args.data.clone().unwrap_or_else(|| PathBuf::from(if args.demo { "centre-demo" } else { "centre-data" }));
    // A demo under rules of one's own is that, and nothing of the demo's beside them.
    let whole_demo = args.demo && args.policy.is_none() && args.outside.is_none();
    let mut rules = args.policy.as_deref().map_or_else(|| Ok(Rulebook::default()), policy::read)?;
    if whole_demo {
        rules.policy = demo::policy().map_err(config)?;
    }
    if let Some(file) = &args.plans {
        rules.policy.plans = plan::read(file)?;
    }
    let http = address(args.http, HTTP_DEFAULT)?;
    if !http.ip().is_loopback() && !args.allow_remote_http {
        return Err(config(anyhow!(
            "--http {http} would serve passwords and alarms over plain HTTP to other machines; serve it on 127.0.0.1 \
             behind a TLS proxy (with --behind-https), or say --allow-remote-http if the network is yours alone"
        )));
    }
    let outside = match args.outside.as_deref() {
        Some(file) => outside::read(file)?,
        None if whole_demo => demo::outside(&data).map_err(config)?,
        None => outside::Config::default(),
    };
    let own = rules.policy.overrides.iter().filter_map(|one| one.changes.late_close.answer_within_s);
    let asks = own.chain([rules.policy.late_close.answer_within_s]).any(|seconds| seconds > 0);
    if asks && outside.late_close.is_none() {
        return Err(config(anyhow!(
            "the policy says late_close.answer_within_s, and there is no way to ask: name one as `question` under \
             [late_close] in the file of --outside, or set answer_within_s = 0"
        )));
    }
    let missing = |rule: &&alarmcore::ForwardRule| !outside.forwards_to(&rule.to);
    if let Some(rule) = rules.policy.forward.iter().find(missing) {
        return Err(config(anyhow!(
            "the policy says [[forward]] to = {:?}, and there is no such way: name it as [way.{}] by = \"dc09\" in the file of \
             --outside",
            rule.to,
            rule.to
        )));
    }
    Ok(Plan {
        data,
        dc09: address(args.dc09, DC09_DEFAULT)?,
        http,
        rules,
        outside,
        backups: args.backups.clone(),
        certificates: args.certificates.clone(),
        keep_room_mb: args.keep_room_mb,
        trust_clock: args.trust_clock,
        connections_per_address: args.connections_per_address,
        demo: args.demo,
        whole_demo,
        behind_https: args.behind_https,
    })
}

async fn serve(mut plan: Plan, log: SignalLog, room: Room) -> Result<(), Failure> {
    let stored = |error: anyhow::Error| {
        Failure::new(Stop::Store, error.context(format!("the store in {}", plan.data.display())))
    };
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| Failure::new(Stop::Listen, error))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| Failure::new(Stop::Listen, error))?;

    if !plan.trust_clock
        && let Some(last) = opsmodel::store::Centre::open(&plan.data)
            .and_then(|centre| centre.last_moment())
            .map_err(|error| stored(error.into()))?
    {
        receiver::clock::not_before(last);
    }
    let (cards, last_seen, live) = (Arc::<Cards>::default(), Arc::<LastSeen>::default(), Live::default());
    let (policy, seen) = (plan.rules.policy.clone(), Seen::default());
    let others = plan.whole_demo.then(|| demo::open_ways(&plan.data, &mut plan.outside)).transpose();
    let others = others.map_err(|error| Failure::new(Stop::Store, error))?;
    let playing = others.map(|others| tokio::spawn(demo::play_ways(plan.data.clone(), others)));
    let outside = Outside::new(plan.outside, policy.clone());
    let seated = desk::start(
        plan.data.clone(),
        policy.clone(),
        cards.clone(),
        live.clone(),
        seen.clone(),
        outside.clone(),
        room.clone(),
    );
    let (desk, desk_thread) = seated.map_err(stored)?;
    let keep = |file, gate| Keeper::gated(&plan.data, file, gate).map_err(|error| stored(error.into()));
    // What the desk is given the log must not take: not for itself, and not for its file.
    let keepers = [keep(StoreFile::Signals, room.gate())?, keep(StoreFile::Centre, Gate::default())?];
    let waker = desk.clone();
    let intake = Arc::new(Intake::gated(log, room.gate(), move |_| waker.wake()));
    let mut config = receiver::Config::new(plan.dc09);
    config.limits.connections_per_address = plan.connections_per_address;
    config.policy.plain_despite_key = match policy.plain_despite_key {
        PlainAnswer::Acknowledge => receiver::PlainAnswer::Ack,
        PlainAnswer::Refuse => receiver::PlainAnswer::Duh,
    };
    let receiver = Receiver::bind(config, cards.directory.clone(), last_seen.clone(), &intake).map_err(|error| {
        Failure::new(Stop::Listen, anyhow!(error).context("panels cannot be listened for; see --dc09"))
    })?;
    let console = TcpListener::bind(plan.http)
        .await
        .with_context(|| format!("the console cannot be served on {}; see --http", plan.http))
        .map_err(|error| Failure::new(Stop::Listen, error))?;
    let dc09 = receiver.local_addr();
    let http = console.local_addr().map_err(|error| Failure::new(Stop::Listen, error))?;

    let ear = outside.ear(desk.clone(), live.clone(), Arc::downgrade(&intake), plan.data.clone());
    let (board, places) = (self_watch::Board::default(), Places::new(files::most() / 4));
    let watched = self_watch::Watched {
        limits: policy.self_watch,
        data: plan.data.clone(),
        backups: plan.backups,
        certificates: plan.certificates,
        outside: outside.clone(),
        desk: desk.clone(),
        room: room.clone(),
        places: places.clone(),
        refusals: receiver.refusals(),
    };
    let app = App::new(
        desk,
        ear.clone(),
        live.clone(),
        seen,
        board.clone(),
        Lines {
            cards: cards.clone(),
            last_seen: last_seen.clone(),
            intake: Arc::downgrade(&intake),
            gate: room.gate(),
        },
        Settings {
            data: plan.data.clone(),
            dc09,
            behind_https: plan.behind_https,
            policy: plan.rules.policy,
            packs: plan.rules.packs,
            deviations: plan.rules.deviations,
            demo_password: plan.demo.then_some(demo::PASSWORD),
            demo_logins: demo::LOGINS,
        },
    );
    auth::restore(&app).await;
    let (stop, stopped) = watch::channel(false);
    let listening = tokio::spawn(receiver.serve(stops(stopped.clone())));
    let watching = tokio::spawn(supervise::watch(policy.expect, cards, last_seen, intake.clone()));
    let looking = tokio::spawn(self_watch::watch(watched, board, live.clone(), intake.clone()));
    let sending = tokio::spawn(outside::work(ear));
    let keeping = tokio::spawn(room.watch());
    let pages = router(app.clone()).layer(from_fn_with_state(places.clone(), attend));
    let pages = pages.into_make_service_with_connect_info::<SocketAddr>();
    let serving = tokio::spawn(
        axum::serve(Guests::at(console, places).tap_io(Guest::found_out), pages)
            .with_graceful_shutdown(stops(stopped))
            .into_future(),
    );
    let panels = plan.demo.then(|| tokio::spawn(demo::play(dc09)));
    announce(&app, http, plan.demo).await;

    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("ending: no new frames, then what is stored is disposed of");
    for playing in [panels, playing].into_iter().flatten() {
        playing.abort();
    }
    watching.abort();
    looking.abort();
    sending.abort();
    keeping.abort();
    let _ = stop.send(true);
    let _ = listening.await;
    let _ = watching.await;
    let _ = looking.await;
    let ended = tokio::task::spawn_blocking(move || {
        // The last one to hold it closes it: what was taken in is stored and answered first.
        drop(intake);
        desk_thread.end();
        drop(keepers);
    });
    let _ = ended.await;
    live.close();
    let _ = tokio::time::timeout(GRACE, serving).await;
    Ok(())
}

/// Every page and every call, with what every request passes.
fn router(app: App) -> Router {
    api::router()
        .merge(console::router())
        .layer(from_fn_with_state(app.clone(), kept::keep))
        .layer(from_fn_with_state(app.clone(), auth::guard))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), auth::secure_headers))
        .layer(from_fn_with_state(app.clone(), auth::from_proxy))
        .with_state(app)
}

async fn stops(mut stopped: watch::Receiver<bool>) {
    // An error means that nobody is left who could say so: the end as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Says on standard output that panels and operators are served, and where.
async fn announce(app: &App, http: SocketAddr, demo: bool) {
    let mut said = String::new();
    if demo {
        said +=
            &format!("demo: open http://{http}/ and sign in as {}; the password is {}\n", demo::LOGINS, demo::PASSWORD);
    }
    said += &format!("ready http=http://{http}/ dc09={} data={}\n", app.settings.dc09, app.settings.data.display());
    let mut out = std::io::stdout();
    // Whoever does not listen to standard output is served all the same.
    let _ = out.write_all(said.as_bytes()).and_then(|()| out.flush());
    if let Ok(operators) = app.query(|reader| reader.operators()).await
        && operators.is_empty()
    {
        tracing::warn!(
            "nobody can sign in yet: add the first one with `centre operator add --data {} --login NAME --name NAME \
             --role supervisor`",
            app.settings.data.display()
        );
    }
}
