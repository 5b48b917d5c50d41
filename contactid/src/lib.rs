//! contactid
