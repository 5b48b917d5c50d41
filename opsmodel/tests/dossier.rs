//! The dossier of an incident (G3): whoever has it alone finds every change of it.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has to stop")]

#[path = "query/evening.rs"]
mod evening;
#[path = "query/town.rs"]
mod town;

use alarmcore::IncidentId;
use opsmodel::store::query::{DossierFault, Reader, check_dossier, seal};
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
    assert_eq!(checked.digests.len() as u64, journal + 6 + 3);
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
