//! What the centre misses on a day: its watch hears what the panels say, and says what does not come.

use std::fmt::Write;

use alarmcore::{Input, Marks, Received, SignalId, Timestamp};

use super::{MIDNIGHT, Player, clock};

impl Player {
    pub(super) fn watch(&mut self, now: Timestamp) {
        while let Some(due) = self.watch.next().filter(|due| *due <= now) {
            for edge in self.watch.poll(due) {
                self.signals += 1;
                let what = if edge.missing { "missing" } else { "come" };
                let named = edge.raised.as_ref().map(|raised| format!(" {:?} {}", raised.name, raised.code));
                let (at, id, named) = (clock(edge.at), self.signals, named.unwrap_or_default());
                writeln!(self.timeline, "{at} sig{id} {}{named} {what}", edge.expected).unwrap();
                self.say(Input::Signal(Received { id: SignalId::new(self.signals), report: edge.report() }));
            }
        }
    }

    /// A card may ask for signs of life; whatever a panel says is one.
    pub(super) fn listen(&mut self, input: &Input, now: Timestamp) {
        match input {
            Input::Account(card) => {
                let silence_s = |seconds| self.witness.desk().policy().of(card, now).expect.silence_s(seconds);
                if let Some(silence_s) = card.heartbeat_s.map(silence_s) {
                    self.watch.expect(card.account, silence_s, MIDNIGHT, false);
                }
            }
            Input::Signal(Received { report, .. }) if !report.marks.contains(Marks::SUPERVISION) => {
                report.account.iter().for_each(|account| self.watch.seen(account, now));
            }
            _ => {}
        }
    }
}
