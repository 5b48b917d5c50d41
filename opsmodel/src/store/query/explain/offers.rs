//! Why an incident went where it went: its queues, to whom of the desk it was offered, and every offer to a unit with what each unit would have cost.

use alarmcore::{Choice, IncidentEvent, IncidentId, OperatorId};
use contactid::Lang;

use super::remark::{About, Line};
use crate::store::StoreError;
use crate::store::query::Reader;

impl Reader {
    /// The queues of an incident, every offer of it to an operator and to a unit, oldest first: a line for each queue, for each
    /// operator, for each choice, and for each unit with the parts of its cost.
    ///
    /// # Errors
    /// When the files cannot be read, or a row holds what no writer wrote.
    pub fn explain_course(&self, incident: IncidentId, lang: Lang) -> Result<Vec<Line>, StoreError> {
        let Some(page) = self.incident(incident)? else { return Ok(Vec::new()) };
        let people = self.people()?;
        let name_of = |of: OperatorId| people.get(&of).cloned().unwrap_or_else(|| of.to_string());
        let mut lines = Vec::new();
        for moment in &page.moments {
            let blank = Line {
                explained: page.incident.first_signal,
                about: About::Unit,
                signal: None,
                at: Some(moment.at),
                outcome: None,
                incident: Some(incident),
                rule: None,
                policy: None,
                says: String::new(),
            };
            match &moment.event {
                IncidentEvent::UnitOffered { unit, choice: Some(choice), .. } => {
                    let Choice { by, policy, skills, order, .. } = &**choice;
                    let blank = Line { policy: Some(*policy), ..blank };
                    let asked = if skills.is_empty() { String::new() } else { format!(" ({})", skills.join(", ")) };
                    let name = |unit| match lang {
                        Lang::En => format!("unit {unit}"),
                        Lang::Zh => format!("出警单位 {unit}"),
                    };
                    lines.push(Line {
                        says: format!("→ {}: {}{asked}", name(*unit), by.label(lang)), ..blank.clone()
                    });
                    lines.extend(
                        order.iter().map(|one| Line {
                            says: format!("{}: {}", name(one.unit), one.label(lang)),
                            ..blank.clone()
                        }),
                    );
                }
                event @ (IncidentEvent::Queued { .. } | IncidentEvent::Overflowed { .. }) => {
                    let (policy, says) = in_words(event, lang);
                    lines.push(Line { about: About::Queue, policy, says, ..blank });
                }
                IncidentEvent::Fed { to, policy, .. } => {
                    let says = format!("→ {}", name_of(*to));
                    lines.push(Line { about: About::Queue, policy: Some(*policy), says, ..blank });
                }
                IncidentEvent::FeedOver { to, reason } => {
                    let says = format!("{}: {}", name_of(*to), reason.label(lang));
                    lines.push(Line { about: About::Queue, says, ..blank });
                }
                _ => {}
            }
        }
        Ok(lines)
    }
}

/// Which queue it went to, and why there; or why it is everybody's.
fn in_words(event: &IncidentEvent, lang: Lang) -> (Option<u32>, String) {
    match event {
        IncidentEvent::Queued { queue, exclusive, skills, language, policy } => {
            let everybody = if lang == Lang::En { "everybody" } else { "全员" };
            let only = if lang == Lang::En { "members only" } else { "仅限成员" };
            let words = skills.iter().chain(language).map(|word| word.to_string());
            let more: Vec<String> = exclusive.then(|| only.to_owned()).into_iter().chain(words).collect();
            let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
            (Some(*policy), format!("→ {}{more}", queue.as_deref().unwrap_or(everybody)))
        }
        IncidentEvent::Overflowed { reason } => (None, reason.label(lang).to_owned()),
        _ => (None, String::new()),
    }
}
