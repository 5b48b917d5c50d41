//! Codes 600 to 999: tests, logs, schedules, people, site-defined and later additions.

cid_codes! {
    602 Test Zone "periodic test report" "周期测试"
}
