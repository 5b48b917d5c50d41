//! The form by which an alarm is entered that somebody tells of: what may be told of an account, and how.

use alarmcore::{Handling, Policy, Told};
use contactid::{Code, EventCode, Lang, Qualifier, Signal};

/// What people tell of, most urgent first: codes of Contact ID. Any other alarm or trouble is entered by its code.
const CODES: [u16; 11] = [110, 100, 120, 121, 151, 162, 130, 140, 154, 301, 300];

/// What the form offers.
pub(super) struct TellForm {
    /// By code and name; without what is only logged for this account.
    pub(super) codes: Vec<(String, String)>,
    /// By word and label.
    pub(super) ways: Vec<(&'static str, &'static str)>,
}

impl TellForm {
    pub(super) fn of(policy: &Policy, lang: Lang) -> Self {
        let shown =
            |code: &EventCode| policy.handling(&Signal::new(Code::Cid(*code), Qualifier::New)).0 != Handling::Log {};
        let named = |code: EventCode| {
            let entry = code.entry()?;
            let name = match lang {
                Lang::En => entry.name_en,
                Lang::Zh => entry.name_zh,
            };
            Some((code.to_string(), name.to_owned()))
        };
        Self {
            codes: CODES.into_iter().filter_map(EventCode::new).filter(shown).filter_map(named).collect(),
            ways: Told::ALL.iter().map(|told| (told.as_str(), told.label(lang))).collect(),
        }
    }
}
