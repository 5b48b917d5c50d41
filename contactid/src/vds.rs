//! VdS 2465-S2 over TCP.
