//! Cards of accounts, as a script writes them.

use alarmcore::{AccountCard, AccountNumber, Desk};
use serde_json::{Map, Value};

use super::at;

/// The card of an account with these fields.
pub(super) fn written(number: &str, fields: Map<String, Value>) -> AccountCard {
    let mut card = serde_json::to_value(AccountCard::new(number.parse().unwrap())).unwrap();
    card.as_object_mut().unwrap().extend(fields);
    for lowering in card.get_mut("lowerings").and_then(Value::as_array_mut).into_iter().flatten() {
        for moment in ["from", "until", "agreed_at"] {
            let Some(clock) = lowering.get_mut(moment) else { continue };
            *clock = at(clock.as_str().unwrap()).millis().into();
        }
    }
    serde_json::from_value(card).unwrap()
}

/// The card of an account as it is, or a new one.
pub(super) fn known(desk: &Desk, number: &str) -> AccountCard {
    let account: AccountNumber = number.parse().unwrap();
    let card = desk.snapshot().accounts.into_iter().find(|card| card.account == account);
    card.unwrap_or_else(|| AccountCard::new(account))
}
