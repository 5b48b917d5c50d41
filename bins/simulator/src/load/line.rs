//! One connection of a run: send, wait for the answer, send again.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use contactid::{Frame, Strictness, Token};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::Tally;
use super::course::{Course, Pen};
use crate::link::{Link, Transport};

/// Runs one connection until the end of the course.
pub(super) async fn run(course: Arc<Course>, line: u32) -> Tally {
    let mut run =
        Run { pen: Pen::new(line), answer: Vec::new(), tally: Tally::default(), turn: 0, line, course: &course };
    while Instant::now() < course.end {
        if run.talk().await.is_err() {
            run.tally.broken += 1;
            sleep(Duration::from_millis(100)).await;
        }
    }
    run.tally
}

struct Run<'a> {
    course: &'a Course,
    line: u32,
    turn: u32,
    pen: Pen,
    answer: Vec<u8>,
    tally: Tally,
}

/// What an answer says of the frame that waits.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Acknowledged,
    Refused,
    Stray,
}

impl Run<'_> {
    /// Sends and waits until the end, or until the connection breaks.
    async fn talk(&mut self) -> io::Result<()> {
        let patience = self.course.transport.patience();
        let mut link = Link::open(self.course.dc09, self.course.transport).await?;
        if self.course.interval.is_some() && self.course.transport == Transport::Tcp {
            // A rare sender would be taken for a silent peer.
            self.course.write_heartbeat(self.line, &mut self.pen);
            link.send(&self.pen.frame).await?;
            timeout(patience, link.answer(&mut self.answer)).await??;
        }
        while let Some((due, sequence)) = self.next().await {
            self.tally.sent += 1;
            match timeout(patience, self.exchange(&mut link, sequence)).await {
                Ok(Ok(Answer::Acknowledged)) => {
                    self.tally.acknowledged += 1;
                    self.tally.latencies.record(due.elapsed());
                }
                Ok(Ok(_)) => self.tally.refused += 1,
                Ok(Err(broken)) => {
                    self.tally.lost += 1;
                    return Err(broken);
                }
                Err(_) => self.tally.lost += 1,
            }
        }
        Ok(())
    }

    async fn exchange(&mut self, link: &mut Link, sequence: u16) -> io::Result<Answer> {
        link.send(&self.pen.frame).await?;
        loop {
            link.answer(&mut self.answer).await?;
            match judge(&self.answer, sequence) {
                Answer::Stray => self.tally.duplicated += 1,
                answer => return Ok(answer),
            }
        }
    }

    /// Writes the next frame when it is due, and says since when it is and which number it has; `None` at the end.
    async fn next(&mut self) -> Option<(Instant, u16)> {
        let mut due = Instant::now();
        if let Some(interval) = self.course.interval {
            // The connections take turns within an interval instead of all sending at once.
            let offset = interval.mul_f64(f64::from(self.line) / f64::from(self.course.connections));
            due = self.course.start + offset + interval * self.turn;
            sleep_until(due.min(self.course.end)).await;
        }
        if Instant::now() >= self.course.end {
            return None;
        }
        let sequence = self.course.write(self.line, self.turn, &mut self.pen);
        self.turn += 1;
        Some((due, sequence))
    }
}

/// An echo counts as an acknowledgement: it brings the number back.
fn judge(answer: &[u8], sequence: u16) -> Answer {
    match Frame::parse(answer, Strictness::Tolerant) {
        Ok(frame) if frame.token() == Token::Nak => Answer::Refused,
        Ok(frame) if frame.sequence() != Some(sequence) => Answer::Stray,
        Ok(frame) if frame.token() == Token::Duh => Answer::Refused,
        Ok(_) => Answer::Acknowledged,
        Err(_) => Answer::Stray,
    }
}
