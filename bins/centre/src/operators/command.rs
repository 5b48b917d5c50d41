//! `centre operator`: who may sign in, listed, added, changed and struck off from the command line.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use alarmcore::OperatorId;
use anyhow::{Context, anyhow};
use opsmodel::crm::{Change, OperatorCard, read_names, write_names};
use opsmodel::store::{Centre, SignalLog, StoreError};

use crate::auth;
use crate::cli::{Failure, OperatorArgs, OperatorSet, OperatorTask, Stop};
use crate::desk::now;

/// Does what the command line asks about the people of the centre. A centre that runs on the same folder goes by it at once.
pub(crate) fn run(task: &OperatorTask) -> Result<(), Failure> {
    match task {
        OperatorTask::List { data } => list(data),
        OperatorTask::Add(args) => add(args),
        OperatorTask::Set(args) => set(args),
        OperatorTask::StrikeOff { data, login } => strike_off(data, login),
    }
}

/// Everybody by number, one a line: number, log-in, role, name, and what else there is to say.
fn list(data: &Path) -> Result<(), Failure> {
    let cards = open(data)?.operators().map_err(|error| unstored(data, error))?;
    for card in cards {
        let mut line = format!("{}\t{}\t{}\t{}", card.id, card.login, card.role.word(), card.name);
        for (what, names) in [("skills", write_names(&card.skills)), ("languages", write_names(&card.languages))] {
            if !names.is_empty() {
                line += &format!("\t{what}: {names}");
            }
        }
        if let Some(at) = card.closed_at {
            line += &format!("\tstruck off {at}");
        }
        println!("{line}");
    }
    Ok(())
}

/// Adds an operator, or gives one another name, role and password.
fn add(args: &OperatorArgs) -> Result<(), Failure> {
    let digest = new_password(&args.login)?;
    let mut centre = open(&args.data)?;
    let card = put(&mut centre, args, &digest).map_err(|error| unstored(&args.data, error))?;
    println!("{} ({}) may sign in as {}", card.name, card.role.word(), card.login);
    Ok(())
}

fn put(centre: &mut Centre, args: &OperatorArgs, digest: &str) -> Result<OperatorCard, StoreError> {
    let change = by_command("operator add");
    let all = centre.operators()?;
    let next = all.iter().map(|card| card.id.get()).max().unwrap_or(0) + 1;
    let card = all
        .into_iter()
        .find(|card| card.login == args.login)
        .unwrap_or_else(|| OperatorCard::new(OperatorId::new(next), args.login.clone(), args.name.clone(), args.role));
    let card = OperatorCard {
        name: args.name.clone(),
        role: args.role,
        closed_at: None,
        skills: args.skills.as_deref().map_or(card.skills, read_names),
        languages: args.languages.as_deref().map_or(card.languages, read_names),
        ..card
    };
    let card = centre.put_operator(&card, &change)?;
    centre.put_password(card.id, digest, &change)?;
    Ok(card)
}

/// Changes what is named of an operator, and leaves the rest.
fn set(args: &OperatorSet) -> Result<(), Failure> {
    let mut centre = open(&args.data)?;
    let stored = |error| unstored(&args.data, error);
    let before = known(&centre, &args.data, &args.login)?;
    let digest = if args.password { Some(new_password(&args.login)?) } else { None };
    let change = by_command("operator set");
    let card = OperatorCard {
        name: args.name.clone().unwrap_or_else(|| before.name.clone()),
        role: args.role.unwrap_or(before.role),
        skills: args.skills.as_deref().map_or_else(|| before.skills.clone(), read_names),
        languages: args.languages.as_deref().map_or_else(|| before.languages.clone(), read_names),
        ..before.clone()
    };
    if card == before && digest.is_none() {
        println!("nothing of {} was changed", card.login);
        return Ok(());
    }
    if card != before {
        centre.put_operator(&card, &change).map_err(stored)?;
    }
    if let Some(digest) = digest {
        centre.put_password(card.id, &digest, &change).map_err(stored)?;
    }
    println!("{} ({}) may sign in as {}", card.name, card.role.word(), card.login);
    Ok(())
}

/// Ends what somebody may do here. The card and its history stay.
fn strike_off(data: &Path, login: &str) -> Result<(), Failure> {
    let mut centre = open(data)?;
    let change = by_command("operator strike-off");
    let card = OperatorCard { closed_at: Some(change.at), ..known(&centre, data, login)? };
    let card = centre.put_operator(&card, &change).map_err(|error| unstored(data, error))?;
    println!("{} ({}) is struck off and may not sign in", card.name, card.login);
    Ok(())
}

/// The card of whoever may sign in under this name.
fn known(centre: &Centre, data: &Path, login: &str) -> Result<OperatorCard, Failure> {
    let card = centre.operator_by_login(login).map_err(|error| unstored(data, error))?;
    let card = card.ok_or_else(|| Failure::new(Stop::Import, anyhow!("nobody has the log-in name {login:?}")))?;
    match card.closed_at {
        None => Ok(card),
        Some(_) => Err(Failure::new(
            Stop::Import,
            anyhow!("{login:?} is struck off already; `centre operator add` takes them back with a new password"),
        )),
    }
}

fn by_command(reason: &str) -> Change {
    Change { by: None, at: now(), origin: "command line".into(), reason: reason.into() }
}

fn open(data: &Path) -> Result<Centre, Failure> {
    SignalLog::open(data).and_then(|_| Centre::open(data)).map_err(|error| unstored(data, error))
}

/// What cannot be of a card is wrong in what was asked; everything else is the store's.
fn unstored(data: &Path, error: StoreError) -> Failure {
    match error {
        StoreError::LastSupervisor(_) | StoreError::Card(_) => Failure::new(Stop::Import, error),
        error => Failure::new(Stop::Store, anyhow!(error).context(format!("the store in {}", data.display()))),
    }
}

/// The digest of a password that is read from standard input.
fn new_password(login: &str) -> Result<String, Failure> {
    let password = read_password(login).map_err(|error| Failure::new(Stop::Config, error))?;
    auth::digest(&password).map_err(|error| Failure::new(Stop::Config, error))
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
