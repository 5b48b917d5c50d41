//! Intelbras ISECNet.
