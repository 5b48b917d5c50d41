//! Texecom Premier's link to a receiving centre.
