//! Numbers that name things: a `UnitId` never fits where an `OperatorId` goes.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($raw:ty);)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
            #[serde(transparent)]
            pub struct $name($raw);

            impl $name {
                /// Names the thing with this number.
                pub const fn new(raw: $raw) -> Self {
                    Self(raw)
                }

                /// The bare number, as a database column or an address holds it.
                pub const fn get(self) -> $raw {
                    self.0
                }
            }

            impl core::fmt::Display for $name {
                fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                    core::fmt::Display::fmt(&self.0, f)
                }
            }

            impl core::str::FromStr for $name {
                type Err = core::num::ParseIntError;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    text.parse().map(Self)
                }
            }
        )*
    };
}

impl ContactId {
    /// The site itself, called at its own number. No person on a call list has this id.
    pub const SITE: Self = Self(0);
}

impl SignalId {
    /// The first number of those that no log ever comes to.
    const ANEW: u64 = 1 << 63;

    /// Names a report that a replay makes and that is not recorded: see [`WhatIf`](crate::WhatIf).
    pub(crate) const fn anew(place: u64) -> Self {
        Self(Self::ANEW | place)
    }

    /// Was it made by a replay, so that no log has it?
    pub const fn is_anew(self) -> bool {
        self.0 >= Self::ANEW
    }
}

ids! {
    /// One stored signal: its place in the signal log, counted from 1.
    SignalId(u64);
    /// One incident, counted from 1 by the desk.
    IncidentId(u64);
    /// One test session of an account, counted from 1 by the desk.
    TestId(u64);
    /// One follow-up, counted from 1 by the desk.
    FollowUpId(u64);
    /// One storm, counted from 1 by the desk.
    StormId(u64);
    /// A person at the desk.
    OperatorId(u32);
    /// A guard unit that can be sent to a site.
    UnitId(u32);
    /// A person on an account's call list.
    ContactId(u32);
    /// A telephone number of an account's card. Two people with one number share its id, and a number that is changed has
    /// another one: events tell numbers apart without naming them.
    NumberId(u32);
}

impl OperatorId {
    /// Nobody at the desk: an adapter or an authority's own machine, whose word is recorded under this number.
    pub const OUTSIDE: Self = Self(0);
}
