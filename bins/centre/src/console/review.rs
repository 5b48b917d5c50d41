//! Changing an account's card on its page, and the review of what was changed.

use axum::response::Response;
use contactid::AccountNumber;
use opsmodel::crm::CardField;
use opsmodel::store::query::{AccountSheet, Unreviewed};

use super::accounts::answer;
use super::oops::Oops;
use super::sent::{At, Sent};
use crate::agreed;
use crate::auth::Session;
use crate::card_review;
use crate::i18n::Words;

/// What the part `part/card.html` shows.
pub(super) struct Review {
    pub(super) pending: Option<Unreviewed>,
    /// What was changed: its label, what stood there, what stands there now.
    pub(super) changes: Vec<(&'static str, String, String)>,
    /// Whoever looks made one of the changes.
    pub(super) own: bool,
    /// Name, label and what stands there now.
    pub(super) inputs: Vec<(&'static str, &'static str, String)>,
    /// Whom to call, a line each.
    pub(super) contacts: String,
    /// The users of the panel, a line each.
    pub(super) users: String,
    /// What the site has that rules ask for.
    pub(super) features: String,
    /// What else is expected of it, a line each.
    pub(super) expectations: String,
}

impl Review {
    pub(super) fn of(sheet: &AccountSheet, session: &Session, w: &Words) -> Self {
        let number = |value: Option<u32>| value.map(|value| value.to_string()).unwrap_or_default();
        let name = |value: Option<&str>| value.unwrap_or_default().to_owned();
        let zones: Vec<String> = sheet.zones.iter().map(|zone| format!("{} {}", zone.number, zone.name)).collect();
        let schedule = sheet.schedule.as_ref().map(|schedule| schedule.to_string()).unwrap_or_default();
        let sources = sheet.sources.as_ref().map(|sources| sources.to_string()).unwrap_or_default();
        let inputs = [
            ("phone", CardField::Phone, sheet.row.phone.clone()),
            ("address", CardField::Address, sheet.row.address.clone()),
            ("site", CardField::Site, sheet.site.clone()),
            ("district", CardField::District, name(sheet.district.as_deref())),
            ("feeder", CardField::Feeder, name(sheet.feeder.as_deref())),
            ("carrier", CardField::Carrier, name(sheet.carrier.as_deref())),
            ("site_type", CardField::SiteType, name(sheet.site_type.as_deref())),
            ("language", CardField::Language, name(sheet.language.as_deref())),
            ("position", CardField::Position, sheet.position.map(|at| at.to_string()).unwrap_or_default()),
            ("instructions", CardField::Instructions, sheet.instructions.clone()),
            ("zones", CardField::Zones, zones.join("; ")),
            ("schedule", CardField::Schedule, schedule),
            ("sources", CardField::Sources, sources),
            ("heartbeat_s:n", CardField::Heartbeat, number(sheet.heartbeat_s)),
            ("test_interval_s:n", CardField::TestInterval, number(sheet.test_interval_s)),
        ];
        Self {
            own: sheet.pending.as_ref().is_some_and(|pending| pending.by.contains(&session.operator)),
            changes: sheet
                .pending
                .iter()
                .flat_map(|pending| &pending.fields)
                .map(|one| (one.field.label(w.lang), apart(&one.old, &one.new), apart(&one.new, &one.old)))
                .collect(),
            pending: sheet.pending.clone(),
            contacts: sheet.contacts.iter().map(|contact| contact.line.as_str()).collect::<Vec<_>>().join("\n"),
            users: sheet.users.iter().map(|user| user.line.as_str()).collect::<Vec<_>>().join("\n"),
            features: sheet.features.iter().map(|feature| feature.as_str()).collect::<Vec<_>>().join(" "),
            expectations: sheet
                .expectations
                .iter()
                .flat_map(|all| all.iter())
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n"),
            inputs: inputs.into_iter().map(|(name, field, value)| (name, field.label(w.lang), value)).collect(),
        }
    }
}

/// Of a list that is parted by `|`, what the `other` has not: whoever reviews looks for what differs. Where only the order is
/// another one, all of it.
fn apart(list: &str, other: &str) -> String {
    let others: Vec<&str> = other.split(" | ").collect();
    let differs: Vec<&str> = list.split(" | ").filter(|one| !others.contains(one)).collect();
    if differs.is_empty() && list.split(" | ").count() == others.len() { list.to_owned() } else { differs.join(" | ") }
}

/// A change of the card, as a form.
pub(super) async fn edit(At(account): At<AccountNumber>, sent: Sent) -> Result<Response, Oops> {
    let act = async |ask| card_review::edit(&sent.app, sent.session(), sent.address, account, ask).await;
    answer(&sent, account, "card", sent.does(act).await).await
}

/// What another person says of it, as a form.
pub(super) async fn review(At(account): At<AccountNumber>, sent: Sent) -> Result<Response, Oops> {
    let act = async |ask| card_review::review(&sent.app, sent.session(), sent.address, account, ask).await;
    answer(&sent, account, "card", sent.does(act).await).await
}

/// A suspension, a log-only agreement or a recurring test is proposed or ended, as a form.
pub(super) async fn agreed(At(account): At<AccountNumber>, sent: Sent) -> Result<Response, Oops> {
    let act = async |ask| agreed::act(&sent.app, sent.session(), sent.address, account, ask).await;
    answer(&sent, account, "agreed", sent.does(act).await).await
}
