//! The door for panels: whoever is turned away for want of a place cannot report.

use alarmcore::Part;
use receiver::{NoPlace, Refusals};

use super::watch::{Finding, PLACES, Said};

pub(super) struct Reception(Refusals);

impl Reception {
    pub(super) const fn new(refusals: Refusals) -> Self {
        Self(refusals)
    }

    /// Whether everybody who knocks is let in.
    pub(super) fn look(&self) -> Finding {
        let faults = self.0.lately().into_iter().map(told).collect();
        Finding { part: Part::Reception, faults, fine: Said::new("nobody is refused", "无连接被拒绝") }
    }
}

/// A reason by its name, and in words.
fn told(why: NoPlace) -> (String, Said) {
    match why {
        NoPlace::Full(all) => (
            PLACES.into(),
            Said::new(
                format!("panels are refused: all {all} connections are taken"),
                format!("拒绝主机连接：{all} 个连接均被占用"),
            ),
        ),
        NoPlace::Address(address, most) => (
            address.to_string(),
            Said::new(
                format!("further connections are refused: {most} of it are open (see --connections-per-address)"),
                format!("拒绝新连接：该地址已有 {most} 个连接（见 --connections-per-address）"),
            ),
        ),
        NoPlace::Others(most) => (
            "...".into(),
            Said::new(
                format!("further connections of more addresses are refused: {most} of each are open"),
                format!("更多地址的新连接被拒绝：每个地址已有 {most} 个连接"),
            ),
        ),
        NoPlace::System => (
            String::new(),
            Said::new(
                "the system gives no further connection: if files run out, raise the hard limit",
                "系统无法再接受连接：如文件句柄不足，请调高上限",
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn every_reason_is_told_with_whom_it_is_about() {
        let here = NoPlace::Address(IpAddr::from([192, 0, 2, 7]), 1000);
        let faults =
            [NoPlace::Full(50_000), here, NoPlace::Others(1000), NoPlace::System].into_iter().map(told).collect();
        let finding = Finding { part: Part::Reception, faults, fine: Said::new("", "") };
        assert_eq!(
            finding.said().en,
            "the system gives no further connection: if files run out, raise the hard limit; \
             ...: further connections of more addresses are refused: 1000 of each are open; \
             192.0.2.7: further connections are refused: 1000 of it are open (see --connections-per-address); \
             panels are refused: all 50000 connections are taken"
        );
        assert!(finding.said().zh.contains("192.0.2.7: 拒绝新连接"), "{}", finding.said().zh);
    }
}
