//! A link between receiver and automation: acknowledgement, repetition, heartbeat, link down; sans IO.
