//! What a signal weighs that comes from a strange source, or in a doubtful frame.

use alarmcore::SignalSource;
use contactid::{Class, Qualifier};

use super::{Circumstances, SignalRow, Step};

/// What a signal does not do that weighs nothing, or that it weighs as any other.
fn weight(signal: &SignalRow, steps: &[Step]) -> (&'static str, &'static str) {
    match steps.iter().all(|step| !step.unweighed) {
        true => ("It is handled as always, and weighs as any other", "照常处理,与其他信号同等作数"),
        false if calms(signal) => (
            "Therefore it lowered, cancelled, ended and satisfied nothing: the account stands as if it had not come",
            "因此不作为降级、撤销、恢复或到位的依据,用户状态视同未收到该信号",
        ),
        false => (
            "What it reports is shown in full, and it is no sign of life of the panel",
            "所报情况照常全部处理,但不作为主机在线的依据",
        ),
    }
}

/// That the frame itself was doubtful, and what it does not do therefore.
pub(super) fn of_frame(signal: &SignalRow, steps: &[Step]) -> Option<(String, String)> {
    let marked = |mark: &str| signal.marks.contains(&mark);
    let (en, zh) = if marked("plain-despite-key") {
        ("It came plain, though the account has a key", "该用户有密钥,而此帧未加密")
    } else if marked("undeciphered") {
        ("It could not be deciphered: the key is missing or wrong", "此帧无法解密:密钥缺失或不符")
    } else if marked("stale-clock") {
        (
            "It was encrypted long before it came: it is late, or somebody has sent it once more",
            "此帧的加密时间与到达时间相差过大:迟到或被重放",
        )
    } else {
        return None;
    };
    let (weight, weight_zh) = weight(signal, steps);
    Some((format!("{en}. {weight}."), format!("{zh}。{weight_zh}。")))
}

/// That a person told of it and who wrote it down, and what does not keep it back therefore.
pub(super) fn of_person(signal: &SignalRow) -> Option<(String, String)> {
    if !signal.marks.contains(&"manual") {
        return None;
    }
    let (by, by_zh) = match signal.peer.strip_prefix("operator-") {
        Some(operator) => (format!("entered by operator {operator}"), format!("由 {operator} 号接警员登记")),
        None => (format!("entered from {}", signal.peer), format!("来自 {}", signal.peer)),
    };
    let (how, how_zh) = match &signal.text {
        Some(text) => (format!(" ({text})"), format!("（{text}）")),
        None => (String::new(), String::new()),
    };
    Some((
        format!(
            "A person said so{how}, {by}. It is judged as if the panel had reported it, but no test, agreement, wait for a restore or a \
             cancel, or swinging zone keeps it back."
        ),
        format!("由人员报告{how_zh}，{by_zh}。按主机上报处理，但不受测试、约定、等待恢复或撤销、重复触发等规则屏蔽。"),
    ))
}

/// That it came from where the card does not allow, and what it does not do therefore.
pub(super) fn of_source(signal: &SignalRow, steps: &[Step], then: &Circumstances) -> Option<(String, String)> {
    let sources = then.card.as_ref()?.card.sources.as_ref()?;
    let source = SignalSource::of_peer(&signal.peer).filter(|source| !sources.allows(*source))?;
    let (en, zh) = weight(signal, steps);
    Some((
        format!(
            "It came from {source}, which the card does not list ({sources}). {en}; an operator is told of a source once in a \
             while, not with every signal."
        ),
        format!("它来自 {source},不在档案所列来源({sources})之内。{zh};同一来源每隔一段时间只提示一次,不逐条提示。"),
    ))
}

/// Would this make danger less visible: an opening or closing, a cancel, a restore, a test?
fn calms(signal: &SignalRow) -> bool {
    let restores = signal.qualifier == Some(Qualifier::Restore.digit());
    restores || matches!(signal.class, Some(Class::OpenClose | Class::Cancel | Class::Test | Class::TestMode))
}
