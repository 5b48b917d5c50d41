//! `report verify`: whether every hash chain holds.

use std::io::Write;

use opsmodel::store::{self, StoreError, Verified};
use serde::Serialize;

use super::open;
use crate::arguments::Store;
use crate::output::{Column, Sheet, column, text};
use crate::progress::Waiting;
use crate::stop::Stop;

/// A chain, and that it holds; or the chain that does not, and the first record of it that is not as it was written.
#[derive(Serialize)]
struct Checked {
    chain: &'static str,
    records: Option<u64>,
    broken: Option<String>,
}

const COLUMNS: &[Column<Checked>] = &[
    column("chain", |row| row.chain.to_owned()),
    column("records", |row| text(&row.records)),
    column("broken", |row| text(&row.broken)),
];

pub(super) fn answer(store: &Store, out: &mut dyn Write) -> Result<(), Stop> {
    let desk = open(&store.data)?.has_desk();
    let waiting = Waiting::new("walking the chains");
    let verified = store::verify(&store.data);
    drop(waiting);
    let (rows, broken) = match verified {
        Ok(verified) => (chains(&verified, desk), None),
        Err(StoreError::Broken(broken)) => {
            let name = broken.to_string();
            (vec![Checked { chain: broken.chain, records: None, broken: Some(name.clone()) }], Some(name))
        }
        Err(error) => return Err(Stop::Store(error)),
    };
    let mut sheet = Sheet::new(store.format, COLUMNS, out)?;
    for row in &rows {
        sheet.row(row)?;
    }
    sheet.end()?;
    match broken {
        None => Ok(()),
        Some(name) => {
            eprintln!("report: the first bad record is {name}");
            Err(Stop::Bad)
        }
    }
}

/// What was checked; the spool of a receiver on its own has one chain only.
fn chains(verified: &Verified, desk: bool) -> Vec<Checked> {
    let all = [
        ("signal", verified.signals),
        ("journal", verified.journal),
        ("disposition", verified.dispositions),
        ("card_history", verified.card_history),
        ("cards", verified.cards),
        ("clip", verified.clips),
    ];
    let checked = all.into_iter().take(if desk { all.len() } else { 1 });
    checked.map(|(chain, records)| Checked { chain, records: Some(records), broken: None }).collect()
}
