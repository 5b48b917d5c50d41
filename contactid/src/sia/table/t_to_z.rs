//! Codes TA to ZZ.

sia_codes! {
    "TA" Tamper New Zone "tamper alarm" "防拆报警" -> "TR"
    "TR" Tamper Restore Zone "tamper over" "防拆恢复"
}
