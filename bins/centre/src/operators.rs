//! The people of the centre: who may sign in, added from the command line, and whether they are offered incidents.

use std::collections::BTreeSet;
use std::io::{self, BufRead, IsTerminal, Write};
use std::net::IpAddr;
use std::process::{Command, Stdio};
use std::sync::Arc;

use alarmcore::{Input, OperatorId};
use anyhow::{Context, anyhow};
use opsmodel::crm::{Change, OperatorCard, read_names};
use opsmodel::store::{Centre, SignalLog, StoreError};

use crate::auth::{self, Session};
use crate::cli::{Failure, OperatorArgs, Stop};
use crate::desk::now;
use crate::problem::Problem;
use crate::state::App;

/// Adds an operator, or gives one another name, role and password.
pub(crate) fn add(args: &OperatorArgs) -> Result<(), Failure> {
    let password = read_password(&args.login).map_err(|error| Failure::new(Stop::Config, error))?;
    let digest = auth::digest(&password).map_err(|error| Failure::new(Stop::Config, error))?;
    let stored = |error: StoreError| {
        Failure::new(Stop::Store, anyhow!(error).context(format!("the store in {}", args.data.display())))
    };
    SignalLog::open(&args.data).map_err(stored)?;
    let mut centre = Centre::open(&args.data).map_err(stored)?;
    let card = put(&mut centre, args, &digest).map_err(stored)?;
    println!("{} ({}) may sign in as {}", card.name, card.role.word(), card.login);
    Ok(())
}

fn put(centre: &mut Centre, args: &OperatorArgs, digest: &str) -> Result<OperatorCard, StoreError> {
    let change = Change { by: None, at: now(), origin: "command line".into(), reason: "operator add".into() };
    let all = centre.operators()?;
    let next = all.iter().map(|card| card.id.get()).max().unwrap_or(0) + 1;
    let card = match all.into_iter().find(|card| card.login == args.login) {
        Some(card) => OperatorCard {
            name: args.name.clone(),
            role: args.role,
            closed_at: None,
            skills: names(args.skills.as_deref(), card.skills),
            languages: names(args.languages.as_deref(), card.languages),
            ..card
        },
        None => OperatorCard {
            skills: names(args.skills.as_deref(), BTreeSet::new()),
            languages: names(args.languages.as_deref(), BTreeSet::new()),
            ..OperatorCard::new(OperatorId::new(next), args.login.clone(), args.name.clone(), args.role)
        },
    };
    let card = centre.put_operator(&card, &change)?;
    centre.put_password(card.id, digest, &change)?;
    Ok(card)
}

/// Pauses or resumes what is offered to whoever asks; the desk hears of it at once.
///
/// # Errors
/// 404 for somebody who has left, 503 when it cannot be stored.
pub(crate) async fn pause(app: &App, session: &Session, address: IpAddr, paused: bool) -> Result<(), Problem> {
    let (me, at) = (session.operator, now());
    let reason = if paused { "offers paused" } else { "offers resumed" };
    let change = Change { by: Some(me), at, origin: format!("console {address}"), reason: reason.into() };
    let answer = app.desk.tell(move |centre| {
        let Some(known) = centre.operators()?.into_iter().find(|card| card.id == me && card.closed_at.is_none()) else {
            return Ok((Err(Problem::not_found("operator", "接警员")), None));
        };
        if known.paused == paused {
            return Ok((Ok(()), None));
        }
        let card = centre.put_operator(&OperatorCard { paused, ..known }, &change)?;
        Ok((Ok(()), card.desk_card().map(|card| Input::Person { at, card })))
    });
    answer.await.map_err(Problem::from)?
}

/// What is given, or what stands there.
fn names(given: Option<&str>, before: BTreeSet<Arc<str>>) -> BTreeSet<Arc<str>> {
    given.map_or(before, read_names)
}

/// One line of standard input; at a terminal it is asked for, and not shown.
fn read_password(login: &str) -> anyhow::Result<String> {
    let terminal = io::stdin().is_terminal();
    if terminal {
        eprint!("password for {login}: ");
        io::stderr().flush().context("standard error")?;
        echo("-echo");
    }
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    if terminal {
        echo("echo");
        eprintln!();
    }
    read.context("no password could be read from standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Where there is no `stty`, the password is seen while it is typed.
fn echo(mode: &str) {
    let _ = Command::new("stty").arg(mode).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
}
