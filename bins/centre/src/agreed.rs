//! Suspensions, log-only agreements and recurring tests: proposed by one person, agreed to by another with the review of the card, ended by anybody.

use std::net::IpAddr;

use alarmcore::{
    AccountNumber, Listed, Lowers, OrdinaryClass, RecurringTest, Scope, TestHours, TestReason, Timestamp, Zones,
};
use contactid::Class;
use opsmodel::crm::Proposal;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api::Acts;
use crate::auth::Session;
use crate::card_review::{Carded, change, read, store};
use crate::desk::now;
use crate::problem::Problem;
use crate::spoken::{by_telephone, refuse_word};
use crate::state::App;

/// One act on the agreements of an account.
#[derive(Debug, Deserialize)]
#[serde(tag = "act", rename_all = "kebab-case", deny_unknown_fields)]
enum Ask {
    /// Propose a suspension, a log-only agreement or a recurring test.
    Propose(Box<Propose>),
    /// End one now.
    End { version: u32, number: u32, reason: Option<String> },
}

/// What they propose.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Propose {
    /// The version of the card that they looked at.
    version: u32,
    lowers: Which,
    /// These zones.
    #[serde(default)]
    only: Vec<u32>,
    /// All zones but these.
    #[serde(default)]
    except: Vec<u32>,
    #[serde(default)]
    classes: Vec<OrdinaryClass>,
    /// Of a recurring test: classes of life safety, its hours as `alarmcore::TestHours` writes them, and why it is tested.
    #[serde(default)]
    life_safety: Vec<Class>,
    hours: Option<TestHours>,
    test_reason: Option<TestReason>,
    from: Option<Timestamp>,
    /// A moment, or so many days from the beginning.
    until: Option<Timestamp>,
    days: Option<u32>,
    reason: Option<String>,
    agreement: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Which {
    Suspension,
    LogOnly,
    RecurringTest,
}

/// Does what `ask` says of the agreements of an account, as `{"act": "propose", "version": 3, "lowers": "suspension", "days": 7,
/// "reason": "..."}`. What is proposed is nothing until another person has reviewed it. Whoever asks for it on the telephone is named as
/// `contact`, and `spoken` is the word that they said: nothing is proposed on a duress word or a wrong one. Neither is kept.
///
/// # Errors
/// 422 for what cannot be read, 404 for an account without a card, 409 with what is wrong with it or for an older version.
pub(crate) async fn act(
    app: &App,
    session: &Session,
    address: IpAddr,
    account: AccountNumber,
    mut ask: Map<String, Value>,
) -> Result<Carded, Problem> {
    if ask.get("act").and_then(Value::as_str) == Some("propose") {
        let undone = Problem::on_such_a_word("nothing is proposed", "未提出任何申请");
        by_telephone(app, session, account, (Acts::Agreed, &mut ask), (true, undone)).await?;
        ask.remove("contact");
    } else {
        refuse_word(app, session, Some(account), &ask).await?;
    }
    Acts::Agreed.check(&ask)?;
    let ask: Ask = read(ask)?;
    let card = app.query(move |reader| reader.account_card(account)).await?;
    let card = card.ok_or_else(|| Problem::not_found("account", "用户"))?;
    let (at, by) = (now(), Some(session.operator));
    let (wanted, version, reason) = match ask {
        Ask::Propose(propose) => {
            let Propose {
                version,
                lowers,
                only,
                except,
                classes,
                life_safety,
                hours,
                test_reason,
                from,
                until,
                days,
                reason,
                agreement,
            } = *propose;
            let zones = match (only.is_empty(), except.is_empty()) {
                (true, true) => Zones::Whole,
                (false, true) => Zones::Listed(only.into_iter().collect()),
                (true, false) => Zones::AllExcept(except.into_iter().collect()),
                (false, false) => {
                    return Err(Problem::invalid(
                        "only, except: name zones in one of the two",
                        "仅限防区与排除防区不能同时填写",
                    ));
                }
            };
            let classes = classes.into_iter().collect();
            let of_test = !life_safety.is_empty() || hours.is_some() || test_reason.is_some();
            let lowers = match lowers {
                Which::RecurringTest => {
                    let hours =
                        hours.ok_or_else(|| Problem::invalid("hours: say when it is tested", "请填写测试时段"))?;
                    let test_reason = test_reason
                        .ok_or_else(|| Problem::invalid("test_reason: say why it is tested", "请填写测试原因"))?;
                    let scope = Scope { zones, classes, life_safety: life_safety.into_iter().collect() };
                    Lowers::RecurringTest(RecurringTest { hours, scope, test_reason })
                }
                _ if of_test => {
                    return Err(Problem::invalid(
                        "life_safety, hours, test_reason: only a recurring-test has them",
                        "人身安全类、测试时段和测试原因只用于定期测试",
                    ));
                }
                Which::Suspension if zones == Zones::Whole && classes.is_empty() => Lowers::Suspension,
                Which::Suspension => {
                    return Err(Problem::invalid(
                        "a suspension lists no zones and no classes",
                        "暂停服务不列防区和类别",
                    ));
                }
                Which::LogOnly => Lowers::LogOnly(Listed { zones, classes }),
            };
            let days =
                days.filter(|days| *days > 0).map(|days| from.unwrap_or(at).plus_secs(days.saturating_mul(86_400)));
            let until =
                until.or(days).ok_or_else(|| Problem::invalid("until, days: say when it ends", "请填写截止时间"))?;
            let reason = reason.unwrap_or_default();
            let agreement = agreement.unwrap_or_default();
            let proposal = Proposal { lowers, from, until, reason: reason.clone(), agreement };
            (card.propose(proposal, by, at, &app.settings.policy), version, reason)
        }
        Ask::End { version, number, reason } => {
            let reason = reason.unwrap_or_default();
            (card.end_agreed(number, by, at, &reason), version, reason)
        }
    };
    let mut wanted = wanted.map_err(|error| Problem::card(&error))?;
    wanted.version = version;
    let change = change(session, address, reason);
    store(app, move |centre| centre.edit_account(&wanted, &change)).await
}
