//! DC-09 sessions, sans IO: the receiving and the transmitting side.
