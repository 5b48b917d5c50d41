//! Codes GA to NT.

sia_codes! {
    "HA" HoldUp New Zone "silent hold-up alarm" "无声劫盗报警" -> "HH"
    "HH" HoldUp Restore Zone "hold-up alarm over" "劫盗报警恢复"
}
