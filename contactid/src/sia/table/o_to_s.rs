//! Codes OA to SU.

sia_codes! {
    "OP" OpenClose New User "disarmed" "撤防" -> "CL"
    "RP" Test New Nothing "automatic test report" "自动测试报告"
}
