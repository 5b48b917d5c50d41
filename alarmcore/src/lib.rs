//! alarmcore
