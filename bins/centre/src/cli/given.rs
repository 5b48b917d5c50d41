//! What the command line gives in lines and lists of its own, read before anything is opened.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

use alarmcore::{
    Expectation, ExpectationsError, NotAPosition, Position, Schedule, ScheduleError, Sources, SourcesError,
};
use opsmodel::crm::{Contact, ContactLineError, PanelUser, PanelUserError, Proposal, ProposalLineError};

/// A position as the command line gives it, or that none is known.
#[derive(Clone, Copy, Debug)]
pub struct GivenPosition(pub Option<Position>);

impl FromStr for GivenPosition {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        (!text.trim().is_empty()).then(|| text.parse()).transpose().map(Self)
    }
}

/// A schedule as the command line gives it, or that there is none.
#[derive(Clone, Debug)]
pub struct GivenSchedule(pub Option<Arc<Schedule>>);

impl FromStr for GivenSchedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        let given = (!text.trim().is_empty()).then(|| text.parse().map(Arc::new));
        given.transpose().map(Self)
    }
}

/// Expectations as the command line gives them.
#[derive(Clone, Debug)]
pub struct GivenExpectations(pub Vec<Expectation>);

impl FromStr for GivenExpectations {
    type Err = ExpectationsError;

    fn from_str(text: &str) -> Result<Self, ExpectationsError> {
        Expectation::read_all(text).map(Self)
    }
}

/// People to call as the command line gives them.
#[derive(Clone, Debug)]
pub struct GivenContacts(pub Vec<Contact>);

impl FromStr for GivenContacts {
    type Err = ContactLineError;

    fn from_str(text: &str) -> Result<Self, ContactLineError> {
        Contact::read_all(text).map(Self)
    }
}

/// Users of a panel as the command line gives them.
#[derive(Clone, Debug)]
pub struct GivenPanelUsers(pub Vec<PanelUser>);

impl FromStr for GivenPanelUsers {
    type Err = PanelUserError;

    fn from_str(text: &str) -> Result<Self, PanelUserError> {
        PanelUser::read_all(text).map(Self)
    }
}

/// Sources as the command line gives them, or that no list of them is kept.
#[derive(Clone, Debug)]
pub struct GivenSources(pub Option<Arc<Sources>>);

impl FromStr for GivenSources {
    type Err = SourcesError;

    fn from_str(text: &str) -> Result<Self, SourcesError> {
        let given = (!text.trim().is_empty()).then(|| text.parse().map(Arc::new));
        given.transpose().map(Self)
    }
}

/// Suspensions, log-only agreements and recurring tests as the command line proposes them.
#[derive(Clone, Debug)]
pub struct GivenProposals(pub Vec<Proposal>);

impl FromStr for GivenProposals {
    type Err = ProposalLineError;

    fn from_str(text: &str) -> Result<Self, ProposalLineError> {
        Proposal::read_all(text).map(Self)
    }
}

/// Which of them ends, and why.
#[derive(Clone, Debug)]
pub struct GivenEnd {
    /// Its number on the card.
    pub number: u32,
    /// Why.
    pub reason: String,
}

impl FromStr for GivenEnd {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, reason) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        let wrong = |_| format!("{number:?} is no number: write it and why, as in \"2 the shop is open again\"");
        Ok(Self { number: number.parse().map_err(wrong)?, reason: reason.trim().to_owned() })
    }
}

/// Users of a panel as the command line gives them, or that no list of them is kept.
#[derive(Clone, Debug)]
pub struct GivenUsers(pub Option<BTreeSet<u32>>);

impl FromStr for GivenUsers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |word: &str| {
            word.parse()
                .map_err(|_| format!("{word:?} is no user: write numbers with blanks between them, as in \"1 2 7\""))
        };
        let users: BTreeSet<u32> = text.split_whitespace().map(number).collect::<Result<_, _>>()?;
        Ok(Self(Some(users).filter(|users| !users.is_empty())))
    }
}
