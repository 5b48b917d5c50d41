//! Codes 300 to 399: troubles.

cid_codes! {
    301 MainsPower Zone "mains power lost" "交流断电", "mains power restored" "交流恢复"
}
