//! `centre account set`: the hours, the test interval, the site and the areas of one account.

use std::path::Path;
use std::sync::Arc;

use alarmcore::{Lang, Schedule};
use anyhow::{Context as _, anyhow};
use opsmodel::crm::{AccountCard, CardError, Change, Words};
use opsmodel::store::{Centre, SignalLog, StoreError};

use crate::auth::salt;
use crate::cli::{AccountArgs, Failure, Stop};
use crate::desk::now;

/// Changes what the command line names of a card that is there, and prints what holds now.
pub(crate) fn set(args: &AccountArgs) -> Result<(), Failure> {
    let failed = |error: StoreError| {
        let stop = if matches!(error, StoreError::Card(_)) { Stop::Import } else { Stop::Store };
        Failure::new(stop, anyhow!(error).context(format!("the store in {}", args.data.display())))
    };
    SignalLog::open(&args.data).map_err(failed)?;
    let mut centre = Centre::open(&args.data).map_err(failed)?;
    let Some(card) = centre.account(args.account).map_err(failed)? else {
        return Err(Failure::new(Stop::Import, anyhow!("there is no account {}; import it first", args.account)));
    };
    let wanted = AccountCard {
        schedule: args.schedule.as_ref().map_or_else(|| card.schedule.clone(), |given| given.0.clone()),
        test_interval_s: args.test_interval_s.map_or(card.test_interval_s, |secs| Some(secs).filter(|secs| *secs > 0)),
        cancel_users: args.cancel_users.as_ref().map_or_else(|| card.cancel_users.clone(), |given| given.0.clone()),
        sources: args.sources.as_ref().map_or_else(|| card.sources.clone(), |given| given.0.clone()),
        users: args.users.as_ref().map_or_else(|| card.users.clone(), |given| given.0.clone()),
        site: args.site.as_deref().map_or_else(|| card.site.clone(), |site| site.trim().to_owned()),
        district: shared(args.district.as_deref(), card.district.as_ref()),
        feeder: shared(args.feeder.as_deref(), card.feeder.as_ref()),
        carrier: shared(args.carrier.as_deref(), card.carrier.as_ref()),
        site_type: shared(args.site_type.as_deref(), card.site_type.as_ref()),
        language: shared(args.language.as_deref(), card.language.as_ref()),
        position: args.position.as_ref().map_or(card.position, |given| given.0),
        features: args
            .features
            .as_ref()
            .map_or_else(|| card.features.clone(), |given| given.iter().copied().flatten().collect()),
        ..card.clone()
    };
    let at = now();
    let wanted = AccountCard { rotate: args.rotate.unwrap_or(wanted.rotate), ..wanted };
    let wanted = match &args.contacts {
        Some(given) => wanted.calling(given.0.clone()),
        None => wanted,
    };
    let wanted = match &args.codewords {
        Some(file) => {
            let wrong = |error: anyhow::Error| Failure::new(Stop::Import, error.context("nothing was changed"));
            let words = Words::read_all(&read_words(file).map_err(wrong)?).map_err(|error| wrong(error.into()))?;
            wanted.saying(&words, || Ok(salt()?)).map_err(wrong)?
        }
        None => wanted,
    };
    let wanted = match &args.expect {
        Some(given) => wanted.expecting(&given.0, at),
        None => wanted,
    };
    let refused = |error: CardError| failed(StoreError::Card(error));
    let wanted = match &args.raise {
        Some(end) => wanted.end_agreed(end.number, None, at, &end.reason).map_err(refused)?,
        None => wanted,
    };
    let policy = centre.policy_in_force().map_err(failed)?.unwrap_or_default();
    let proposals = args.lower.iter().flat_map(|given| &given.0).cloned();
    let wanted = proposals
        .filter(|proposal| !proposal.stands_on(&card))
        .try_fold(wanted, |wanted, proposal| wanted.propose(proposal, None, at, &policy))
        .map_err(refused)?;
    let wanted = if wanted == card {
        wanted
    } else {
        let change = Change { by: None, at, origin: "command line".into(), reason: "account set".into() };
        centre.edit_account(&wanted, &change).map_err(failed)?
    };
    println!("account {} {}", wanted.account, wanted.name);
    println!("schedule {}", wanted.schedule.as_deref().map_or_else(|| "-".into(), Schedule::to_string));
    let features: Vec<&str> = wanted.features.iter().map(|feature| feature.as_str()).collect();
    println!("features {}", if features.is_empty() { "-".to_owned() } else { features.join(",") });
    println!("test_interval_s {}", wanted.test_interval_s.map_or_else(|| "-".into(), |secs| secs.to_string()));
    let users = wanted.cancelling().map(|users| users.iter().map(u32::to_string).collect::<Vec<_>>().join(" "));
    let waits = wanted.waiting_to_cancel().iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
    let waits = if waits.is_empty() { waits } else { format!(" (waits for another person: {waits})") };
    println!("cancel_users {}{waits}", users.as_deref().unwrap_or("-"));
    if let Some(sources) = &wanted.sources {
        println!("sources {sources}");
    }
    for user in &wanted.users {
        println!("user {user}");
    }
    for contact in &wanted.contacts {
        let words = [(&contact.codeword, "codeword"), (&contact.duress, "duress word")];
        let has: String =
            words.iter().filter(|(word, _)| word.is_some()).map(|(_, name)| format!(" (has a {name})")).collect();
        println!("contact {contact}{has}");
    }
    if wanted.rotate {
        println!("rotate true");
    }
    for expectation in wanted.expected() {
        println!("expect {expectation}");
    }
    for one in wanted.agreed().iter().filter(|one| one.until > at) {
        let state = if one.approved.is_some() { "approved" } else { "waits for another person" };
        let (number, kind, what) = (one.number, one.lowers.kind(), one.what(Lang::En));
        println!("lowered {number} {kind}: {what}, {} to {}, {}: {state}", one.from, one.until, one.reason);
    }
    println!("site {}", if wanted.site.is_empty() { "-" } else { &wanted.site });
    println!("district {}", wanted.district.as_deref().unwrap_or("-"));
    println!("feeder {}", wanted.feeder.as_deref().unwrap_or("-"));
    println!("carrier {}", wanted.carrier.as_deref().unwrap_or("-"));
    println!("site_type {}", wanted.site_type.as_deref().unwrap_or("-"));
    println!("language {}", wanted.language.as_deref().unwrap_or("-"));
    println!("position {}", wanted.position.map_or_else(|| "-".into(), |position| position.to_string()));
    Ok(())
}

/// The lines with codewords: of a file, or of the standard input, so that no list of processes shows them.
fn read_words(file: &Path) -> anyhow::Result<String> {
    let read =
        if file == Path::new("-") { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) };
    read.with_context(|| format!("the codewords in {}", file.display()))
}

/// A name that accounts share: as it was where the command line says nothing, none where it says nothing but spaces.
fn shared(given: Option<&str>, before: Option<&Arc<str>>) -> Option<Arc<str>> {
    given.map_or_else(|| before.cloned(), |name| Some(name.trim()).filter(|name| !name.is_empty()).map(Arc::from))
}
