//! Rows on their way out: a table for people, JSON and CSV for programs.

use std::io::{self, Write};

use clap::ValueEnum;
use comfy_table::{LineStyle, Table, TableStyle};
use serde::Serialize;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Aligned columns for people
    Table,
    /// An array with one object per row
    Json,
    /// A header and one line per row
    Csv,
}

/// One column of a report.
pub(crate) struct Column<R> {
    /// Its heading, and its name in CSV.
    pub(crate) name: &'static str,
    /// Whether the table shows it too; CSV has every column.
    pub(crate) in_table: bool,
    /// What stands in it.
    pub(crate) cell: fn(&R) -> String,
}

/// A column that table and CSV show.
pub(crate) const fn column<R>(name: &'static str, cell: fn(&R) -> String) -> Column<R> {
    Column { name, in_table: true, cell }
}

/// A column that only CSV shows.
pub(crate) const fn detail<R>(name: &'static str, cell: fn(&R) -> String) -> Column<R> {
    Column { name, in_table: false, cell }
}

/// What stands in a cell for a value that may be missing: nothing, when it is.
pub(crate) fn text<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map(T::to_string).unwrap_or_default()
}

/// A table of more rows is written in several, each with its heading, so that it never has to fit into memory.
const TABLE_ROWS: usize = 1_000;

/// Writes rows one by one in one of the formats.
pub(crate) struct Sheet<'a, R: 'static> {
    columns: &'static [Column<R>],
    body: Body<'a>,
}

enum Body<'a> {
    Table { out: &'a mut dyn Write, table: Box<Table>, rows: usize },
    Json { out: &'a mut dyn Write, first: bool },
    Csv(Box<csv::Writer<&'a mut dyn Write>>),
}

impl<'a, R: Serialize> Sheet<'a, R> {
    pub(crate) fn new(format: Format, columns: &'static [Column<R>], out: &'a mut dyn Write) -> io::Result<Self> {
        let body = match format {
            Format::Table => Body::Table { out, table: Box::new(heading(columns)), rows: 0 },
            Format::Json => Body::Json { out, first: true },
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(out);
                writer.write_record(columns.iter().map(|column| column.name)).map_err(io::Error::from)?;
                Body::Csv(Box::new(writer))
            }
        };
        Ok(Self { columns, body })
    }

    pub(crate) fn row(&mut self, row: &R) -> io::Result<()> {
        match &mut self.body {
            Body::Table { out, table, rows } => {
                if *rows > 0 && rows.is_multiple_of(TABLE_ROWS) {
                    writeln!(out, "{}", table.trim_fmt())?;
                    **table = heading(self.columns);
                }
                table.add_row(shown(self.columns).map(|column| printable(&(column.cell)(row))));
                *rows += 1;
            }
            Body::Json { out, first } => {
                out.write_all(if *first { b"[\n" } else { b",\n" })?;
                *first = false;
                out.write_all(escaped(&serde_json::to_string(row)?).as_bytes())?;
            }
            Body::Csv(writer) => {
                writer.write_record(self.columns.iter().map(|column| (column.cell)(row))).map_err(io::Error::from)?;
            }
        }
        Ok(())
    }

    /// Ends the report. An empty table still has its heading, an empty array its brackets.
    pub(crate) fn end(self) -> io::Result<()> {
        match self.body {
            Body::Table { out, table, .. } => {
                writeln!(out, "{}", table.trim_fmt())?;
                out.flush()
            }
            Body::Json { out, first } => {
                out.write_all(if first { b"[]\n" } else { b"\n]\n" })?;
                out.flush()
            }
            Body::Csv(mut writer) => writer.flush(),
        }
    }
}

/// All rows of a report, and what they come to: a table has both, JSON and CSV are of one shape, and `summary` says which.
pub(crate) fn rows_and_figures<R: Serialize, F: Serialize>(
    (format, summary): (Format, bool),
    (columns, rows): (&'static [Column<R>], &[R]),
    (of_figures, figures): (&'static [Column<F>], &[F]),
    out: &mut dyn Write,
) -> io::Result<()> {
    if !summary {
        all(format, columns, rows, out)?;
    }
    if summary || format == Format::Table {
        all(format, of_figures, figures, out)?;
    }
    Ok(())
}

fn all<R: Serialize>(format: Format, columns: &'static [Column<R>], rows: &[R], out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = Sheet::new(format, columns, out)?;
    rows.iter().try_for_each(|row| sheet.row(row))?;
    sheet.end()
}

fn shown<R>(columns: &'static [Column<R>]) -> impl Iterator<Item = &'static Column<R>> {
    columns.iter().filter(|column| column.in_table)
}

/// One line under the heading, and nothing else: a report is to be read, and to be cut up with other tools.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

fn heading<R>(columns: &'static [Column<R>]) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(shown(columns).map(|column| column.name));
    table
}

/// A panel's text may hold control characters: on a terminal they must not act, nor turn what follows round.
fn printable(cell: &str) -> String {
    cell.chars().map(|letter| if letter.is_control() || turns(letter) { '\u{fffd}' } else { letter }).collect()
}

/// The same JSON, in which nothing acts on a terminal: what turns text round is written as its number.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for letter in json.chars() {
        if turns(letter) || letter.is_control() {
            text.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            text.push(letter);
        }
    }
    text
}

/// Does it change the direction in which what follows is shown?
const fn turns(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An override that would show what follows from right to left, and one that ends it.
    #[test]
    fn what_turns_text_round_does_not_act() {
        let text = "door \u{202e}nepo\u{2069} \u{1b}[2J 王芳";
        assert_eq!(printable(text), "door \u{fffd}nepo\u{fffd} \u{fffd}[2J 王芳");
        let json = serde_json::to_string(text).unwrap();
        let shown = escaped(&json);
        assert!(shown.contains("\\u202enepo\\u2069") && !shown.chars().any(turns), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text, "it is the same JSON");
    }
}
