//! The site of an incident as its card said when the incident was opened, and which parts of it were changed since.

use std::collections::BTreeMap;

use alarmcore::{ContactId, IncidentEvent, IncidentId, Lang, Timestamp};
use contactid::AccountNumber;
use rusqlite::Row;
use serde::Serialize;
use serde_json::Value;

use super::super::account::contact_row;
use super::super::{ContactRow, Moment, Reader, spelling};
use super::Head;
use crate::crm::{AccountCard, Zone};
use crate::store::StoreError;
use crate::store::chain::CARD_HISTORY;

pub(in crate::store::query) const VERSIONS: &str = "SELECT seq, version, at, digest, after FROM card_history \
    INDEXED BY card_history_card WHERE card = 'account' AND key = ?1 ORDER BY version";

/// The form of a dossier from which on its site is that of the opening.
const OF_OPENING: u64 = 2;

/// The site of an incident by one version of its card: the one that stood when the incident was opened, where there was one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DossierSite {
    /// The account.
    pub account: AccountNumber,
    /// When the card said this.
    pub said: Said,
    /// The version of the card.
    pub version: u32,
    /// When that version was written.
    #[serde(serialize_with = "spelling::time")]
    pub since: Timestamp,
    /// Where that version stands in the history of cards, with its digest.
    pub record: Head,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: String,
    /// Its telephone number.
    pub phone: String,
    /// Its zones.
    pub zones: Vec<Zone>,
    /// The persons whom events name by number.
    pub contacts: Vec<ContactRow>,
    /// Persons whom an event names and of whom the card said something else by then, by the number of its journal entry.
    pub named_later: BTreeMap<u64, ContactRow>,
    /// The version of the card that stood when the dossier was made.
    pub version_now: u32,
    /// What of this the card said otherwise at any time from then until the dossier was made.
    pub changed: Vec<SitePart>,
}

/// When a card said what a dossier says of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// When the incident was opened.
    WhenOpened,
    /// When the dossier was made: there was no card yet when the incident was opened.
    Now,
}

/// A part of what a dossier says of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SitePart {
    /// Its name.
    Name,
    /// Its address.
    Address,
    /// Its telephone number.
    Phone,
    /// Its zones.
    Zones,
    /// The persons on it.
    Contacts,
}

impl SitePart {
    const ALL: [Self; 5] = [Self::Name, Self::Address, Self::Phone, Self::Zones, Self::Contacts];

    /// In words.
    pub const fn label(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Name, Lang::En) => "name",
            (Self::Name, Lang::Zh) => "名称",
            (Self::Address, Lang::En) => "address",
            (Self::Address, Lang::Zh) => "地址",
            (Self::Phone, Lang::En) => "telephone",
            (Self::Phone, Lang::Zh) => "电话",
            (Self::Zones, Lang::En) => "zones",
            (Self::Zones, Lang::Zh) => "防区",
            (Self::Contacts, Lang::En) => "contacts",
            (Self::Contacts, Lang::Zh) => "联系人",
        }
    }

    fn differs(self, one: &AccountCard, other: &AccountCard) -> bool {
        match self {
            Self::Name => one.name != other.name,
            Self::Address => one.address != other.address,
            Self::Phone => one.phone != other.phone,
            Self::Zones => one.zones != other.zones,
            Self::Contacts => people(one) != people(other),
        }
    }
}

struct Version {
    seq: u64,
    version: u32,
    at: Timestamp,
    digest: String,
    card: AccountCard,
}

impl Version {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: spelling::natural(row, 0)?,
            version: row.get(1)?,
            at: spelling::moment(row, 2)?,
            digest: spelling::hex(&row.get::<_, Vec<u8>>(3)?),
            card: spelling::json(row, 4)?,
        })
    }
}

impl Reader {
    /// The site of an account as its card said when an incident of it was opened; where there was no card yet, as it says in the version
    /// `now`, or in the last there is. `None` when there never was a card.
    pub(super) fn dossier_site(
        &self,
        account: AccountNumber,
        (opened, now): (Timestamp, Option<u32>),
        moments: &[Moment],
    ) -> Result<Option<DossierSite>, StoreError> {
        let mut statement = self.sql.prepare_cached(VERSIONS)?;
        let versions =
            statement.query_map([account.as_str()], Version::read)?.collect::<Result<Vec<_>, rusqlite::Error>>()?;
        // A clock that was set back leaves versions out of the order of time: the last that was written by then stood.
        let stood = |at| versions.iter().rposition(|one| one.at <= at);
        let Some(last) = versions.len().checked_sub(1) else { return Ok(None) };
        let (said, place) = match stood(opened) {
            Some(place) => (Said::WhenOpened, place),
            None => {
                let named = versions.iter().position(|one| Some(one.version) == now);
                (Said::Now, named.unwrap_or(last))
            }
        };
        let Version { seq, version, at, digest, card } = &versions[place];
        let contacts = people(card);
        let mut named_later = BTreeMap::new();
        for moment in moments {
            let Some(contact) = named(&moment.event) else { continue };
            let of = |rows: &[ContactRow]| rows.iter().find(|row| row.contact == contact).cloned();
            let then = stood(moment.at).and_then(|place| of(&people(&versions[place].card)));
            if let Some(then) = then.filter(|then| of(&contacts).as_ref() != Some(then)) {
                named_later.insert(moment.seq, then);
            }
        }
        let later = &versions[place + 1..];
        let changed = |part: &SitePart| later.iter().any(|one| part.differs(card, &one.card));
        Ok(Some(DossierSite {
            account,
            said,
            version: *version,
            since: *at,
            record: Head { chain: CARD_HISTORY.table, seq: *seq, digest: digest.clone() },
            name: card.name.clone(),
            address: card.address.clone(),
            phone: card.phone.clone(),
            zones: card.zones.clone(),
            contacts,
            named_later,
            version_now: versions[last].version,
            changed: SitePart::ALL.into_iter().filter(changed).collect(),
        }))
    }

    /// Did the card of the store say of the site what this dossier says? One of the first form names no version of the card: of it
    /// nothing is found.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub fn holds_site(&self, dossier: &Value) -> Result<bool, StoreError> {
        if dossier["form"].as_u64().is_none_or(|form| form < OF_OPENING) {
            return Ok(true);
        }
        let (Some(id), Some(as_of)) = (dossier["incident"].as_u64(), dossier["as_of"].as_u64()) else {
            return Ok(false);
        };
        let Some(page) = self.incident(IncidentId::new(id))? else { return Ok(false) };
        let moments: Vec<Moment> = page.moments.into_iter().filter(|moment| moment.seq <= as_of).collect();
        let site = &dossier["site"];
        let now = site["version"].as_u64().and_then(|version| u32::try_from(version).ok());
        let kept = match page.row.account {
            Some(account) => self.dossier_site(account, (page.row.opened_at, now), &moments)?,
            None => None,
        };
        let Some(kept) = kept else { return Ok(site.is_null()) };
        if site.is_null() {
            return Ok(kept.said == Said::Now);
        }
        let mut kept = serde_json::to_value(kept)?;
        // The card may have been changed again after the dossier was made.
        for later in ["version_now", "changed"] {
            kept[later] = site[later].clone();
        }
        Ok(kept == *site)
    }
}

fn people(card: &AccountCard) -> Vec<ContactRow> {
    card.contacts.iter().cloned().map(contact_row).collect()
}

/// The person of the card whom an event names.
fn named(event: &IncidentEvent) -> Option<ContactId> {
    use IncidentEvent as E;
    match event {
        E::Called { contact, .. } | E::OwnerNotified { contact, .. } => Some(*contact),
        E::EndedUndetermined { contact, .. } | E::AuthorityTold { contact, .. } => *contact,
        _ => None,
    }
}
