//! The stored form of a signal: absent fields are left out, codes and accounts are their texts.
#![cfg(feature = "serde")]

use contactid::{AccountNumber, Code, Qualifier, Signal};

#[test]
fn a_signal_as_json_and_back() {
    let plain = Signal::new("130".parse().unwrap(), Qualifier::Restore);
    let full = Signal {
        group: Some(1),
        number: Some(5),
        address: Some("005".into()),
        user: Some(7),
        peripheral: Some(0),
        device_time: Some("20:50:26".into()),
        text: Some("Front door".into()),
        ..Signal::new("BA".parse().unwrap(), Qualifier::New)
    };
    for (signal, json) in [
        (plain, r#"{"code":"130","qualifier":"restore"}"#),
        (
            full,
            r#"{"code":"BA","qualifier":"new","group":1,"number":5,"address":"005","user":7,"peripheral":0,"device_time":"20:50:26","text":"Front door"}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&signal).unwrap(), json);
        assert_eq!(serde_json::from_str::<Signal>(json).unwrap(), signal);
    }
}

#[test]
fn what_is_no_code_and_no_account_is_refused() {
    assert_eq!(serde_json::from_str::<AccountNumber>(r#""ab12""#).unwrap(), "AB12".parse().unwrap());
    assert!(serde_json::from_str::<AccountNumber>(r#""AB 12""#).is_err());
    assert!(serde_json::from_str::<Code>(r#""1300""#).is_err());
}
