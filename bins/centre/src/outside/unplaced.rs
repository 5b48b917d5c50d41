//! What comes from outside and has no place at the desk as it stands: kept for people to see, and heard as urgently as what it is about.

use alarmcore::{Authority, Command, Incident, IncidentEvent, IncidentId, Priority, TheirAnswer};
use opsmodel::store::Unmatched;
use serde_json::Value;

use super::answers::{Ear, digest};
use super::{ask, on};
use crate::desk::{NotDone, now};
use crate::live::Change;
use crate::problem::Problem;

/// How much of what cannot be read is written down in its incident, in characters; all of it is kept.
const QUOTED_MAX: usize = 1000;

impl Ear {
    /// Calls for what has no place. What an authority says calls in the incident that it names, where that was handed to it by this way,
    /// and then nothing else rings. Otherwise: how urgently it rings.
    ///
    /// # Errors
    /// 503 while the desk is busy or the store full.
    pub(super) async fn called_by(&self, way: &str, body: &str, why: &Problem) -> Result<Option<Priority>, Problem> {
        let told = about(body);
        let records = match told {
            Some(incident) => self.desk.write(move |centre| centre.records(incident)).await.map_err(Problem::from)?,
            None => Vec::new(),
        };
        if !self.is_of_an_authority(way, body) {
            // Nothing new is said, as far as is known.
            if matches!(&*why.code, "already-answered" | "already-heard") {
                return Ok(Some(Priority::LEAST));
            }
            let urgency = records.iter().rev().find_map(|record| match record.event {
                IncidentEvent::Opened { priority, .. }
                | IncidentEvent::Raised { priority, .. }
                | IncidentEvent::Lowered { priority } => Some(priority),
                _ => None,
            });
            return match urgency {
                None if self.outside.config.first_contact.as_deref() == Some(way) => {
                    self.awaited(|incident| incident.first_contact.is_some()).await.map(Some)
                }
                urgency => Ok(Some(urgency.unwrap_or(Priority::LEAST))),
            };
        }
        let theirs = records.iter().filter_map(|record| match record.event {
            IncidentEvent::HandedOff { number, to, .. } if self.outside.config.serves(way, to) => Some(number),
            _ => None,
        });
        let theirs: Vec<u16> = theirs.collect();
        let named = number(body, "number").filter(|named| theirs.contains(named));
        let Some((incident, number)) = told.zip(named.or_else(|| theirs.last().copied())) else {
            let (config, way) = (self.outside.config.clone(), way.to_owned());
            let theirs = move |incident: &Incident| {
                incident.hand_offs.iter().any(|one| !one.state().is_end() && config.serves(&way, one.to))
            };
            return self.awaited(theirs).await.map(Some);
        };
        let text: String = body.chars().take(QUOTED_MAX).collect();
        let command = Command::RecordAnswer {
            number,
            answer: TheirAnswer::Told,
            from: None,
            reason: None,
            outcome: None,
            eta_s: None,
            reference: None,
            // Not under its own number: sent again as it should be, it counts.
            message: Some(digest(body)),
            unread: true,
            note: Some(format!("{} / {}: {text}", why.title, why.title_zh)),
        };
        match self.desk.act(on(incident, command)).await {
            Ok(_) => Ok(None),
            Err(NotDone::Unavailable) => Err(Problem::unavailable()),
            // It is over, and nobody waits for them any more.
            Err(_) => Ok(Some(Priority::LEAST)),
        }
    }

    /// Does an authority say this, as far as can be told? Where others answer by the same way, it is what none of them would write.
    fn is_of_an_authority(&self, way: &str, body: &str) -> bool {
        let config = &self.outside.config;
        let goes = |its: &Option<String>| its.as_deref() == Some(way);
        let others = [
            ("contact", goes(&config.first_contact)),
            ("storm", goes(&config.call_in)),
            ("closing", goes(&config.late_close)),
            ("unit", config.people.get(&super::Told::Offer).is_some_and(|its| its == way)),
        ];
        let is_theirs = others.into_iter().any(|(field, answers)| answers && has(body, field));
        Authority::ALL.iter().any(|to| config.serves(way, *to)) && !is_theirs
    }

    /// How urgent the most urgent open incident is that waits for them.
    async fn awaited(&self, for_them: impl Fn(&Incident) -> bool + Send + 'static) -> Result<Priority, Problem> {
        let asked = ask(self.data.clone(), move |reader| reader.most_urgent_told(for_them)).await;
        match asked {
            Ok(priority) => Ok(priority.unwrap_or(Priority::LEAST)),
            Err(why) => {
                tracing::error!("what is awaited cannot be read: {why}");
                Err(Problem::unavailable())
            }
        }
    }

    /// Keeps for people to see what has no place at the desk, or stands beside an answer that has one; the first time it rings as urgently as this, where nothing else does.
    pub(super) async fn keep(
        &self,
        way: &str,
        message: String,
        body: &str,
        why: &Problem,
        ring: Option<Priority>,
    ) -> Result<(), Problem> {
        let kept = Unmatched {
            way: way.to_owned(),
            message,
            at: now(),
            body: body.to_owned(),
            code: why.code.to_string(),
            why_en: why.title.clone(),
            why_zh: why.title_zh.clone(),
        };
        tracing::warn!(way, message = kept.message, why = why.title, "an answer is kept for people to see");
        let is_new = self.desk.write(move |centre| centre.keep_unmatched(&kept)).await.map_err(Problem::from)?;
        if is_new {
            match ring {
                Some(priority) => self.ring(priority),
                // How many nobody has seen stands on every page.
                None => self.live.publish(Change::default()),
            }
        }
        Ok(())
    }

    /// Somebody should look, as soon as what is so urgent asks for.
    pub(super) fn ring(&self, priority: Priority) {
        self.live.publish(Change { ring: Some(priority.get()), ..Change::default() });
    }
}

/// The incident that something names, whatever else is wrong with it.
pub(super) fn about(body: &str) -> Option<IncidentId> {
    number(body, "incident").map(IncidentId::new)
}

/// Is there a field of this name in it?
pub(super) fn has(body: &str, field: &str) -> bool {
    match serde_json::from_str::<Value>(body) {
        Ok(written) => written.get(field).is_some(),
        Err(_) => body.contains(&format!("\"{field}\"")),
    }
}

/// The number under this name, which may be written as a text; of what is no JSON, the digits after the name.
pub(super) fn number<N: TryFrom<u64>>(body: &str, field: &str) -> Option<N> {
    let number = match serde_json::from_str::<Value>(body) {
        Ok(written) => match written.get(field)? {
            Value::String(text) => text.trim().parse().ok()?,
            other => other.as_u64()?,
        },
        Err(_) => {
            let (_, after) = body.split_once(&format!("\"{field}\""))?;
            let after = after.trim_start().strip_prefix(':')?.trim_start_matches(['"', ' ', '\t', '\r', '\n']);
            let digits = after.find(|end: char| !end.is_ascii_digit()).unwrap_or(after.len());
            after[..digits].parse().ok()?
        }
    };
    N::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_is_told_from_what_cannot_be_read() {
        let told = |body: &str| about(body).map(IncidentId::get);
        assert_eq!(told("{\"incident\": 7, \"answer\": \"perhaps\"}"), Some(7));
        assert_eq!(told("{\"incident\": \" 7 \"}"), Some(7));
        assert_eq!(told("{\"message\": \"M-1\", \"incident\" : \"12\", \"ans"), Some(12));
        assert_eq!(told("{\"incident\":12"), Some(12));
        for nothing in [
            "",
            "{\"incident\": 7.5}",
            "{\"incident\": -7",
            "{\"incident\"",
            "{\"incidents\": 7}",
            "[7]",
            "incident: 7",
        ] {
            assert_eq!(told(nothing), None, "{nothing}");
        }
        assert_eq!(number::<u16>("{\"number\": 70000}", "number"), None);
    }
}
