//! Why a report ends without an answer, and the exit code that says so.

use std::{io, path::PathBuf, process::ExitCode};

use alarmcore::Timestamp;
use opsmodel::store::StoreError;

/// What the exit code says.
pub(crate) enum Stop {
    /// The answer is there and it is bad: a hole, a broken chain.
    Bad,
    /// A moment could not be read.
    Moment {
        /// `--from` or `--to`.
        argument: &'static str,
        /// What was written.
        text: String,
    },
    /// The period ends before it begins: of it nothing can be said.
    Backwards {
        /// Its beginning.
        from: Timestamp,
        /// Its end.
        to: Timestamp,
    },
    /// There is nothing to read.
    Nothing(PathBuf),
    /// There are signals, and no desk that judged them.
    NoDesk(PathBuf),
    /// There is no such thing, such as `signal 99`.
    Unknown(String),
    /// A policy file could not be read: the file, and what is wrong with it.
    Policy(PathBuf, String),
    /// A rule pack is not there or cannot be read: what is wrong, and what there is.
    Pack(String),
    /// A plan file cannot be read: what is wrong, and where.
    Plans(PathBuf, String),
    /// A dossier cannot be read: the file, and what is wrong with it.
    Dossier(PathBuf, String),
    /// The files could not be read.
    Store(StoreError),
    /// The answer could not be written.
    Write(io::Error),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

impl Stop {
    /// Says on standard error what is to be done, and gives the exit code.
    pub(crate) fn tell(self) -> ExitCode {
        let code = match self {
            Self::Bad => 1,
            Self::Moment { argument, text } => {
                eprintln!("report: {argument} {text:?} is no moment; write it as {}", crate::period::FORMS);
                64
            }
            Self::Backwards { from, to } => {
                eprintln!("report: --to {to} is before --from {from}");
                64
            }
            Self::Nothing(data) => {
                eprintln!(
                    "report: no signals.db in {}; give the directory that `centre --data` or `receiver --spool` works on",
                    data.display()
                );
                66
            }
            Self::NoDesk(data) => {
                eprintln!(
                    "report: {} is the spool of a receiver on its own (no centre.db); ask it for events, conservation \
                     or verify",
                    data.display()
                );
                66
            }
            Self::Unknown(thing) => {
                eprintln!("report: there is no {thing}");
                66
            }
            Self::Pack(fault) => {
                eprintln!("report: {fault}");
                65
            }
            Self::Plans(file, fault) => {
                eprintln!("report: the plan file {}: {fault}", file.display());
                65
            }
            Self::Policy(file, fault) => {
                eprintln!("report: the policy file {}: {fault}", file.display());
                65
            }
            Self::Dossier(file, fault) => {
                eprintln!("report: the dossier {}: {fault}", file.display());
                66
            }
            Self::Store(error) => {
                eprintln!("report: the store cannot be read: {error}");
                74
            }
            // Whoever read the answer has seen enough of it (`report events | head`).
            Self::Write(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            Self::Write(error) => {
                eprintln!("report: the answer cannot be written: {error}");
                74
            }
        };
        ExitCode::from(code)
    }
}
