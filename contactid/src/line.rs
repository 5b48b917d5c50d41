//! A telephone call that carries alarm digits: handshake, digits, kissoff, retries; sans IO.
