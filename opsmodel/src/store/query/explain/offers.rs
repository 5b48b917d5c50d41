//! Why a unit was asked: every offer of an incident with what each unit would have cost.

use alarmcore::{Choice, IncidentEvent, IncidentId};
use contactid::Lang;

use super::remark::{About, Line};
use crate::store::StoreError;
use crate::store::query::Reader;

impl Reader {
    /// Every offer of an incident to a unit, oldest first: a line for the choice, and one for each unit with the parts of its
    /// cost. Empty when no unit was asked.
    ///
    /// # Errors
    /// When the files cannot be read, or a row holds what no writer wrote.
    pub fn explain_offers(&self, incident: IncidentId, lang: Lang) -> Result<Vec<Line>, StoreError> {
        let Some(page) = self.incident(incident)? else { return Ok(Vec::new()) };
        let mut lines = Vec::new();
        for moment in &page.moments {
            let IncidentEvent::UnitOffered { unit, choice: Some(choice), .. } = &moment.event else { continue };
            let blank = Line {
                explained: page.incident.first_signal,
                about: About::Unit,
                signal: None,
                at: Some(moment.at),
                outcome: None,
                incident: Some(incident),
                rule: None,
                policy: Some(choice.policy),
                says: String::new(),
            };
            let Choice { by, skills, order, .. } = &**choice;
            let asked = if skills.is_empty() { String::new() } else { format!(" ({})", skills.join(", ")) };
            let name = |unit| match lang {
                Lang::En => format!("unit {unit}"),
                Lang::Zh => format!("出警单位 {unit}"),
            };
            lines.push(Line { says: format!("→ {}: {}{asked}", name(*unit), by.label(lang)), ..blank.clone() });
            lines.extend(
                order
                    .iter()
                    .map(|one| Line { says: format!("{}: {}", name(one.unit), one.label(lang)), ..blank.clone() }),
            );
        }
        Ok(lines)
    }
}
