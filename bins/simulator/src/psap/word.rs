//! What an authority can say, as the command line writes it: `accepted`, `rejected:bad-address`, `eta:300`, `closed:false-alarm`.

use std::str::FromStr;

use serde_json::{Value, json};
use thiserror::Error;

/// One thing that an authority says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// It takes the hand-off.
    Accepted,
    /// It does not, and why.
    Rejected(String),
    /// It has sent somebody.
    Dispatched,
    /// Somebody of it is on the scene.
    OnScene,
    /// It arrives in so many seconds.
    Eta(u32),
    /// A text.
    Told(String),
    /// It does not come, as it was asked.
    Cancelled,
    /// It comes all the same.
    CancelRefused,
    /// It has closed it, as what.
    Closed(String),
    /// A customer who was asked says so.
    Contact(String),
    /// Somebody who was called in says so.
    Staff(String),
    /// A unit that was asked to go says so.
    Unit {
        /// What.
        said: String,
        /// What it found on the scene.
        scene: Option<Value>,
    },
}

/// What is no word of an authority.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{0:?}: expected accepted, rejected:REASON, dispatched, on-scene, eta:SECONDS, told:TEXT, cancelled, cancel-refused or \
     closed:OUTCOME"
)]
pub struct WordError(String);

impl FromStr for Word {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let (word, more) = text.split_once(':').unwrap_or((text, ""));
        let or = |default: &str| if more.is_empty() { default.to_owned() } else { more.to_owned() };
        match word {
            "accepted" => Ok(Self::Accepted),
            "rejected" => Ok(Self::Rejected(or("other"))),
            "dispatched" => Ok(Self::Dispatched),
            "on-scene" => Ok(Self::OnScene),
            "eta" => more.parse().map(Self::Eta).map_err(|_| WordError(text.to_owned())),
            "told" => Ok(Self::Told(more.to_owned())),
            "cancelled" => Ok(Self::Cancelled),
            "cancel-refused" => Ok(Self::CancelRefused),
            "closed" => Ok(Self::Closed(or("other"))),
            _ => Err(WordError(text.to_owned())),
        }
    }
}

impl Word {
    /// The answer to the message `id`, the `place`th to it: the same number each time.
    pub(super) fn said(&self, message: &Value, id: &str, place: usize) -> Value {
        let number = format!("{id}/{place}");
        match self {
            Self::Contact(said) => {
                return json!({ "message": number, "incident": message["incident"], "contact": said });
            }
            Self::Unit { said, scene } => {
                let (incident, unit, offer) = (&message["incident"], &message["unit"]["number"], &message["offer"]);
                let mut answer =
                    json!({ "message": number, "incident": incident, "unit": unit, "offer": offer, "says": said });
                if let Some(scene) = scene {
                    answer["scene"] = scene.clone();
                }
                return answer;
            }
            Self::Staff(said) => return json!({ "message": number, "storm": message["storm"], "staff": said }),
            _ => {}
        }
        let mut answer = json!({ "message": number, "incident": message["incident"], "number": message["number"] });
        let (word, more) = match self {
            Self::Accepted => ("accepted", Some(("reference", json!(format!("CAD-{}", message["incident"]))))),
            Self::Rejected(reason) => ("rejected", Some(("reason", json!(reason)))),
            Self::Dispatched => ("dispatched", None),
            Self::OnScene => ("on-scene", None),
            Self::Eta(seconds) => ("eta", Some(("eta_s", json!(seconds)))),
            Self::Told(text) => ("told", Some(("text", json!(text)))),
            Self::Cancelled => ("cancelled", None),
            Self::CancelRefused => ("cancel-refused", None),
            Self::Closed(outcome) => ("closed", Some(("outcome", json!(outcome)))),
            Self::Contact(_) | Self::Staff(_) | Self::Unit { .. } => return answer,
        };
        answer["answer"] = json!(word);
        if let Some((field, value)) = more {
            answer[field] = value;
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_and_said() {
        let words = "accepted,rejected:bad-address,eta:300,closed:false-alarm,on-scene";
        let words: Vec<Word> = words.split(',').map(|word| word.parse().unwrap()).collect();
        let message = json!({ "incident": 7, "number": 2 });
        let said = |place: usize| words[place].said(&message, "incident-7.5.0", place);
        assert_eq!(
            said(1),
            json!({ "message": "incident-7.5.0/1", "incident": 7, "number": 2, "answer": "rejected", "reason": "bad-address" })
        );
        assert_eq!((said(2)["eta_s"].clone(), said(3)["outcome"].clone()), (json!(300), json!("false-alarm")));
        assert_eq!("eta:soon".parse::<Word>(), Err(WordError("eta:soon".into())));
        assert_eq!("perhaps".parse::<Word>(), Err(WordError("perhaps".into())));
    }
}
