//! The arguments of `centre operator`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use opsmodel::crm::Role;

/// Who may sign in.
#[derive(Debug, Subcommand)]
pub enum OperatorTask {
    /// List everybody: number, log-in, role and name, one a line; those who were struck off say when
    List {
        /// Folder with the centre's data
        #[arg(long, value_name = "DIR", default_value = "centre-data")]
        data: PathBuf,
    },
    /// Add an operator, or give one a new password, name or role. The password is read from standard input.
    Add(OperatorArgs),
    /// Change an operator; what is not named stays. Another role counts from the next request on, a new password ends the sessions
    /// of before
    Set(OperatorSet),
    /// Strike an operator off: their sessions end, and they may not sign in. The card and its history stay; `add` takes them back.
    /// The last supervisor or manager who can sign in stays
    StrikeOff {
        /// Folder with the centre's data
        #[arg(long, value_name = "DIR", default_value = "centre-data")]
        data: PathBuf,
        /// The name that they sign in with
        #[arg(long)]
        login: String,
    },
}

/// An operator's card.
#[derive(Args, Debug)]
pub struct OperatorArgs {
    /// Folder with the centre's data
    #[arg(long, value_name = "DIR", default_value = "centre-data")]
    pub data: PathBuf,
    /// The name to sign in with
    #[arg(long)]
    pub login: String,
    /// The person's name
    #[arg(long)]
    pub name: String,
    /// What the person may do: operator, supervisor or manager
    #[arg(long, default_value = "operator", value_parser = role)]
    pub role: Role,
    /// What the person can do that queues of the policy ask for: "banks, fire"; an empty text takes all away
    #[arg(long, value_name = "LIST")]
    pub skills: Option<String>,
    /// The languages that the person speaks: "zh, ug"; an empty text: all
    #[arg(long, value_name = "LIST")]
    pub languages: Option<String>,
}

/// What is changed of an operator's card.
#[derive(Args, Debug)]
pub struct OperatorSet {
    /// Folder with the centre's data
    #[arg(long, value_name = "DIR", default_value = "centre-data")]
    pub data: PathBuf,
    /// The name that they sign in with
    #[arg(long)]
    pub login: String,
    /// The person's name
    #[arg(long)]
    pub name: Option<String>,
    /// What the person may do: operator, supervisor or manager
    #[arg(long, value_parser = role)]
    pub role: Option<Role>,
    /// What the person can do that queues of the policy ask for: "banks, fire"; an empty text takes all away
    #[arg(long, value_name = "LIST")]
    pub skills: Option<String>,
    /// The languages that the person speaks: "zh, ug"; an empty text: all
    #[arg(long, value_name = "LIST")]
    pub languages: Option<String>,
    /// Read a new password from standard input
    #[arg(long)]
    pub password: bool,
}

fn role(text: &str) -> Result<Role, String> {
    match text {
        "operator" => Ok(Role::Operator),
        "supervisor" => Ok(Role::Supervisor),
        "manager" => Ok(Role::Manager),
        _ => Err("expected operator, supervisor or manager".into()),
    }
}
