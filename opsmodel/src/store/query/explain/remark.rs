//! What is said of the circumstances of a decision, in English and Chinese: pure, from what the store found.

mod weight;

use alarmcore::{
    AvsChange, Confirmed, Escalated, Family, Incident, IncidentId, LoweredKind, OutcomeWord, Override, PlanGiven,
    Policy, Rule, SignalId, Timestamp,
};
use contactid::{Class, Code, Lang};
use serde::Serialize;

use crate::crm::Agreed;

use super::{Circumstances, Explanation, Fate, SignalRow, Step, spelling};
use weight::{of_frame, of_person, of_source};

/// What the incident that a signal opened follows, how likely it was found that people are there, and whom it was passed up to.
pub(super) fn of_incident(incident: &Incident) -> Vec<Remark> {
    let id = incident.id;
    let plan = incident.plan.as_ref().map(|PlanGiven { plan, version, .. }| Remark {
        about: About::Plan,
        en: format!("Incident {id} follows the action plan {plan}, plans version {version}."),
        zh: format!("警情 {id} 按处警预案 {plan} 处置,预案版本 {version}。"),
    });
    let alarm = incident.kind.family() != Family::Service;
    let level = |change: &AvsChange| {
        let AvsChange { at, level, reason, .. } = change;
        let (number, en, zh) = (level.get(), reason.label(Lang::En), reason.label(Lang::Zh));
        Remark {
            about: About::Level,
            en: format!("AVS-01 level {number} since {at}: {en}."),
            zh: format!("AVS-01 等级 {number}(自 {at}):{zh}。"),
        }
    };
    let escalated = |one: &Escalated| {
        let Escalated { to, missing, after_s, at } = one;
        Remark {
            about: About::Escalation,
            en: format!("Passed up to {} at {at}: {} for {after_s} s.", to.label(Lang::En), missing.label(Lang::En)),
            zh: format!("{at} 上报至{}:{},已 {after_s} 秒。", to.label(Lang::Zh), missing.label(Lang::Zh)),
        }
    };
    let levels = incident.avs.iter().filter(|_| alarm).map(level);
    plan.into_iter().chain(levels).chain(incident.escalated.iter().map(escalated)).collect()
}

/// What confirmed the incident.
pub(super) fn of_confirmed(incident: &Incident) -> Option<Remark> {
    let Confirmed { at, reason } = incident.confirmed?;
    let (id, en, zh) = (incident.id, reason.label(Lang::En), reason.label(Lang::Zh));
    Some(Remark {
        about: About::Confirmed,
        en: format!("Incident {id} at {at}: {en}."),
        zh: format!("警情 {id}({at}):{zh}。"),
    })
}

/// The rule packs that were in force for the account; `None` when there were none.
pub(super) fn of_packs(packs: &[String]) -> Option<Remark> {
    let names = packs.join(", ");
    (!packs.is_empty()).then(|| Remark {
        about: About::Packs,
        en: format!("Rule packs in force: {names}."),
        zh: format!("当时生效的规则包:{names}。"),
    })
}

/// One sentence about the circumstances of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// What it is about.
    pub about: About,
    /// The sentence in English.
    pub en: String,
    /// The same in Chinese.
    pub zh: String,
}

macro_rules! abouts {
    ($($(#[$doc:meta])* $about:ident $word:literal $en:literal $zh:literal,)*) => {
        /// What a line of an explanation is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum About { $($(#[$doc])* $about,)* }

        impl About {
            /// Every one, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$about),*];

            /// The stable word that reports write for it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$about => $word,)* }
            }

            /// The label that a person reads.
            pub const fn label(self, lang: Lang) -> &'static str {
                match (self, lang) { $((Self::$about, Lang::En) => $en, (Self::$about, Lang::Zh) => $zh,)* }
            }
        }
    };
}

abouts! {
    /// The signal itself.
    Signal "signal" "Signal" "信号",
    /// What became of it, by which rule.
    Decision "decision" "Decision" "处理",
    /// The account's card.
    Card "card" "Card" "用户档案",
    /// Where it came from, where the card says from where it may.
    Source "source" "Source" "来源",
    /// How the account stood: its open incidents.
    State "state" "State" "用户状态",
    /// Another signal that decided along.
    Other "other" "Other signal" "相关信号",
    /// The test, the earlier trips, the panel that runs away or the storm that its rule speaks of.
    Behind "behind" "Behind it" "缘由",
    /// The action plan that its incident got.
    Plan "plan" "Action plan" "处警预案",
    /// What confirmed its incident.
    Confirmed "confirmed" "Confirmed" "确认",
    /// The level of AVS-01 of its incident.
    Level "level" "AVS-01 level" "AVS-01 等级",
    /// Whom its incident was passed up to.
    Escalation "escalation" "Escalation" "升级上报",
    /// Rules that the policy has for its account alone, its site or its kind of site.
    Override "override" "Rules of its own" "例外规则",
    /// The rule packs in force.
    Packs "packs" "Rule packs" "规则包",
    /// Which keys of the policy decided, and who set them: a clause of a pack, an override, the policy file, or nobody.
    Key "key" "Keys of the policy" "策略条目",
    /// What a clause asks to be done about its incident.
    Clause "clause" "Asked for" "条款要求",
    /// What would have shown it.
    Otherwise "otherwise" "Shown if" "显示条件",
    /// The queue that its incident went to, or left.
    Queue "queue" "Queue" "队列",
    /// A unit that was asked to go, or could have been.
    Unit "unit" "Unit" "出警单位",
    /// A signal of the same incident.
    Evidence "evidence" "Evidence" "警情依据",
}

/// An explanation as lists write it: one line after the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The signal that is explained.
    pub explained: SignalId,
    /// What the line is about.
    pub about: About,
    /// The signal that the line speaks of, where that is another one.
    pub signal: Option<SignalId>,
    /// When it happened.
    #[serde(serialize_with = "spelling::time_or_null")]
    pub at: Option<Timestamp>,
    /// What became of the signal, for a decision or evidence.
    pub outcome: Option<Fate>,
    /// The incident.
    pub incident: Option<IncidentId>,
    /// The rule's word.
    pub rule: Option<String>,
    /// The policy's version.
    pub policy: Option<u32>,
    /// The line in words.
    pub says: String,
}

impl Explanation {
    /// The whole of it in one language: the signal, the decisions, the circumstances, the evidence.
    pub fn lines(&self, lang: Lang) -> Vec<Line> {
        let blank = Line {
            explained: self.signal.id,
            about: About::Signal,
            signal: None,
            at: None,
            outcome: None,
            incident: None,
            rule: None,
            policy: None,
            says: in_words(&self.signal, lang),
        };
        let mut lines = vec![Line { at: Some(self.signal.received_at), ..blank.clone() }];
        lines.extend(self.steps.iter().map(|step| Line {
            about: About::Decision,
            at: Some(step.at),
            outcome: Some(step.outcome),
            incident: step.incident,
            rule: Some(step.rule.clone()),
            policy: Some(step.policy),
            says: step.in_words(lang),
            ..blank.clone()
        }));
        lines.extend(self.remarks.iter().map(|remark| Line {
            about: remark.about,
            says: pick(lang, &remark.en, &remark.zh).clone(),
            ..blank.clone()
        }));
        lines.extend(self.evidence.iter().map(|evidence| Line {
            about: About::Evidence,
            signal: Some(evidence.signal.id),
            at: Some(evidence.signal.received_at),
            outcome: evidence.signal.disposition,
            incident: evidence.signal.incident,
            rule: evidence.signal.rule.clone(),
            policy: evidence.signal.policy,
            says: format!("{}: {}", in_words(&evidence.signal, lang), pick(lang, &evidence.rule_en, &evidence.rule_zh)),
            ..blank.clone()
        }));
        lines
    }
}

impl Step {
    /// The outcome and the rule as a sentence.
    pub fn in_words(&self, lang: Lang) -> String {
        let outcome = OutcomeWord::from_word(self.outcome.as_str()).map_or("", |word| word.label(lang));
        let detail = match (self.incident, self.until, self.of) {
            (Some(incident), ..) => format!(" #{incident}"),
            (None, Some(until), _) => pick(lang, format!(", until {until}"), format!(",至 {until}")),
            (None, None, Some(of)) => pick(lang, format!(" of signal {of}"), format!(":信号 {of}")),
            (None, None, None) => String::new(),
        };
        let rule = pick(lang, &self.rule_en, &self.rule_zh);
        pick(lang, format!("{outcome}{detail}: {rule}"), format!("{outcome}{detail}:{rule}"))
    }
}

fn pick<T>(lang: Lang, en: T, zh: T) -> T {
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

/// What a signal says, on one line.
fn in_words(row: &SignalRow, lang: Lang) -> String {
    let name = pick(lang, row.name_en.as_deref(), row.name_zh.as_deref());
    let unread = pick(lang, "not understood", "无法解读");
    let mut words = vec![name.unwrap_or(unread)];
    words.extend(row.code.as_deref());
    words.extend(row.group.as_deref());
    words.extend(row.number.as_deref());
    words.extend(row.user_name.as_deref());
    words.extend(row.account.as_ref().map(|account| account.as_str()));
    words.extend(&row.marks);
    words.join(" · ")
}

/// Everything that is to be said of the circumstances.
pub(super) fn remarks(signal: &SignalRow, steps: &[Step], then: &Circumstances) -> Vec<Remark> {
    let Some(last) = steps.last() else {
        let (en, zh) = ("No desk has judged it yet.", "尚未经接警处理。");
        return vec![Remark { about: About::Decision, en: en.into(), zh: zh.into() }];
    };
    let rule = Rule::from_word(&last.rule);
    let mut remarks = Vec::new();
    let mut say = |about, (en, zh): (String, String)| remarks.push(Remark { about, en, zh });
    say(About::Card, card(signal, steps, then));
    if let Some(said) = rule.and_then(|rule| of_agreed(rule, signal, then)) {
        say(About::Card, said);
    }
    if let Some(said) = of_user(signal, then) {
        say(About::Card, said);
    }
    if let Some(said) = of_source(signal, steps, then) {
        say(About::Source, said);
    }
    if let Some(said) = of_person(signal) {
        say(About::Source, said);
    }
    if let Some(said) = of_frame(signal, steps) {
        say(About::Source, said);
    }
    if let Some(name) = &last.overridden {
        say(About::Decision, of_override(name));
    }
    say(About::State, state(signal, then));
    if let Some(other) = &then.other {
        say(About::Other, together(signal, steps, rule, other));
    }
    // A restore that settled a held signal is a restore like any other: it shows nothing by itself.
    let decides = match rule {
        Some(Rule::RestoreWaitRestored) if steps.len() == 1 => Some(Rule::RestoreLogged),
        other => other,
    };
    let both = decides.and_then(|rule| Some((rule.otherwise(Lang::En)?, rule.otherwise(Lang::Zh)?)));
    if let Some((en, zh)) = both.filter(|_| last.incident.is_none()) {
        say(About::Otherwise, (en.to_owned(), zh.to_owned()));
    }
    remarks
}

/// By whose rules, where they are not those of the centre.
fn of_override(name: &str) -> (String, String) {
    let (en, zh) = whose(name);
    (
        format!("The override of the policy for {en} decided, not the rules of the centre."),
        format!("由策略中{zh}的例外规则决定,而非中心通用规则。"),
    )
}

/// For whom an override of this name is.
pub(super) fn whose(name: &str) -> (String, String) {
    if let Some(kind) = name.strip_prefix("site-type ") {
        return (format!("the kind of site {kind}"), format!("场所类型“{kind}”"));
    }
    if let Some(district) = name.strip_prefix("district ") {
        return (format!("the district {district}"), format!("区域“{district}”"));
    }
    match name.strip_prefix("site ") {
        Some(site) => (format!("the site {site}"), format!("站点“{site}”")),
        None => ("this account".into(), "针对该用户".into()),
    }
}

/// Whose override had hidden what was shown when it ended.
pub(super) fn of_ended(policy: &Policy, card: &alarmcore::AccountCard, until: Timestamp) -> Vec<Remark> {
    let ended = policy.overrides.iter().filter(|one| one.until == Some(until) && one.covers.holds(card));
    let remark = |one: &Override| {
        let (en, zh) = whose(&one.name());
        Remark {
            about: About::Override,
            en: format!("The override for {en} had hidden it until {until}, and it still stood."),
            zh: format!("{zh}的例外规则曾使其不显示,至 {until} 到期时仍未恢复。"),
        }
    };
    ended.map(remark).collect()
}

/// The overrides of the policy that held for an account, the most specific first: by them its signals are judged and its
/// incidents dealt with.
pub(super) fn of_own_rules(overrides: &[&Override]) -> Vec<Remark> {
    let remark = |one: &&Override| {
        let ((en, zh), keys) = (whose(&one.name()), one.changes.keys().join(", "));
        let owner = one.owner.as_deref().map(|owner| (format!("; {owner} answers for it"), format!(";负责人:{owner}")));
        let until = one.until.map(|until| (format!("; until {until}"), format!(";至 {until}")));
        let more: (String, String) = owner.into_iter().chain(until).unzip();
        Remark {
            about: About::Override,
            en: format!("Rules of its own, by the override for {en}: {keys}{}.", more.0),
            zh: format!("自有规则({zh}的例外规则):{keys}{}。", more.1),
        }
    };
    overrides.iter().map(remark).collect()
}

/// That the card lists users, and whoever opened or closed is none of them.
fn of_user(signal: &SignalRow, then: &Circumstances) -> Option<(String, String)> {
    if signal.class == Some(Class::Cancel) {
        let user =
            signal.user.filter(|user| then.card.as_ref().is_some_and(|then| then.card.waits_to_cancel(*user)))?;
        return Some((
            format!("User {user} was given the right to cancel, and nobody else had reviewed that: it did not count."),
            format!("用户 {user} 的取消权当时尚未经他人复核，不作数。"),
        ));
    }
    let user = signal.user.filter(|_| signal.class == Some(Class::OpenClose))?;
    let card = then.card.as_ref()?.card.desk_card();
    (!card.lists(Some(user))).then(|| {
        (
            format!(
                "User {user} is not among the users whom the card lists: what they open is shown, and neither that nor what they \
                 close lowers an alarm."
            ),
            format!("用户 {user} 不在档案所列用户之内:其撤防须显示,其撤防、布防均不作为警情降级的依据。"),
        )
    })
}

/// Which suspension or agreement of the card it was.
fn of_agreed(rule: Rule, signal: &SignalRow, then: &Circumstances) -> Option<(String, String)> {
    let kind = match rule {
        Rule::Suspended | Rule::SuspendedLifeSafety => LoweredKind::Suspended,
        Rule::LogOnly => LoweredKind::LogOnly,
        _ => return None,
    };
    let code: Option<Code> = signal.code.as_deref().and_then(|code| code.parse().ok());
    let number: Option<u32> = signal.number.as_deref().and_then(|number| number.parse().ok());
    let covers = |one: &&Agreed| {
        one.desk_lowering().is_some_and(|lowering| {
            let covered = code.is_some_and(|code| lowering.covers(code, number)) || rule == Rule::SuspendedLifeSafety;
            lowering.lowers.kind() == kind && lowering.holds(signal.received_at) && covered
        })
    };
    let Agreed { number, until, reason, agreement, .. } = then.card.as_ref()?.card.agreed().iter().find(covers)?;
    let paper = if agreement.is_empty() { String::new() } else { format!(" ({agreement})") };
    let (en, zh) = (kind.label(Lang::En), kind.label(Lang::Zh));
    Some((
        format!("Number {number} on the card, {en}, until {until}: {reason}{paper}. Two people agreed to it."),
        format!("档案第 {number} 项“{zh}”,至 {until}:{reason}{paper}。已由两人确认。"),
    ))
}

fn card(signal: &SignalRow, steps: &[Step], then: &Circumstances) -> (String, String) {
    if signal.account.is_none() {
        return ("The frame names no account: no card counted.".into(), "报文未含用户编号,无档案可依。".into());
    }
    let Some(known) = &then.card else {
        if steps.iter().any(|step| step.rule != Rule::UnknownAccount.as_str()) {
            return ("The card that counted is dated later than this.".into(), "所依档案的日期晚于此时。".into());
        }
        return ("The account had no card at that time.".into(), "当时该用户编号没有档案。".into());
    };
    let (version, at) = (known.version, known.at);
    let own_wait = known.card.mains_wait_s.filter(|_| {
        let waited = steps.iter().any(|step| step.outcome == Fate::Held);
        signal.class == Some(Class::MainsPower) && (waited || known.card.mains_wait_s == Some(0))
    });
    match own_wait {
        Some(seconds) => (
            format!(
                "Card version {version} of {at} counted: a mains loss waits {seconds} s here, whatever the policy says."
            ),
            format!("依档案第 {version} 版({at}):此处交流断电等待 {seconds} 秒,优先于策略。"),
        ),
        None => (format!("Card version {version} of {at} counted."), format!("依档案第 {version} 版({at})。")),
    }
}

fn state(signal: &SignalRow, then: &Circumstances) -> (String, String) {
    if signal.account.is_none() {
        return ("Nothing is known of whose it is.".into(), "不知属于哪个用户。".into());
    }
    let open: Vec<String> = then.open.iter().map(|incident| format!("#{incident}")).collect();
    match open.as_slice() {
        [] => ("No incident of the account was open.".into(), "当时该用户没有未结警情。".into()),
        [one] => (format!("Incident {one} of the account was open."), format!("当时该用户有未结警情 {one}。")),
        several => {
            let list = several.join(", ");
            (format!("Incidents {list} of the account were open."), format!("当时该用户有未结警情 {list}。"))
        }
    }
}

fn together(signal: &SignalRow, steps: &[Step], rule: Option<Rule>, other: &SignalRow) -> (String, String) {
    let (id, at) = (other.id, other.received_at);
    let fate = other.disposition.unwrap_or(Fate::Pending);
    let became = |lang| OutcomeWord::from_word(fate.as_str()).map_or("-", |word| word.label(lang));
    let incident = other.incident.map(|incident| format!(" #{incident}")).unwrap_or_default();
    let (en, zh) = (became(Lang::En), became(Lang::Zh));
    match rule {
        Some(Rule::RestoreWaitRestored) if steps.len() > 1 => {
            let after = at.secs_since(signal.received_at);
            (
                format!("Signal {id} restored it after {after} s, at {at}."),
                format!("信号 {id} 于 {at} 使其恢复,历时 {after} 秒。"),
            )
        }
        Some(Rule::RestoreWaitRestored) => (
            format!("It restored signal {id} of {at}, which was held until then."),
            format!("它使等待中的信号 {id}({at})恢复。"),
        ),
        Some(Rule::CancelWaitRestore) => (
            format!("It is the restore of signal {id} of {at}, which was held all the same."),
            format!("它是等待中的信号 {id}({at})的恢复,该信号仍继续等待。"),
        ),
        Some(rule) if rule.is_recent() => {
            let name = |name: &Option<std::borrow::Cow<'static, str>>| name.as_deref().unwrap_or("-").to_owned();
            let number = other.number.as_deref().unwrap_or("-");
            let user = other.user_name.as_ref().map_or_else(|| number.to_owned(), |name| format!("{number} ({name})"));
            (
                format!("Signal {id} of {at} came just before: {}, user {user}.", name(&other.name_en)),
                format!("此前信号 {id}({at}):{},用户 {user}。", name(&other.name_zh)),
            )
        }
        _ => (
            format!("Signal {id} of {at} came first; what became of it: {en}{incident}."),
            format!("首次上报为信号 {id}({at}),其处理:{zh}{incident}。"),
        ),
    }
}

#[cfg(test)]
mod tests;
