//! Errors as the outside sees them: RFC 9457 problem documents, in both languages.

use std::borrow::Cow;
use std::sync::Arc;

use alarmcore::{
    CallResult, ClipRefusal, FalseCallsRefusal, FollowUpRefusal, IncidentId, LoweredRefusal, Refusal, SignalId,
    StormRefusal, TestRefusal,
};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use contactid::{EventCode, Lang};
use opsmodel::crm::{CardError, CardField, WordLineError};
use opsmodel::store::StoreError;
use serde::Serialize;
use serde_json::Value;

/// Why a request was not served. Under `/api` it is sent as `application/problem+json`; pages show its texts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// The HTTP status, repeated in the body as RFC 9457 asks.
    pub status: u16,
    /// A stable word for programs, such as `not-yours` or `unknown-incident`.
    pub code: Cow<'static, str>,
    /// What went wrong, in English.
    pub title: String,
    /// The same in Chinese.
    pub title_zh: String,
    /// The particulars that go with `code`, for example the refusal as the desk gave it.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub particulars: Value,
}

impl From<WordLineError> for Problem {
    fn from(error: WordLineError) -> Self {
        Self::invalid_as(|lang| error.label(lang))
    }
}

impl Problem {
    /// A problem without particulars.
    pub fn new(
        status: StatusCode,
        code: impl Into<Cow<'static, str>>,
        title: impl Into<String>,
        title_zh: impl Into<String>,
    ) -> Self {
        let (title, title_zh) = (title.into(), title_zh.into());
        let code = code.into();
        Self { status: status.as_u16(), code, title, title_zh, particulars: Value::Null }
    }

    /// The same with particulars.
    #[must_use]
    pub fn with(mut self, particulars: Value) -> Self {
        self.particulars = particulars;
        self
    }

    /// 404 for a `thing` ("incident", "事件") that is not there.
    pub fn not_found(thing: &str, thing_zh: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", format!("there is no such {thing}"), format!("没有该{thing_zh}"))
    }

    /// 422 for a request that is well-formed and makes no sense; `why` names the field, in English and in Chinese.
    pub fn invalid(why: impl Into<String>, why_zh: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", why, format!("请求无效：{why_zh}"))
    }

    /// The same for what says itself why, in each language.
    pub(crate) fn invalid_as(why: impl Fn(Lang) -> String) -> Self {
        Self::invalid(why(Lang::En), &why(Lang::Zh))
    }

    /// The same of a field of a card, `name` for programs.
    pub(crate) fn invalid_field(field: CardField, name: &str, why: impl Fn(Lang) -> String) -> Self {
        let zh = format!("{}：{}", field.label(Lang::Zh), why(Lang::Zh));
        Self::invalid(format!("{name}: {}", why(Lang::En)), &zh)
    }

    /// 503 while the store or the desk cannot answer.
    pub fn unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            "the centre cannot do this at the moment; what panels were told is stored; try again",
            "中心暂时无法处理该操作，已应答的报警均已存储，请重试",
        )
    }

    /// 409 for what is handed off by machine, or offered to a unit by machine, and has no place.
    pub(crate) fn no_address() -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "no-address",
            "no address of this account is known: write in the note where it is, or telephone",
            "该用户没有登记地址：请在备注中写明地点，或改用电话通知",
        )
    }

    /// 503 for a file that would take the room which the disk does not have.
    pub(crate) fn no_room() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "no-room",
            "the disk is full: nothing is kept that can wait; free space on it, then try again",
            "磁盘已满，暂不保存文件；请先腾出空间，再重试",
        )
    }

    /// 503 for a call that cannot be recorded now, with how the word was that was said: nobody waits for a disk to hear of a threat.
    pub(crate) fn unrecorded(result: CallResult) -> Self {
        let (en, zh) = (result.label(Lang::En), result.label(Lang::Zh));
        let title = format!("{en}. The call cannot be recorded at the moment: record it again later");
        let title_zh = format!("{zh}。该通话暂时无法记录，请稍后重新记录");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", title, title_zh)
            .with(serde_json::json!({ "result": result }))
    }

    /// The same refusal of an act beside which a word was said that is not right, now a signal of the account with this code: the word
    /// comes first, for whoever typed it does not know the right one.
    #[must_use]
    pub(crate) fn beside_word(self, result: CallResult, code: EventCode) -> Self {
        let (en, zh) = (result.label(Lang::En), result.label(Lang::Zh));
        let (hold_up, hold_up_zh) = match result {
            CallResult::DuressCode => (": treat it as a hold-up", "，请按劫盗报警处理"),
            _ => ("", ""),
        };
        let title = format!("{en}{hold_up}. It is reported as signal {code} of the account. Not done: {}", self.title);
        let title_zh = format!("{zh}{hold_up_zh}。已作为该用户的信号 {code} 上报。操作未执行：{}", self.title_zh);
        let mut particulars = self.particulars;
        match &mut particulars {
            Value::Object(known) => drop(known.insert("result".into(), Value::from(result.as_str()))),
            other => *other = serde_json::json!({ "result": result }),
        }
        Self { title, title_zh, particulars, ..self }
    }

    /// The same refusal of the note beside an alarm that is entered: whoever wrote it has to tell somebody.
    #[must_use]
    pub(crate) fn beside_entered(self, signal: SignalId, incident: IncidentId) -> Self {
        let title = format!(
            "The alarm is entered as signal {signal} of incident {incident}; what was written beside it is not recorded: {}",
            self.title
        );
        let title_zh = format!("报警已登记为信号 {signal}（警情 {incident}），但备注未登记：{}", self.title_zh);
        Self { title, title_zh, ..self }
    }

    /// 409: what was asked for on the telephone is not done, for the word that was said is not right.
    pub(crate) fn on_such_a_word(title: &str, title_zh: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "word-not-right", title, title_zh)
    }

    /// 409 with the desk's refusal: its word as `code`, the whole of it as `particulars`. 403 where it is not for whoever asks.
    pub fn refused(refusal: &Refusal) -> Self {
        let problem = Self::conflict(refusal, refusal.label(Lang::En), refusal.label(Lang::Zh));
        match refusal {
            Refusal::OtherQueue { .. } => Self { status: StatusCode::FORBIDDEN.as_u16(), ..problem },
            _ => problem,
        }
    }

    /// The same for an act on a test.
    pub fn refused_test(refusal: &TestRefusal) -> Self {
        Self::conflict(refusal, refusal.label(Lang::En), refusal.label(Lang::Zh))
    }

    /// The same for an act on false alarms.
    pub fn refused_false_calls(refusal: &FalseCallsRefusal) -> Self {
        Self::conflict(refusal, refusal.label(Lang::En), refusal.label(Lang::Zh))
    }
    /// The same for an act on a storm.
    pub fn refused_storm(refusal: &StormRefusal) -> Self {
        Self::conflict(refusal, refusal.label(Lang::En), refusal.label(Lang::Zh))
    }

    /// The same about a follow-up.
    pub fn refused_follow_up(refusal: &FollowUpRefusal) -> Self {
        Self::conflict(refusal, refusal.label(Lang::En), refusal.label(Lang::Zh))
    }

    /// 409: a card cannot be so.
    pub(crate) fn card(error: &CardError) -> Self {
        Self::new(StatusCode::CONFLICT, "card-refused", error.label(Lang::En), error.label(Lang::Zh))
    }

    /// 409: somebody has changed the card since it was looked at.
    pub(crate) fn card_changed(error: &StoreError) -> Self {
        let zh = "档案已被他人修改,请重新查看后再操作";
        Self::new(StatusCode::CONFLICT, "card-changed", error.to_string(), zh)
    }

    /// The same for an act on a row of the board of lowered protection.
    pub fn refused_lowered(refusal: &LoweredRefusal) -> Self {
        Self::conflict(refusal, refusal.label(Lang::En), refusal.label(Lang::Zh))
    }

    /// The same for an act on the clips of an incident.
    pub fn refused_clip(refusal: &ClipRefusal) -> Self {
        Self::conflict(refusal, refusal.label(Lang::En), refusal.label(Lang::Zh))
    }

    fn conflict(refusal: &impl Serialize, title: String, title_zh: String) -> Self {
        let particulars = serde_json::to_value(refusal).unwrap_or_default();
        let code = particulars["refusal"].as_str().unwrap_or("refused").to_owned();
        Self::new(StatusCode::CONFLICT, code, title, title_zh).with(particulars)
    }

    /// 403 for an incident that waits in a queue which is only for others.
    pub fn other_queue(queue: &Arc<str>) -> Self {
        Self::refused(&Refusal::OtherQueue { queue: queue.clone() })
    }

    /// 409 for what hides alarms of an account of which one is open, where no supervisor agrees.
    pub fn alarm_open(incident: IncidentId) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "alarm-open",
            format!("an alarm is open, see incident {incident}: close it first, or let a supervisor agree"),
            format!("警情 {incident} 尚未消警:须先消警，或由值班长同意"),
        )
    }

    /// 403 for an act that needs a supervisor.
    pub fn supervisors_only() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "supervisors-only",
            "only a supervisor may do this",
            "只有值班长可以执行此操作",
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
