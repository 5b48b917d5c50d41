//! The account numbers of a load run, and the accounts file that makes a receiver know them.

use std::io::{self, Write};
use std::str::FromStr;

use contactid::AccountNumber;

/// Consecutive account numbers: decimal, padded with zeros to at least four digits and to one width throughout, so that
/// 100 accounts are `0001` to `0100` and 20,000 are `00001` to `20000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accounts {
    first: u32,
    count: u32,
    width: usize,
}

impl Accounts {
    /// So many accounts from `first` on.
    #[must_use]
    pub fn new(first: u32, count: u32) -> Self {
        let last = first.saturating_add(count.saturating_sub(1));
        Self { first, count, width: (last.max(1).ilog10() as usize + 1).max(4) }
    }

    /// So many of them from a place on, spelt alike.
    #[must_use]
    pub fn part(self, place: u32, count: u32) -> Self {
        Self { first: self.first.saturating_add(place), count, ..self }
    }

    /// How many there are.
    #[must_use]
    pub fn count(self) -> u32 {
        self.count
    }

    /// The spelling of the account at a place, counted from 0.
    #[must_use]
    pub fn text(self, place: u32) -> String {
        format!("{:0width$}", self.first.saturating_add(place), width = self.width)
    }

    /// The account at a place, counted from 0.
    ///
    /// # Panics
    /// Never: at most ten digits are an account number.
    #[must_use]
    pub fn number(self, place: u32) -> AccountNumber {
        AccountNumber::from_str(&self.text(place)).expect("up to ten digits are an account number")
    }

    /// Writes the accounts file (`account,name,address,key_hex,format,heartbeat_s,phone`) that makes a receiver know them.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn write_csv(self, out: &mut impl Write, key_hex: &str, heartbeat_s: u32) -> io::Result<()> {
        writeln!(out, "account,name,address,key_hex,format,heartbeat_s,phone")?;
        for place in 0..self.count {
            let account = self.text(place);
            writeln!(out, "{account},Load {account},{place} Test Road,{key_hex},dc09,{heartbeat_s},")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_width_of_at_least_four_digits() {
        let spelt = |first, count| [0, count - 1].map(|place| Accounts::new(first, count).text(place));
        assert_eq!(spelt(1, 100), ["0001", "0100"]);
        assert_eq!(spelt(1, 20_000), ["00001", "20000"]);
        assert_eq!(spelt(10_000, 1), ["10000", "10000"]);
        assert_eq!(Accounts::new(7, 2).number(1).to_string(), "0008");
    }

    #[test]
    fn the_accounts_file_has_a_header_and_a_row_for_each() {
        let mut file = Vec::new();
        Accounts::new(1, 2).write_csv(&mut file, "000102030405060708090a0b0c0d0e0f", 90).unwrap();
        assert_eq!(
            String::from_utf8(file).unwrap(),
            "account,name,address,key_hex,format,heartbeat_s,phone\n\
             0001,Load 0001,0 Test Road,000102030405060708090a0b0c0d0e0f,dc09,90,\n\
             0002,Load 0002,1 Test Road,000102030405060708090a0b0c0d0e0f,dc09,90,\n"
        );
    }
}
