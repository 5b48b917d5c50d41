//! When something that goes on is expected to be over, in words: information and no promise.

use alarmcore::Timestamp;
use opsmodel::store::query::{Expected, UnitRow};

use super::frame::Frame;

impl Frame {
    /// Half and nine of ten of how many cases took no longer than until when; how long it takes already, where that is past.
    pub(super) fn expected(&self, expected: &Expected) -> String {
        let (Some(p50), Some(p90)) = (expected.p50_at, expected.p90_at) else {
            return self.w.n("expected-few", expected.cases);
        };
        let past = |at: Timestamp| at.millis() <= self.now;
        let cases = self.w.n("expected-cases", expected.cases);
        let half = if past(p50) { self.w.t("expected-over-half") } else { self.w.n("expected-p50", self.moment(&p50)) };
        match past(p90) {
            true => format!("{} · {cases}", self.w.t("expected-over-nine")),
            false => format!("{half} · {} · {cases}", self.w.n("expected-p90", self.moment(&p90))),
        }
    }

    /// The units that have a job, by name, with how far each is and when it is expected to be free again.
    pub(super) fn busy(&self, units: &[UnitRow]) -> Vec<(String, String)> {
        let told = |unit: &UnitRow| {
            let jobs = unit.jobs.iter().map(|job| {
                let free =
                    job.free.as_ref().map(|free| format!(" · {}: {}", self.w.t("free-again"), self.expected(free)));
                format!("{}{}", job.state.label(self.w.lang), free.unwrap_or_default())
            });
            let hidden = (unit.hidden_jobs > 0).then(|| self.w.t("unit-hidden-job"));
            jobs.chain(hidden).collect::<Vec<_>>().join("; ")
        };
        let busy = units.iter().filter(|unit| !unit.jobs.is_empty() || unit.hidden_jobs > 0);
        busy.map(|unit| (unit.name.clone(), told(unit))).collect()
    }
}

#[cfg(test)]
mod tests {
    use contactid::Lang;

    use super::*;

    #[test]
    fn what_is_past_is_longer_than_so_many_of_the_cases() {
        let said = |now: i64, lang| {
            let frame = Frame { now, ..Frame::outside(lang, None, String::new()) };
            let at = |ms| Some(Timestamp::from_millis(ms));
            frame.expected(&Expected { cases: 12, p50_at: at(1_000), p90_at: at(2_000) })
        };
        let frame = Frame { now: 0, ..Frame::outside(Lang::En, None, String::new()) };
        let [half, nine] = [1_000, 2_000].map(|ms| frame.moment(&Timestamp::from_millis(ms)));
        assert_eq!(said(999, Lang::En), format!("expected {half} · nine of ten by {nine} · by 12 cases"));
        assert_eq!(said(1_000, Lang::En), format!("longer than half of them · nine of ten by {nine} · by 12 cases"));
        assert_eq!(said(2_000, Lang::En), "longer than nine of ten · by 12 cases");
        assert_eq!(said(999, Lang::Zh), format!("预计 {half} · 九成在 {nine} 前 · 依据 12 例"));
        assert_eq!(said(2_000, Lang::Zh), "已超过九成 · 依据 12 例");
        let few = Expected { cases: 4, p50_at: None, p90_at: None };
        assert_eq!(frame.expected(&few), "too few cases to predict: 4");
    }
}
