//! Codes 100 to 299: alarms and fire supervision.

cid_codes! {
    100 Medical Zone "medical alarm" "医疗求助"
    110 Fire Zone "fire alarm" "火警"
    130 Burglary Zone "burglary alarm" "盗警"
}
