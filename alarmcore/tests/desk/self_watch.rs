//! What the centre reports of itself.

use alarmcore::Policy;

use crate::script::play;

/// §2.4: "each fault injected alone raises one item to the shift lead in ≤ 60 s and one clearing event; a daily comm test and
/// clock check are logged". All faults are one incident, and a second certificate or way is one more; a panel that names no account, or uses the same codes, is none of it.
#[test]
fn row_2_4_our_own_faults() {
    let script = "
        account 1001
        00:00:05 signal - E602 supervision
        10:00:00 signal - E626 supervision
        10:01:00 signal - R626 supervision
        10:02:00 signal - E623 supervision
        10:02:30 signal - E626 supervision
        10:03:00 signal - E623
        10:03:10 signal 1001 E626
        10:04:00 op1 inc1 take
        10:05:00 signal - R623 supervision
        10:05:10 op1 inc1 settle settlement=restored
        10:06:00 signal - R626 supervision
        10:06:10 signal - E330 supervision
        10:06:20 signal - E616 supervision
        10:06:30 signal - R330 supervision
        10:06:40 signal - R616 supervision
        10:06:50 signal - E354 supervision
        10:06:52 signal - E300 supervision
        10:06:54 signal - E307 supervision
        10:06:55 op1 inc4 take
        10:06:57 signal - E354 supervision
        10:07:00 signal - E623 supervision
        show queue
    ";
    insta::assert_snapshot!(play(Policy::default(), script));
}
