//! Numbers of a policy file that are no time at all, or more than is remembered. A file that says them is refused; what was kept of an
//! older one is read as it was, and acts as its greatest or least that does.

use toml::de::{DeTable, DeValue};

use crate::account::Pace;
use crate::source::ToldSources;

/// A table, a key of it, and the least and the most that it can be.
const BOUNDS: [(&str, &str, i64, i64); 5] = [
    ("", "repeat_window_s", 0, Pace::LONGEST_S as i64),
    ("runaway", "silence_s", 0, Pace::LONGEST_S as i64),
    ("storm", "window_s", 0, 3600),
    ("source", "again_s", 0, ToldSources::KEPT_S as i64),
    ("ownership", "absent_s", 1, u32::MAX as i64),
];

/// The first number that is out of its bounds: where it stands in the text, in bytes, and what is allowed.
pub(crate) fn out_of_bounds(text: &str) -> Option<(usize, String)> {
    let file = DeTable::parse(text).ok()?;
    let overrides = file.get_ref().get("override").and_then(|all| all.get_ref().as_array());
    let parts = overrides.into_iter().flat_map(|all| all.iter()).filter_map(|one| one.get_ref().as_table());
    core::iter::once(file.get_ref()).chain(parts).find_map(|part| {
        BOUNDS.iter().find_map(|(table, key, least, most)| {
            let holder = if table.is_empty() { Some(part) } else { part.get(*table)?.get_ref().as_table() };
            let said = holder?.get(*key)?;
            let DeValue::Integer(number) = said.get_ref() else { return None };
            let number = i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()?;
            let within = (*least..=*most).contains(&number);
            (!within).then(|| (said.span().start, format!("{key} is {least} to {most}, not {number}")))
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::Policy;

    #[test]
    fn a_number_out_of_its_bounds_is_refused_with_its_place() {
        let refused =
            |text: &str| Policy::from_toml(text).map_err(|error| (error.line, error.column, error.fault)).err();
        let fault = |line, column, said: &str| Some((line, column, said.to_owned()));
        let cases = [
            ("version = 2\nrepeat_window_s = 21601", fault(2, 19, "repeat_window_s is 0 to 21600, not 21601")),
            ("[runaway]\nsilence_s = 99_999", fault(2, 13, "silence_s is 0 to 21600, not 99999")),
            ("storm = { window_s = 0xe11 }", fault(1, 22, "window_s is 0 to 3600, not 3601")),
            ("[source]\nagain_s = 604801", fault(2, 11, "again_s is 0 to 604800, not 604801")),
            ("[ownership]\nabsent_s = 0", fault(2, 12, "absent_s is 1 to 4294967295, not 0")),
            (
                "[[override]]\naccounts = ['1001']\nowner = 'a'\nrunaway = { silence_s = 21601 }",
                fault(4, 25, "silence_s is 0 to 21600, not 21601"),
            ),
        ];
        for (text, said) in cases {
            assert_eq!(refused(text), said, "{text}");
        }
        let most =
            "repeat_window_s = 21600\nrunaway.silence_s = 21600\nstorm.window_s = 3600\nownership.absent_s = 1\n";
        assert_eq!(refused(most), None);
    }
}
