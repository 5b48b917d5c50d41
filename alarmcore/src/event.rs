//! Events of whatever has a lifecycle: one table gives the kinds, their words and labels, the facts and the free text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The free text of one event, by the name of its field. Kept apart from the facts, so that it can be erased.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FreeText(pub BTreeMap<String, String>);

/// Declares the events of one kind of stream. One line for each variant, its stable word and labels; then its facts, and
/// after a semicolon its free text.
macro_rules! events {
    (enum $kind:ident of $name:ident: $about:literal; $($(#[$doc:meta])* $variant:ident $word:literal $en:literal $zh:literal {
        $($(#[$field_doc:meta])* $field:ident: $type:ty,)*
        $(; $($(#[$text_doc:meta])* $text:ident,)*)?
    })*) => {
        crate::words::words! {
            /// What kind of thing happened: the word its record is stored under.
            $kind { $($(#[$doc])* $variant $word $en $zh,)* }
        }

        #[doc = $about]
        ///
        /// The fields of type `Option<String>` that `take_text` names are free text and may hold personal details. Nothing
        /// is decided by them: an event with and without its text folds into the same thing.
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "event")]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $word)] $variant {
                $($(#[$field_doc])* $field: $type,)*
                $($($(#[$text_doc])* #[serde(default, skip_serializing_if = "Option::is_none")] $text: Option<String>,)*)?
            },)*
        }

        impl $name {
            /// Which kind of event this is.
            pub const fn kind(&self) -> $kind {
                match self { $(Self::$variant { .. } => $kind::$variant,)* }
            }

            /// The label of its kind.
            pub const fn label(&self, lang: contactid::Lang) -> &'static str {
                self.kind().label(lang)
            }

            /// The free-text fields, by name.
            fn texts(&mut self) -> Vec<(&'static str, &mut Option<String>)> {
                match self {
                    $(Self::$variant { $($($text,)*)? .. } => vec![$($((stringify!($text), $text),)*)?],)*
                }
            }

            /// Takes the free text out: what is left holds ids and facts only. `None` when there was none.
            pub fn take_text(&mut self) -> Option<$crate::FreeText> {
                let taken: std::collections::BTreeMap<String, String> = self
                    .texts()
                    .into_iter()
                    .filter_map(|(name, text)| text.take().map(|text| (name.to_owned(), text)))
                    .collect();
                (!taken.is_empty()).then_some($crate::FreeText(taken))
            }

            /// Puts back what `take_text` took. Names the event does not have are left alone.
            pub fn put_text(&mut self, mut text: $crate::FreeText) {
                for (name, field) in self.texts() {
                    if let Some(value) = text.0.remove(name) {
                        *field = Some(value);
                    }
                }
            }
        }
    };
}
pub(crate) use events;
