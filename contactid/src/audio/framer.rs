//! From a signal of two states to characters: a start bit, eight bits from the lowest up, a stop bit.

/// What is heard of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Character {
    /// A byte.
    Byte(u8),
    /// One without a stop bit.
    Garbled,
}

/// Whoever frames looks at the line so many times a bit, through a window of one bit.
pub(super) const LOOKS: usize = 9;

/// Cuts characters out of what is told look by look: by how much a 1 is stronger than a 0, from -1 to 1.
#[derive(Clone, Debug)]
pub(super) struct Framer {
    /// Samples of a look, and of a bit.
    look: f32,
    bit: f32,
    /// What the last look found.
    before: f32,
    begun: Option<Begun>,
}

/// A character that goes on: samples until it is judged again, how often it was, and the bits so far.
#[derive(Clone, Copy, Debug)]
struct Begun {
    wait: f32,
    place: u8,
    byte: u8,
}

impl Framer {
    pub(super) const fn new(look: f32, bit: f32) -> Self {
        Self { look, bit, before: 0.0, begun: None }
    }

    /// One look further, at what is not to be read.
    pub(super) const fn pass(&mut self, balance: f32) {
        (self.before, self.begun) = (balance, None);
    }

    /// One look further. A byte is told in the middle of its stop bit.
    pub(super) fn step(&mut self, balance: f32) -> Option<Character> {
        let before = core::mem::replace(&mut self.before, balance);
        let one = balance > 0.0;
        let Some(begun) = &mut self.begun else {
            if before > 0.0 && !one {
                // The window is one bit long: the edge was in its middle when both were alike, and half a bit later it holds
                // the start bit and nothing else.
                let since = self.look * balance / (balance - before);
                self.begun = Some(Begun { wait: self.bit / 2.0 - since, place: 0, byte: 0 });
            }
            return None;
        };
        begun.wait -= self.look;
        if begun.wait > self.look / 2.0 {
            return None;
        }
        // The start bit is looked at in its middle, and once more a quarter of a bit later: a jump in phase looks like a 0
        // for up to half a bit, and then a 1 is clear. A first bit that is a 1 is not so clear yet.
        let (pause, click) = match begun.place {
            0 => (0.25, one),
            1 => (0.75, balance > 0.2),
            _ => (1.0, false),
        };
        begun.wait += pause * self.bit;
        begun.place += 1;
        match begun.place {
            _ if click => self.begun = None,
            1 | 2 => {}
            3..=10 => begun.byte = begun.byte >> 1 | if one { 0x80 } else { 0 },
            _ => {
                let byte = begun.byte;
                self.begun = None;
                return Some(if one { Character::Byte(byte) } else { Character::Garbled });
            }
        }
        None
    }
}
