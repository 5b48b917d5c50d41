//! The dossier of an incident (G3): whoever has it alone finds every change of it.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has to stop")]

#[path = "query/evening.rs"]
mod evening;
#[path = "query/town.rs"]
mod town;

use std::path::Path;

use alarmcore::{IncidentId, Lang};
use contactid::AccountNumber;
use opsmodel::crm::{AccountCard, Change, Contact, Zone};
use opsmodel::store::Centre;
use opsmodel::store::query::{DossierFault, Reader, Said, SitePart, check_dossier, seal};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

fn sealed() -> (tempfile::TempDir, Reader, Value) {
    let dir = tempfile::tempdir().unwrap();
    evening::build(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    let sealed = seal(&reader.dossier(IncidentId::new(1)).unwrap().unwrap()).unwrap();
    (dir, reader, sealed)
}

/// As somebody would who changes the document and knows how it is sealed.
fn forged(sealed: &Value, change: impl FnOnce(&mut Value)) -> Value {
    let mut dossier = sealed["dossier"].clone();
    change(&mut dossier);
    let seal: String = Sha256::digest(dossier.to_string()).iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "dossier": dossier, "seal": seal })
}

#[test]
fn a_dossier_holds_all_of_its_incident_and_fits_by_itself_and_to_the_store() {
    let (_dir, reader, sealed) = sealed();
    let dossier = &sealed["dossier"];
    let count = |name: &str| dossier[name].as_array().unwrap().len();
    assert_eq!((count("signals"), dossier["signals"][0]["raw_hex"].is_string()), (3, true));
    assert_eq!(dossier["site"]["account"], "1001");
    let kinds: Vec<&str> =
        dossier["moments"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds[..4], ["opened", "taken", "called", "pre-processed"]);
    assert_eq!(dossier["moments"][2]["event"]["note"], "Nobody");
    let checked = check_dossier(&sealed).unwrap();
    let journal = kinds.len() as u64;
    assert_eq!(checked.records, [("disposition".into(), 3), ("journal".into(), journal), ("signal".into(), 3)].into());
    assert_eq!(checked.digests.len() as u64, journal + 6 + 3 + 1, "and the version of the card");
    for (chain, seq, digest) in &checked.digests {
        assert!(reader.holds(chain, *seq, digest).unwrap(), "{chain} {seq}");
        assert!(!reader.holds(chain, seq + 1, digest).unwrap(), "{chain} {seq}");
    }
    assert_eq!(reader.dossier(IncidentId::new(99)).unwrap(), None);
    // Written to a file and read again, it is the same.
    let text = serde_json::to_string_pretty(&sealed).unwrap();
    assert_eq!(check_dossier(&serde_json::from_str(&text).unwrap()), Ok(checked));
}

#[test]
fn every_change_of_a_dossier_is_found() {
    let (_dir, _reader, sealed) = sealed();
    let mut unsealed = sealed.clone();
    unsealed["dossier"]["site"]["name"] = json!("Another");
    assert_eq!(check_dossier(&unsealed), Err(DossierFault::Seal));
    assert_eq!(check_dossier(&json!({ "seal": "" })), Err(DossierFault::Form("dossier")));

    let (seq, moment) = (&sealed["dossier"]["moments"][2]["seq"], 2);
    let seq = seq.as_u64().unwrap();
    let found = |change: &dyn Fn(&mut Value)| check_dossier(&forged(&sealed, change)).unwrap_err();
    assert_eq!(found(&|it| it["moments"][moment]["event"]["result"] = json!("code-ok")), DossierFault::Moment { seq });
    assert_eq!(found(&|it| it["moments"][moment]["event"]["note"] = json!("Somebody")), DossierFault::Moment { seq });
    assert_eq!(found(&|it| it["moments"][moment]["at"] = json!("2026-11-22T07:00:00Z")), DossierFault::Moment { seq });
    assert_eq!(
        found(&|it| {
            it["notes"][seq.to_string()] = json!("{\"note\":\"Somebody\"}");
            it["moments"][moment]["event"]["note"] = json!("Somebody");
        }),
        DossierFault::Note { seq }
    );
    assert_eq!(
        found(&|it| it["moments"][1]["event"]["text"] = json!("slipped in")).to_string().split(' ').next_back(),
        Some("2")
    );
    let signal = sealed["dossier"]["signals"][0]["id"].as_u64().unwrap();
    assert_eq!(found(&|it| it["signals"][0]["raw_hex"] = json!("00")), DossierFault::Signal { seq: signal });
    assert_eq!(
        found(&|it| it["records"][0]["columns"]["received_at"] = json!(0)),
        DossierFault::Record { chain: "signal".into(), seq: signal }
    );
    let cut = found(&|it| drop(it["records"].as_array_mut().unwrap().remove(0)));
    assert_eq!(cut, DossierFault::Signal { seq: signal });
}

/// The next version of the card of 1001, from this second of the evening on.
fn edit(dir: &Path, seconds: i64, edit: impl FnOnce(AccountCard) -> AccountCard) {
    let mut centre = Centre::open(dir).unwrap();
    let card = centre.account(account()).unwrap().unwrap();
    let change = Change { by: None, at: town::at(seconds), origin: "console".to_owned(), reason: String::new() };
    centre.put_account(&edit(card), &change).unwrap();
}

fn account() -> AccountNumber {
    town::account("1001")
}

fn contact(name: &str, phone: &str) -> Contact {
    serde_json::from_value(json!({ "id": 1, "name": name, "phone": phone, "role": "keyholder" })).unwrap()
}

#[test]
fn a_dossier_says_of_the_site_what_the_card_said_when_the_incident_was_opened() {
    let dir = tempfile::tempdir().unwrap();
    evening::build(dir.path());
    let zone = |name: &str| vec![Zone { number: 5, name: name.into() }];
    edit(dir.path(), -30, |card| AccountCard {
        name: "Sunrise Jewellery".into(),
        address: "1 Nanjing Road".into(),
        phone: "021-1".into(),
        zones: zone("vault"),
        contacts: vec![contact("Wang", "138-1")],
        ..card
    });
    let before = Reader::open(dir.path()).unwrap().dossier(IncidentId::new(1)).unwrap().unwrap().site.unwrap();
    assert_eq!((before.version, before.version_now, &before.changed), (2, 2, &vec![]));
    // The contact is another before the call at 30 s; everything is another after the incident.
    edit(dir.path(), 25, |card| AccountCard { contacts: vec![contact("Zhao", "138-2")], ..card });
    edit(dir.path(), 3000, |card| AccountCard {
        name: "Moonlight".into(),
        address: "9 Huaihai Road".into(),
        phone: "021-9".into(),
        zones: zone("lobby"),
        ..card
    });
    let reader = Reader::open(dir.path()).unwrap();
    let dossier = reader.dossier(IncidentId::new(1)).unwrap().unwrap();
    let site = dossier.site.clone().unwrap();
    assert_eq!((site.said, site.version, site.since), (Said::WhenOpened, 2, town::at(-30)));
    assert_eq!((&*site.name, &*site.address, &*site.phone), ("Sunrise Jewellery", "1 Nanjing Road", "021-1"));
    assert_eq!(site.zones, zone("vault"));
    let people: Vec<(&str, &str)> = site.contacts.iter().map(|row| (&*row.name, &*row.phone)).collect();
    assert_eq!(people, [("Wang", "138-1")]);
    assert_eq!(dossier.row.account_name.as_deref(), Some("Sunrise Jewellery"));
    let called = dossier.moments[2].seq;
    let later: Vec<(u64, &str)> = site.named_later.iter().map(|(seq, row)| (*seq, &*row.name)).collect();
    assert_eq!(later, [(called, "Zhao")], "by the card of when they were called");
    use SitePart::{Address, Contacts, Name, Phone, Zones};
    assert_eq!((site.version_now, &site.changed), (4, &vec![Name, Address, Phone, Zones, Contacts]));
    assert_eq!(site.changed.iter().map(|part| part.label(Lang::Zh)).collect::<String>(), "名称地址电话防区联系人");

    // It fits by itself and to the store; whoever seals another site into it is found by the store.
    let sealed = seal(&dossier).unwrap();
    let record = (site.record.chain.to_owned(), site.record.seq, site.record.digest);
    assert!(check_dossier(&sealed).unwrap().digests.contains(&record));
    assert!(reader.holds(&record.0, record.1, &record.2).unwrap() && !reader.holds(&record.0, 1, &record.2).unwrap());
    assert!(reader.holds_site(&sealed["dossier"]).unwrap());
    for (part, other) in [
        ("address", json!("9 Huaihai Road")),
        ("contacts", json!([])),
        ("said", json!("now")),
        ("version", json!(4)),
        ("since", json!("2026-11-22T08:00:00Z")),
    ] {
        let forged = forged(&sealed, |it| it["site"][part] = other);
        assert!(check_dossier(&forged).is_ok() && !reader.holds_site(&forged["dossier"]).unwrap(), "{part}");
    }
    assert!(!reader.holds_site(&forged(&sealed, |it| it["site"] = Value::Null)["dossier"]).unwrap());
    let broken = forged(&sealed, |it| drop(it["site"]["record"].as_object_mut().unwrap().remove("digest")));
    assert_eq!(check_dossier(&broken), Err(DossierFault::Form("site")));
}

#[test]
fn a_dossier_of_an_account_that_was_admitted_only_afterwards_says_that_its_site_is_as_now() {
    let dir = tempfile::tempdir().unwrap();
    evening::build(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    let of_9999 = reader.incidents(&Default::default(), None, 99).unwrap();
    let incident = of_9999.iter().find(|row| row.account == Some(town::account("9999"))).unwrap().incident;
    assert_eq!(reader.dossier(incident).unwrap().unwrap().site, None);
    let change = Change { by: None, at: town::at(3000), origin: "console".to_owned(), reason: String::new() };
    let card = AccountCard::new(town::account("9999"), "New shop");
    Centre::open(dir.path()).unwrap().put_account(&card, &change).unwrap();
    let dossier = reader.dossier(incident).unwrap().unwrap();
    let site = dossier.site.clone().unwrap();
    assert_eq!((site.said, &*site.name, site.version, site.version_now), (Said::Now, "New shop", 1, 1));
    let sealed = seal(&dossier).unwrap();
    assert!(check_dossier(&sealed).is_ok() && reader.holds_site(&sealed["dossier"]).unwrap());
}

/// It was made by the version before: its site is that of the card as it was when it was made, and says so by its form.
#[test]
fn a_dossier_of_the_first_form_is_still_as_it_left_the_centre() {
    let sealed: Value = serde_json::from_str(include_str!("dossier/form-1.json")).unwrap();
    assert_eq!(sealed["dossier"]["form"], 1);
    let checked = check_dossier(&sealed).unwrap();
    assert_eq!((checked.seal.as_str(), checked.records["signal"]), (sealed["seal"].as_str().unwrap(), 3));
    let dir = tempfile::tempdir().unwrap();
    evening::build(dir.path());
    let reader = Reader::open(dir.path()).unwrap();
    for (chain, seq, digest) in &checked.digests {
        assert!(reader.holds(chain, *seq, digest).unwrap(), "{chain} {seq}");
    }
    assert!(reader.holds_site(&sealed["dossier"]).unwrap());
    let changed = sealed.to_string().replace("\"Nobody\"", "\"Somebody\"");
    assert_eq!(check_dossier(&serde_json::from_str(&changed).unwrap()), Err(DossierFault::Seal));
}
