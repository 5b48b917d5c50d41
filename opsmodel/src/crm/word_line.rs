//! Codewords as a person writes them: of one contact a line. They are read and never written.

use core::fmt;

use alarmcore::{ContactId, Lang};

use super::{AccountCard, Codeword, Contact};

/// What one contact is to say from now on.
#[derive(Clone, PartialEq, Eq)]
pub struct Words {
    contact: ContactId,
    codeword: Option<Word>,
    duress: Option<Word>,
}

/// A word that is set, or taken away.
#[derive(Clone, PartialEq, Eq)]
enum Word {
    New(String),
    None,
}

/// Not the words themselves.
impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Words({}, ..)", self.contact)
    }
}

/// Why lines set no codewords. What was written is never in it: it may be a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.label(Lang::En))]
pub enum WordLineError {
    /// It is not one contact and words.
    Form {
        /// Which line, the first being 1.
        line: usize,
    },
    /// Easily guessed.
    Short {
        /// Which line.
        line: usize,
    },
    /// Nobody says that on the telephone.
    Long {
        /// Which line.
        line: usize,
    },
    /// Two lines for one contact, or two words of a kind.
    Twice {
        /// Which line.
        line: usize,
    },
    /// The card knows no such person.
    NoContact {
        /// Which.
        contact: ContactId,
    },
    /// Nobody could tell them apart.
    Alike {
        /// Of whom.
        contact: ContactId,
    },
    /// A duress word without a codeword that it could stand for.
    NoCodeword {
        /// Of whom.
        contact: ContactId,
    },
}

impl WordLineError {
    /// The sentence that a person reads.
    pub fn label(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Form { line }, Lang::En) => format!(
                "codeword line {line}: expected the number of a contact and words such as `1 codeword blue heron; duress grey heron`; - takes one away"
            ),
            (Self::Form { line }, Lang::Zh) => {
                format!(
                    "口令第 {line} 行：应为联系人编号和口令，如 `1 codeword 蓝色苍鹭; duress 灰色苍鹭`；填 - 则取消"
                )
            }
            (Self::Short { line }, Lang::En) => {
                format!(
                    "codeword line {line}: a word has {} letters or digits at least; nothing else counts",
                    Words::LEAST
                )
            }
            (Self::Short { line }, Lang::Zh) => {
                format!("口令第 {line} 行：口令至少应有 {} 个字母、汉字或数字，其他字符不计", Words::LEAST)
            }
            (Self::Long { line }, Lang::En) => {
                format!("codeword line {line}: a word has {} letters and digits at most", Words::MOST)
            }
            (Self::Long { line }, Lang::Zh) => format!("口令第 {line} 行：口令最多 {} 个字母、汉字和数字", Words::MOST),
            (Self::Twice { line }, Lang::En) => format!("codeword line {line}: said twice"),
            (Self::Twice { line }, Lang::Zh) => format!("口令第 {line} 行：重复填写"),
            (Self::NoContact { contact }, Lang::En) => format!("codewords: the card has no contact {contact}"),
            (Self::NoContact { contact }, Lang::Zh) => format!("口令：档案中没有联系人 {contact}"),
            (Self::Alike { contact }, Lang::En) => {
                format!("codewords: contact {contact}: the duress word must differ from the codeword")
            }
            (Self::Alike { contact }, Lang::Zh) => format!("口令：联系人 {contact} 的胁迫口令必须与口令不同"),
            (Self::NoCodeword { contact }, Lang::En) => {
                format!("codewords: contact {contact}: a duress word stands for a codeword, and there is none")
            }
            (Self::NoCodeword { contact }, Lang::Zh) => {
                format!("口令：联系人 {contact} 没有口令，不能设胁迫口令")
            }
        }
    }
}

impl Words {
    /// How many letters and digits a word has at least.
    pub const LEAST: usize = 2;
    /// How many it has at most.
    pub const MOST: usize = 64;

    /// Codewords, of one contact a line or parted by `|`:
    ///
    /// `1 codeword blue heron; duress grey heron`
    ///
    /// The duress word is what they say when somebody threatens them. What is not named stays, and `-` takes a word away. Of a word only
    /// letters and digits count, in any case and width, and Chinese numerals are digits: the words of one contact must differ in that.
    ///
    /// ```
    /// use opsmodel::crm::{AccountCard, Contact, WordLineError, Words};
    /// let contacts = Contact::read_all("1 Wang Fang; phone 13900000001")?;
    /// let card = AccountCard::new("1001".parse()?, "Shop").calling(contacts);
    /// let card = card.saying(&Words::read_all("1 codeword blue heron; duress grey heron")?, || Ok::<_, WordLineError>([7; 16]))?;
    /// assert!(card.contacts[0].codeword.as_ref().is_some_and(|word| word.is("Blue Heron")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// What is wrong first, with its line and what to write, and never with what was written.
    pub fn read_all(text: &str) -> Result<Vec<Self>, WordLineError> {
        let lines = text.split(['\n', '|']).map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
        let mut all: Vec<Self> = Vec::new();
        for (index, text) in lines {
            let line = index + 1;
            let words = read(line, text)?;
            if all.iter().any(|other| other.contact == words.contact) {
                return Err(WordLineError::Twice { line });
            }
            all.push(words);
        }
        Ok(all)
    }
}

fn read(line: usize, text: &str) -> Result<Words, WordLineError> {
    let form = WordLineError::Form { line };
    let (contact, rest) = text.split_once(char::is_whitespace).ok_or(form)?;
    let contact = ContactId::new(contact.parse().map_err(|_| form)?);
    let mut words = Words { contact, codeword: None, duress: None };
    for entry in rest.split([';', '；']).map(str::trim).filter(|entry| !entry.is_empty()) {
        let (kind, word) = entry.split_once(char::is_whitespace).ok_or(form)?;
        let place = match kind {
            "codeword" => &mut words.codeword,
            "duress" => &mut words.duress,
            _ => return Err(form),
        };
        let word = match word.trim() {
            "-" => Word::None,
            word => match Codeword::letters(word) {
                ..Words::LEAST => return Err(WordLineError::Short { line }),
                Words::LEAST..=Words::MOST => Word::New(word.to_owned()),
                _ => return Err(WordLineError::Long { line }),
            },
        };
        if place.replace(word).is_some() {
            return Err(WordLineError::Twice { line });
        }
    }
    if words.codeword.is_none() && words.duress.is_none() { Err(form) } else { Ok(words) }
}

impl AccountCard {
    /// The card whose contacts have these words. A word that is the same as before is kept as it is, unless its digest is of old and knows
    /// fewer writings of it; `salt` is drawn at random for each that is new.
    ///
    /// # Errors
    /// A contact that the card does not have; a duress word that is the codeword, or has none to stand for; no salt.
    pub fn saying<E: From<WordLineError>>(
        mut self,
        all: &[Words],
        mut salt: impl FnMut() -> Result<[u8; 16], E>,
    ) -> Result<Self, E> {
        for Words { contact, codeword, duress } in all {
            let missing = WordLineError::NoContact { contact: *contact };
            let person = self.contacts.iter_mut().find(|known| known.id == *contact).ok_or(missing)?;
            if codeword == &Some(Word::None) && duress.is_none() {
                person.duress = None;
            }
            set(&mut person.codeword, codeword.as_ref(), &mut salt)?;
            set(&mut person.duress, duress.as_ref(), &mut salt)?;
            check(person, codeword.as_ref(), duress.as_ref())?;
        }
        Ok(self)
    }
}

fn set<E>(
    kept: &mut Option<Codeword>,
    wanted: Option<&Word>,
    salt: &mut impl FnMut() -> Result<[u8; 16], E>,
) -> Result<(), E> {
    match wanted {
        None => {}
        Some(Word::None) => *kept = None,
        Some(Word::New(word)) if kept.as_ref().is_some_and(|kept| kept.keeps(word)) => {}
        Some(Word::New(word)) => *kept = Some(Codeword::new(word, salt()?)),
    }
    Ok(())
}

/// Whichever of the two is new, its word is at hand and is compared with what is kept of the other.
fn check(person: &Contact, codeword: Option<&Word>, duress: Option<&Word>) -> Result<(), WordLineError> {
    let contact = person.id;
    let is = |kept: &Option<Codeword>, wanted: Option<&Word>| match (kept, wanted) {
        (Some(kept), Some(Word::New(word))) => kept.is(word),
        _ => false,
    };
    if person.duress.is_some() && person.codeword.is_none() {
        return Err(WordLineError::NoCodeword { contact });
    }
    if is(&person.codeword, duress) || is(&person.duress, codeword) {
        return Err(WordLineError::Alike { contact });
    }
    Ok(())
}
