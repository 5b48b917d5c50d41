//! opsmodel
