//! The plans that chaotic days have.

/// Steps of the standard plans and of those below.
pub(crate) const STEPS_OF_PLANS: [&str; 8] =
    ["take", "call", "codeword", "send", "shift-lead", "scene", "cameras", "owner"];
/// On two days of five the centre has plans of its own that force a step.
pub(crate) const FORCED: &str = r#"
version = 7
[[plan]]
id = "forced"
en = "Forced"
zh = "强制"
[[plan.step]]
id = "cameras"
en = "Look at the cameras"
zh = "查看视频"
act = "tick"
before = ["verify-false", "scene-false", "pre-process"]
next = "scene"
[[plan.step]]
id = "scene"
en = "Hear the report"
zh = "听取报告"
act = "record-scene"
before = ["close"]
next = "close"
[[plan.step]]
id = "close"
en = "Close"
zh = "消警"
act = "close"
[[plan]]
id = "burglary"
en = "Burglary"
zh = "盗警"
kinds = ["burglary"]
[[plan.step]]
id = "cameras"
en = "Look at the cameras"
zh = "查看视频"
act = "tick"
before = ["verify-false", "scene-false", "pre-process", "end-undetermined"]
forced = true
ask = "armed"
on = { closed = "shift-lead", else = "close" }
[[plan.step]]
id = "shift-lead"
en = "Tell the shift lead"
zh = "报告值班长"
act = "escalate"
next = "close"
[[plan.step]]
id = "close"
en = "Close"
zh = "消警"
act = "close"
"#;
