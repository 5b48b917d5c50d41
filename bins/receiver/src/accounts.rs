//! The list of accounts as a CSV file: read whole, or refused with the row, the column and what to do.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use alarmcore::{
    Expectation, ExpectationsError, NotAPosition, Position, Schedule, ScheduleError, Sources, SourcesError,
};
use contactid::AccountNumber;
use opsmodel::crm::{
    AccountCard, AccountKey, Contact, ContactLineError, PanelUser, PanelUserError, Proposal, ProposalLineError,
    WordLineError, Words,
};

/// The columns of the file, in the order in which the documentation lists them. Any order is read.
pub const COLUMNS: [&str; 7] = ["account", "name", "address", "key_hex", "format", "heartbeat_s", "phone"];

/// The columns that a file may have besides; what it does not have it does not speak of.
pub const MORE_COLUMNS: [&str; 14] = [
    "test_interval_s",
    "schedule",
    "district",
    "carrier",
    "site_type",
    "expectations",
    "position",
    "language",
    "contacts",
    "lowered",
    "users",
    "feeder",
    "sources",
    "codewords",
];

/// The longest heartbeat interval that is believed, in seconds: one week.
const HEARTBEAT_MAX_S: u32 = 7 * 24 * 3600;

/// What the panel of an account speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// DC-09 with any token (`dc09`, or nothing).
    #[default]
    Dc09,
    /// DC-09 with Contact ID inside (`dc09/adm-cid`).
    Dc09AdmCid,
    /// DC-09 with SIA DC-03 inside (`dc09/sia-dcs`).
    Dc09SiaDcs,
}

impl Format {
    /// The name as the file has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dc09 => "dc09",
            Self::Dc09AdmCid => "dc09/adm-cid",
            Self::Dc09SiaDcs => "dc09/sia-dcs",
        }
    }

    fn read(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "" | "dc09" | "dc-09" => Some(Self::Dc09),
            "dc09/adm-cid" | "dc09/cid" | "adm-cid" => Some(Self::Dc09AdmCid),
            "dc09/sia-dcs" | "dc09/sia" | "sia-dcs" => Some(Self::Dc09SiaDcs),
            _ => None,
        }
    }
}

/// One row of the file.
#[derive(Clone, Debug)]
pub struct Row {
    /// Where it stands: the line of the file, the header being 1.
    pub row: u64,
    /// The account number.
    pub account: AccountNumber,
    /// Who it is.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// The key of its panel, or that it has none (`-`) and reports in the clear; `None` where the file says nothing.
    pub key: Option<Option<AccountKey>>,
    /// What its panel speaks.
    pub format: Format,
    /// How often its panel reports that it is alive, in seconds; `None` when it is not supervised.
    pub heartbeat_s: Option<u32>,
    /// Whom to ring first.
    pub phone: String,
    /// How often its panel reports a test, in seconds, or that none is expected; `None` when the file has no such column.
    pub test_interval_s: Option<Option<u32>>,
    /// When its people come and go, or that nothing is known of it; `None` when the file has no such column.
    pub schedule: Option<Option<Arc<Schedule>>>,
    /// Where it is, by a name that accounts share, or by none; `None` when the file has no such column.
    pub district: Option<Option<Arc<str>>>,
    /// Which feeder of the mains it hangs on, by such a name.
    pub feeder: Option<Option<Arc<str>>>,
    /// Who carries its line, by such a name.
    pub carrier: Option<Option<Arc<str>>>,
    /// What kind of site it is, by such a name.
    pub site_type: Option<Option<Arc<str>>>,
    /// What else it is expected to send, parted by `|`; `None` when the file has no such column.
    pub expectations: Option<Vec<Expectation>>,
    /// Where it lies, or that nobody knows; `None` when the file has no such column.
    pub position: Option<Option<Position>>,
    /// The language that its people speak, by such a name.
    pub language: Option<Option<Arc<str>>>,
    /// Whom to call, in this order, parted by `|` and without codewords; `None` when the file has no such column.
    pub contacts: Option<Vec<Contact>>,
    /// What they are to say on the telephone, parted by `|`.
    pub codewords: Vec<Words>,
    /// Suspensions, log-only agreements and recurring tests that are proposed, parted by `|`.
    pub lowered: Vec<Proposal>,
    /// The users of its panel, parted by `|`; `None` when the file has no such column.
    pub users: Option<Vec<PanelUser>>,
    /// From where its signals may come, or that no list of that is kept; `None` when the file has no such column.
    pub sources: Option<Option<Arc<Sources>>>,
}

/// Why a file was refused: everything found wrong in it, in its order.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Refused(pub Vec<Fault>);

/// One thing wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The line of the file, the header being 1.
    pub row: u64,
    /// The column, where one is at fault.
    pub column: Option<&'static str>,
    /// What is wrong, and what to do.
    pub problem: Problem,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.column {
            Some(column) => write!(f, "row {}, column {column}: {}", self.row, self.problem),
            None => write!(f, "row {}: {}", self.row, self.problem),
        }
    }
}

/// What can be wrong. A key is never repeated in a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The file cannot be read.
    #[error("the file cannot be read ({0}); check its name and its permissions")]
    Unreadable(io::ErrorKind),
    /// A spreadsheet saved it in another encoding.
    #[error("the text is not UTF-8; save the file as \"CSV UTF-8\"")]
    NotUtf8,
    /// The first row is not the header.
    #[error("the first row must name the columns {columns}; {0:?} is missing", columns = COLUMNS.join(","))]
    HeaderMissing(&'static str),
    /// A column that is not ours: a misspelt one would otherwise be lost in silence.
    #[error("column {0:?} is not known; the columns are {columns}", columns = columns())]
    HeaderUnknown(String),
    /// A column named twice.
    #[error("column {0:?} is named twice; remove one")]
    HeaderTwice(String),
    /// Too few or too many fields.
    #[error("{found} fields instead of {expected}; put a field that contains a comma in double quotes")]
    FieldCount {
        /// As many as the header has.
        expected: u64,
        /// As many as this row has.
        found: u64,
    },
    /// Not an account number.
    #[error("{0:?} is not an account number; it has 1 to 16 letters and digits")]
    Account(String),
    /// The same account a second time.
    #[error("account {account} already stands in row {first}; remove one of the two")]
    AccountTwice {
        /// The account.
        account: AccountNumber,
        /// Where it stands first.
        first: u64,
    },
    /// The key has the wrong length.
    #[error(
        "{0} characters; a key has 32, 48 or 64 hex characters (AES-128, -192 or -256); leave it empty, or write - for a panel without one"
    )]
    KeyLength(usize),
    /// The key holds something else than hex.
    #[error(
        "character {0} is not a hex digit; a key has 32, 48 or 64 hex characters; leave it empty, or write - for a panel without one"
    )]
    KeyDigit(usize),
    /// A format that no line of this centre speaks.
    #[error("format {0:?} is not known; write dc09, dc09/adm-cid or dc09/sia-dcs")]
    Format(String),
    /// Not a place on the earth.
    #[error("{0}; put it in double quotes, because of its comma")]
    Position(NotAPosition),
    /// Not a heartbeat interval.
    #[error("{0:?} is not a number of seconds from 1 to {HEARTBEAT_MAX_S}; write 0 or nothing for \"not supervised\"")]
    Heartbeat(String),
    /// Not a test interval.
    #[error("{0:?} is not a number of seconds from 1 to {max}; write 0 or nothing for \"no test is expected\"", max = AccountCard::TEST_INTERVAL_MAX_S)]
    TestInterval(String),
    /// Not a schedule.
    #[error("{0}; write for example \"zone Asia/Shanghai; Mon-Fri 08:30-18:00; Sat 09:00-12:00\", or nothing")]
    Schedule(ScheduleError),
    /// Nothing that can be expected.
    #[error(
        "{0}; write for example \"name Porter; expect E462 user 3; after itself; until closing user 3; within 30m\", or nothing"
    )]
    Expectations(ExpectationsError),
    /// Nobody who can be called.
    #[error("{0}")]
    Contacts(ContactLineError),
    /// Nothing that they can say.
    #[error("{0}")]
    Codewords(WordLineError),
    /// Nothing that can be proposed.
    #[error("{0}")]
    Lowered(ProposalLineError),
    /// Nobody who can use a panel.
    #[error("{0}")]
    Users(PanelUserError),
    /// Nothing that a signal can come from.
    #[error("{0}; write for example \"192.0.2.7, 192.0.2.0/24, 13900000001\", or nothing")]
    Sources(SourcesError),
    /// The name would be missing on the operator's screen.
    #[error("the name is empty; the operator needs one")]
    NameMissing,
}

/// Reads a file of accounts: every row, or everything that is wrong with it.
pub fn read_csv(path: &Path) -> Result<Vec<Row>, Refused> {
    let unreadable = |error: io::Error| Refused(vec![fault(1, None, Problem::Unreadable(error.kind()))]);
    let mut text = Vec::new();
    File::open(path).and_then(|mut file| file.read_to_end(&mut text)).map_err(unreadable)?;
    parse_csv(&text)
}

/// Reads the bytes of such a file.
pub fn parse_csv(text: &[u8]) -> Result<Vec<Row>, Refused> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
    let places = places(reader.headers().map_err(|error| Refused(vec![broken(&error, 1)]))?)?;

    let (mut rows, mut faults, mut first_seen) = (Vec::new(), Vec::new(), HashMap::new());
    let mut record = csv::StringRecord::new();
    let mut lines = Lines { text, counted: 0, line: 1 };
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let number = lines.of(record.position());
                let before = faults.len();
                let row = read_row(number, |column| places[column].map(|place| &record[place]), &mut faults);
                let Some(row) = row.filter(|_| faults.len() == before) else { continue };
                match first_seen.get(&row.account) {
                    Some(&first) => {
                        let problem = Problem::AccountTwice { account: row.account, first };
                        faults.push(fault(number, Some("account"), problem));
                    }
                    None => {
                        first_seen.insert(row.account, number);
                        rows.push(row);
                    }
                }
            }
            Err(error) => faults.push(broken(&error, lines.of(error.position()))),
        }
    }
    if faults.is_empty() { Ok(rows) } else { Err(Refused(faults)) }
}

/// Counts lines. The reader's own count stops before line ends and empty lines that it passes over.
struct Lines<'a> {
    text: &'a [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which a record begins. Positions come in their order.
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let before = position.map_or(0, |position| position.byte() as usize).clamp(self.counted, self.text.len());
        let passed_over = self.text[before..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let newly = &self.text[self.counted..before + passed_over];
        self.line += newly.iter().filter(|&&byte| byte == b'\n').count() as u64;
        self.counted = before + passed_over;
        self.line
    }
}

/// All columns that a file may have.
fn columns() -> String {
    [COLUMNS.as_slice(), &MORE_COLUMNS].concat().join(",")
}

/// Where each of [`COLUMNS`], then of [`MORE_COLUMNS`], stands in the file. One of the latter may be missing.
fn places(header: &csv::StringRecord) -> Result<Places, Refused> {
    let mut found = [None; COLUMNS.len() + MORE_COLUMNS.len()];
    let mut faults = Vec::new();
    for (place, name) in header.iter().enumerate() {
        let columns = COLUMNS.iter().chain(&MORE_COLUMNS);
        match columns.into_iter().position(|column| column.eq_ignore_ascii_case(name)) {
            Some(column) if found[column].is_some() => faults.push(Problem::HeaderTwice(name.to_owned())),
            Some(column) => found[column] = Some(place),
            None => faults.push(Problem::HeaderUnknown(name.to_owned())),
        }
    }
    let missing = COLUMNS.iter().zip(&found).filter(|(_, place)| place.is_none());
    faults.extend(missing.map(|(column, _)| Problem::HeaderMissing(column)));
    if faults.is_empty() {
        Ok(found)
    } else {
        Err(Refused(faults.into_iter().map(|problem| fault(1, None, problem)).collect()))
    }
}

type Places = [Option<usize>; COLUMNS.len() + MORE_COLUMNS.len()];

/// One row, or the faults that make it none.
fn read_row<'a>(row: u64, optional: impl Fn(usize) -> Option<&'a str>, faults: &mut Vec<Fault>) -> Option<Row> {
    let field = |column| optional(column).unwrap_or_default();
    let name_of = |column: usize| COLUMNS.iter().chain(&MORE_COLUMNS).nth(column).copied();
    let mut note = |column: usize, problem| faults.push(fault(row, name_of(column), problem));
    let account = field(0).parse::<AccountNumber>().map_err(|_| note(0, Problem::Account(field(0).to_owned()))).ok();
    if field(1).is_empty() {
        note(1, Problem::NameMissing);
    }
    let key = read_key(field(3)).unwrap_or_else(|problem| {
        note(3, problem);
        None
    });
    let format = Format::read(field(4)).unwrap_or_else(|| {
        note(4, Problem::Format(field(4).to_owned()));
        Format::default()
    });
    let heartbeat_s = read_seconds(field(5), HEARTBEAT_MAX_S).unwrap_or_else(|text| {
        note(5, Problem::Heartbeat(text));
        None
    });
    let test_interval_s = optional(7).map(|text| {
        read_seconds(text, AccountCard::TEST_INTERVAL_MAX_S).unwrap_or_else(|text| {
            note(7, Problem::TestInterval(text));
            None
        })
    });
    let schedule = optional(8).map(|text| {
        let read = (!text.is_empty()).then(|| text.parse().map(Arc::new)).transpose();
        read.unwrap_or_else(|error| {
            note(8, Problem::Schedule(error));
            None
        })
    });
    let expectations = optional(12).map(|text| {
        Expectation::read_all(text).unwrap_or_else(|error| {
            note(12, Problem::Expectations(error));
            Vec::new()
        })
    });
    let position = optional(13).map(|text| {
        let read = (!text.is_empty()).then(|| text.parse()).transpose();
        read.unwrap_or_else(|error| {
            note(13, Problem::Position(error));
            None
        })
    });
    let contacts = optional(15).map(|text| {
        Contact::read_all(text).unwrap_or_else(|error| {
            note(15, Problem::Contacts(error));
            Vec::new()
        })
    });
    let codewords = Words::read_all(optional(20).unwrap_or_default()).unwrap_or_else(|error| {
        note(20, Problem::Codewords(error));
        Vec::new()
    });
    let lowered = Proposal::read_all(optional(16).unwrap_or_default()).unwrap_or_else(|error| {
        note(16, Problem::Lowered(error));
        Vec::new()
    });
    let users = optional(17).map(|text| {
        PanelUser::read_all(text).unwrap_or_else(|error| {
            note(17, Problem::Users(error));
            Vec::new()
        })
    });
    let sources = optional(19).map(|text| {
        let read = (!text.is_empty()).then(|| text.parse().map(Arc::new)).transpose();
        read.unwrap_or_else(|error| {
            note(19, Problem::Sources(error));
            None
        })
    });
    let [name, address, phone] = [1, 2, 6].map(|column| field(column).to_owned());
    let [district, carrier, site_type, language, feeder] = [9, 10, 11, 14, 18]
        .map(|column| optional(column).map(|text| Some(text).filter(|text| !text.is_empty()).map(Arc::from)));
    Some(Row {
        row,
        account: account?,
        name,
        address,
        key,
        format,
        heartbeat_s,
        phone,
        test_interval_s,
        schedule,
        district,
        feeder,
        carrier,
        site_type,
        expectations,
        position,
        language,
        contacts,
        codewords,
        lowered,
        users,
        sources,
    })
}

/// A number of seconds, none for nothing or 0; the text that is none.
fn read_seconds(text: &str, max: u32) -> Result<Option<u32>, String> {
    match text {
        "" | "0" => Ok(None),
        text => match text.parse::<u32>() {
            Ok(seconds) if (1..=max).contains(&seconds) => Ok(Some(seconds)),
            Ok(_) | Err(_) => Err(text.to_owned()),
        },
    }
}

fn read_key(text: &str) -> Result<Option<Option<AccountKey>>, Problem> {
    if matches!(text, "" | "-") {
        return Ok((text == "-").then_some(None));
    }
    if let Some(at) = text.chars().position(|digit| !digit.is_ascii_hexdigit()) {
        return Err(Problem::KeyDigit(at + 1));
    }
    AccountKey::from_hex(text).map(|key| Some(Some(key))).map_err(|_| Problem::KeyLength(text.len()))
}

fn fault(row: u64, column: Option<&'static str>, problem: Problem) -> Fault {
    Fault { row, column, problem }
}

/// What the CSV reader found wrong with a row's shape.
fn broken(error: &csv::Error, row: u64) -> Fault {
    let problem = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            Problem::FieldCount { expected: *expected_len, found: *len }
        }
        csv::ErrorKind::Utf8 { .. } => Problem::NotUtf8,
        csv::ErrorKind::Io(error) => Problem::Unreadable(error.kind()),
        _ => Problem::Unreadable(io::ErrorKind::InvalidData),
    };
    fault(row, None, problem)
}
