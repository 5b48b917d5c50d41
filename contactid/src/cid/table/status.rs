//! Codes 400 to 599: opening and closing, access, disabling, bypass.

cid_codes! {
    401 OpenClose User "disarmed by user" "用户撤防", "armed by user" "用户布防"
    570 Bypass Zone "zone bypassed" "防区旁路", "zone bypass removed" "防区旁路解除"
}
