//! What an override keeps from the operators that the centre's own rules show them: logged only, held until it does not restore, or
//! told later.

use contactid::{Class, Code, Lang, Qualifier, Signal};

use super::{Changes, Override, OverrideError};
use crate::disposition::Rule;
use crate::policy::{Handling, OrdinaryClass, OrdinaryCode, Policy, STANDARD_CODES};
use crate::schedule::Irregular;
use crate::words::words;

/// One thing that an override does for the protection less than the centre's own rules: a kind of signal that it logs or holds, or
/// somebody whom it calls later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// Which signals, or what else.
    pub what: What,
    /// For how many seconds they are held; `None` for everything else.
    pub held_s: Option<u32>,
}

/// Some signals of an account, or a rule that is weaker for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Those of a class.
    Class(OrdinaryClass),
    /// Those of a code.
    Code(OrdinaryCode),
    /// Intrusions soon after an opening or a closing.
    Recent,
    /// Openings outside the hours, or by somebody whose time is over, by the rule of that.
    Schedule(Rule),
    /// A rule that is weaker than the centre's.
    Weaker(Weaker),
}

words! {
    /// A rule by which less of an account is shown than by the centre's, or somebody is called later or not at all.
    Weaker {
        /// More heartbeats may be missing before its line is lost.
        Heartbeats "heartbeats" "a silent line is reported later" "线路中断延后上报",
        /// The chain of those who are called when nobody acts is empty.
        Escalation "escalation" "nobody is called when nobody acts" "无人处置时不逐级上报",
        /// A fire that is not handed off calls later, or never.
        Fire "fire" "a fire that is not handed off calls later, or never" "火警未移交时延后提醒或不提醒",
        /// Nobody is called when a unit that has accepted does not arrive.
        Arrival "arrival" "nobody is called when a unit does not arrive" "出警人员未到达时不提醒",
        /// Nobody is called when a unit on the scene is silent.
        OnScene "on-scene" "nobody is called when a unit on the scene is silent" "出警人员在现场无音讯时不提醒",
        /// Nobody is called when nobody goes on with what somebody has in hand, or later.
        Rest "rest" "what nobody goes on with calls later, or never" "无人继续处置时延后提醒或不提醒",
        /// Life safety may be on hold for longer.
        Hold "hold" "life safety may be on hold for longer" "涉及人身安全的警情可更久挂起",
        /// Fewer signals make a runaway, or a longer silence ends it.
        Runaway "runaway" "a panel that says much is only logged sooner, or for longer" "频繁上报的主机更早或更久只记录",
        /// Fewer trips make a swinger, or it rests for longer.
        Swinger "swinger" "a zone that is set off again is only logged sooner, or for longer" "反复触发的防区更早或更久只记录",
    }
}

/// How much of it an operator sees: the more, the less.
const fn depth(handling: Handling) -> u8 {
    match handling {
        Handling::Show { .. } => 0,
        Handling::Hold { .. } => 1,
        Handling::Log {} => 2,
    }
}

impl Handling {
    /// Does an operator see less by this than by the other?
    pub(crate) const fn hides_more_than(self, other: Self) -> bool {
        depth(self) > depth(other)
    }
}

impl Withheld {
    const fn of(what: What, handling: Handling) -> Self {
        let held_s = match handling {
            Handling::Hold { seconds, .. } => Some(seconds),
            Handling::Show { .. } | Handling::Log {} => None,
        };
        Self { what, held_s }
    }

    /// What is done with which signals, for a person.
    pub fn label(self, lang: Lang) -> String {
        let what = match self.what {
            What::Class(class) => Class::from(class).label(lang).to_owned(),
            What::Code(code) => {
                let code = Code::from(code);
                code.name(lang).map_or_else(|| code.to_string(), |name| format!("{code} {name}"))
            }
            What::Recent => match lang {
                Lang::En => "intrusions soon after an opening or a closing".to_owned(),
                Lang::Zh => "撤防、布防后不久的入侵信号".to_owned(),
            },
            What::Schedule(rule) => rule.label(lang).to_owned(),
            What::Weaker(weaker) => return weaker.label(lang).to_owned(),
        };
        match (self.held_s, lang) {
            (None, Lang::En) => format!("{what}: logged only"),
            (None, Lang::Zh) => format!("{what}:只记录"),
            (Some(seconds), Lang::En) => format!("{what}: held for {seconds} s"),
            (Some(seconds), Lang::Zh) => format!("{what}:等待 {seconds} 秒"),
        }
    }
}

/// The rules of an override that are weaker than those of the centre.
fn weaker(own: &Changes, centre: &Policy) -> impl Iterator<Item = Weaker> {
    let longer = |own: Option<u32>, centre: u32| own.is_some_and(|own| own > centre);
    // Nought is for never.
    let sooner = |own: Option<u32>, centre: u32| own.is_some_and(|own| own > 0 && (centre == 0 || own < centre));
    let fire = own.hand_off.fire_within_s.filter(|_| centre.hand_off.fire_within_s > 0);
    let later = |own: Option<u32>, centre: u32| centre > 0 && own.is_some_and(|own| own == 0 || own > centre);
    let rests =
        later(own.rest.life_safety_s, centre.rest.life_safety_s) || later(own.rest.alarm_s, centre.rest.alarm_s);
    let (runaway, swinger) = (&own.runaway, &own.swinger);
    let all = [
        (Weaker::Heartbeats, longer(own.expect.heartbeats_missed, centre.expect.heartbeats_missed.max(1))),
        (Weaker::Escalation, own.escalation.as_ref().is_some_and(Vec::is_empty) && !centre.escalation.is_empty()),
        (Weaker::Fire, fire.is_some_and(|own| own == 0 || own > centre.hand_off.fire_within_s)),
        (Weaker::Arrival, own.arrival.within_s == Some(0) && centre.arrival.within_s > 0),
        (Weaker::OnScene, own.arrival.on_scene_s == Some(0) && centre.arrival.on_scene_s > 0),
        (Weaker::Rest, rests),
        (Weaker::Hold, longer(own.hold.life_safety_s, centre.hold.life_safety_s)),
        (
            Weaker::Runaway,
            sooner(runaway.signals, centre.runaway.signals) || longer(runaway.silence_s, centre.runaway.silence_s),
        ),
        (Weaker::Swinger, sooner(swinger.trips, centre.swinger.trips) || longer(swinger.rest_s, centre.swinger.rest_s)),
    ];
    all.into_iter().filter_map(|(weaker, is)| is.then_some(weaker))
}

impl Policy {
    /// What this override keeps from the operators that these rules, the centre's own, show them, and whom it calls later: nothing of an
    /// override that lowers no protection. Openings and closings that are early, late or come again are no alarms.
    pub fn withheld_by(&self, one: &Override) -> Vec<Withheld> {
        let changes = &one.changes;
        let of_code = |code: Code| self.handling(&Signal::new(code, Qualifier::New)).0;
        let classes = changes.classes.iter().filter(|(class, handling)| {
            // A code of the class that the centre shows is of the class here, unless it is named itself.
            let named = |code: &Code| OrdinaryCode::try_from(*code).is_ok_and(|code| changes.codes.contains_key(&code));
            let standard = STANDARD_CODES.iter().filter_map(|code| code.parse().ok());
            let codes = self.codes.keys().map(|code| Code::from(*code)).chain(standard);
            let codes = codes.filter(|code| code.class() == Class::from(**class) && !named(code));
            let whole = self.classes.get(*class).copied().unwrap_or(Self::standard(Class::from(**class)));
            let least = codes.map(of_code).chain([whole]).map(depth).min();
            least.is_some_and(|least| depth(**handling) > least)
        });
        let codes =
            changes.codes.iter().filter(|(code, handling)| depth(**handling) > depth(of_code(Code::from(**code))));
        let classes = classes.map(|(class, handling)| Withheld::of(What::Class(*class), *handling));
        let codes = codes.map(|(code, handling)| Withheld::of(What::Code(*code), *handling));
        let recent = (changes.recent.log == Some(true) && !self.recent.log).then_some(What::Recent);
        let (own, centre) = (&changes.schedule, &self.schedule);
        let schedule = [
            (own.unexpected_open, centre.unexpected_open, Rule::UnexpectedOpen),
            (own.user_open, centre.user_open, Rule::UserOpen),
            (own.expired_user, centre.expired_user, Rule::ExpiredUser),
            (own.unlisted_user, centre.unlisted_user, Rule::UnlistedUser),
        ];
        let logged = schedule
            .into_iter()
            .filter(|(own, centre, _)| matches!((own, centre), (Some(Irregular::Log {}), Irregular::Show { .. })));
        let others = recent.into_iter().chain(logged.map(|(.., rule)| What::Schedule(rule)));
        let others = others.chain(weaker(changes, self).map(What::Weaker));
        classes.chain(codes).chain(others.map(|what| Withheld { what, held_s: None })).collect()
    }

    /// What is wrong with this override: it keeps something from the operators, and nobody answers for it, or it has no end.
    pub(crate) fn unanswered(&self, one: &Override) -> Option<OverrideError> {
        let withheld = self.withheld_by(one);
        if withheld.is_empty() || (one.owner.is_some() && one.until.is_some()) {
            return None;
        }
        let what: Vec<String> = withheld.iter().map(|one| one.label(Lang::En)).collect();
        let what = what.join(", ");
        Some(if one.owner.is_none() { OverrideError::NobodyAnswers(what) } else { OverrideError::Endless(what) })
    }
}
