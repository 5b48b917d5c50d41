//! Sur-Gard records.
