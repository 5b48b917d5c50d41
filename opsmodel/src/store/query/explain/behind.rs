//! What stands behind a rule that kept a signal back: the test, the earlier trips, the panel that ran away, the storm.

use alarmcore::{Area, AreaOf, Kind, Rule, StormId, Timestamp};
use contactid::{AccountNumber, Lang};
use rusqlite::{OptionalExtension, params};

use super::{About, CHANGED_BEFORE, HELD_MS, Reader, Remark, SignalRow, spelling};
use crate::store::StoreError;
use crate::store::query::TestRow;

/// How many tests of an account are looked through, newest first.
const TESTS: usize = 1000;
/// How many earlier trips are named.
const TRIPS: usize = 3;

/// When a zone was set off before, newest first, without what other rules kept from people: that does not count.
pub(in crate::store::query) const TRIPS_BEFORE: &str = "SELECT signal, received_at FROM signal_row \
    WHERE account = ?1 AND received_at >= ?2 AND received_at <= ?3 AND signal < ?4 AND class = ?5 AND number IS ?6 \
    AND grp IS ?7 AND qualifier = 1 AND outcome <> 'repeat' AND (outcome <> 'logged' OR rule = 'swinger.logged') ORDER BY received_at DESC, signal DESC LIMIT ?8";
/// The last incident of an account before a moment that says that its panel runs away.
pub(in crate::store::query) const RAN_AWAY: &str = "SELECT id, opened_at FROM incident INDEXED BY incident_account \
    WHERE account = ?1 AND opened_at <= ?2 AND kind = 'runaway' ORDER BY opened_at DESC LIMIT 1";
/// The last storm before a moment in whose ledger something of an account stands.
pub(in crate::store::query) const GROUPED_BY: &str = "SELECT s.id, s.area_of, s.area_name, s.declared_at \
    FROM storm AS s INDEXED BY storm_declared CROSS JOIN storm_line AS l ON l.storm = s.id AND l.account = ?1 AND l.kind = ?2 \
    WHERE s.declared_at <= ?3 ORDER BY s.declared_at DESC LIMIT 1";

impl Reader {
    /// What stands behind a decision by this rule at this moment; `None` of a rule that says all of it.
    pub(super) fn behind(&self, rule: Rule, signal: &SignalRow, at: Timestamp) -> Result<Option<Remark>, StoreError> {
        let Some(account) = signal.account else { return Ok(None) };
        let said = match rule {
            Rule::OnTest => self.test_behind(account, at)?,
            Rule::SwingerLogged => self.trips_behind(account, signal, at)?,
            Rule::RunawayLogged => self.runaway_behind(account, at)?,
            Rule::StormGrouped => self.storm_behind(account, signal, at)?,
            _ => None,
        };
        Ok(said.map(|(en, zh)| Remark { about: About::Behind, en, zh }))
    }

    fn test_behind(&self, account: AccountNumber, at: Timestamp) -> Result<Option<(String, String)>, StoreError> {
        let tests = self.tests_of(account, TESTS)?;
        let went_on = |test: &&TestRow| test.started_at <= at && test.ended_at.is_none_or(|ended| ended >= at);
        Ok(tests.iter().find(went_on).map(|test| {
            let TestRow { test: number, started_at, until, reason, asked_by, by_name, .. } = test;
            let by = by_name.as_deref().unwrap_or("-");
            let (en, zh) = (reason.label(Lang::En), reason.label(Lang::Zh));
            let asked = asked_by.as_deref().unwrap_or("-");
            if let Some(agreed) = test.agreed {
                let second = test.second_name.as_deref().unwrap_or("-");
                return (
                    format!(
                        "Test {number} covered it, {started_at} to {until}: {en}; recurring test {agreed} of the card, proposed by \
                         {by}, approved by {second}."
                    ),
                    format!(
                        "测试 {number}({started_at} 至 {until})涵盖该信号:{zh};档案定期测试 {agreed},提出人 {by},确认人 {second}。"
                    ),
                );
            }
            (
                format!("Test {number} covered it, {started_at} to {until}: {en}; asked for by {asked}, put on test by {by}."),
                format!("测试 {number}({started_at} 至 {until})涵盖该信号:{zh};申请人 {asked},操作员 {by}。"),
            )
        }))
    }

    fn trips_behind(
        &self,
        account: AccountNumber,
        signal: &SignalRow,
        at: Timestamp,
    ) -> Result<Option<(String, String)>, StoreError> {
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<u32>().ok());
        let (own, received) = (spelling::bigint(signal.id.get()), signal.received_at.millis());
        let (group, zone) = (number(&signal.group), number(&signal.number));
        let oldest = at.millis().saturating_sub(HELD_MS);
        let mut changed = self.sql.prepare_cached(CHANGED_BEFORE)?;
        let changed =
            changed.query_row(params![account.as_str(), oldest, received, own, group], |row| spelling::natural(row, 0));
        let since = changed.optional()?.map(|id| self.signal(alarmcore::SignalId::new(id))).transpose()?.flatten();
        let since = since.map_or(oldest, |changed| changed.received_at.millis());
        let class = signal.class.map(|class| class.as_str());
        let of = params![account.as_str(), since, received, own, class, zone, group, spelling::limit(TRIPS)];
        let mut trips = self.sql.prepare_cached(TRIPS_BEFORE)?;
        let trips = trips.query_map(of, |row| {
            let (id, at) = (spelling::natural(row, 0)?, spelling::moment(row, 1)?);
            Ok((format!("signal {id} at {at}"), format!("信号 {id}({at})")))
        })?;
        let (en, zh): (Vec<_>, Vec<_>) = trips.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
        Ok((!en.is_empty()).then(|| {
            (
                format!("Its zone was set off before, since it was last opened or closed: {}.", en.join(", ")),
                format!("自上次布撤防以来,同一防区此前已触发:{}。", zh.join("、")),
            )
        }))
    }

    fn runaway_behind(&self, account: AccountNumber, at: Timestamp) -> Result<Option<(String, String)>, StoreError> {
        let mut statement = self.sql.prepare_cached(RAN_AWAY)?;
        let found = statement.query_row(params![account.as_str(), at.millis()], |row| {
            Ok((spelling::natural(row, 0)?, spelling::moment(row, 1)?))
        });
        Ok(found.optional()?.map(|(incident, since)| {
            (
                format!(
                    "Its panel runs away since {since}: incident #{incident} tells of it, and stands for what it sends."
                ),
                format!("其主机自 {since} 起频繁上报:警情 #{incident} 已告知,并代表其后的信号。"),
            )
        }))
    }

    fn storm_behind(
        &self,
        account: AccountNumber,
        signal: &SignalRow,
        at: Timestamp,
    ) -> Result<Option<(String, String)>, StoreError> {
        let Some(kind) = signal.class.map(Kind::of) else { return Ok(None) };
        let mut statement = self.sql.prepare_cached(GROUPED_BY)?;
        let found = statement.query_row(params![account.as_str(), kind.as_str(), at.millis()], |row| {
            let area = Area { of: spelling::word(row, 1, AreaOf::from_word)?, name: row.get::<_, String>(2)?.into() };
            Ok((StormId::new(spelling::natural(row, 0)?), area, spelling::moment(row, 3)?))
        });
        Ok(found.optional()?.map(|(storm, area, since)| {
            let (en, zh) = (area.label(Lang::En), area.label(Lang::Zh));
            let (kind_en, kind_zh) = (kind.label(Lang::En), kind.label(Lang::Zh));
            (
                format!(
                    "Storm {storm} over {en}, declared at {since}, has it in its ledger: account {account}, {kind_en}."
                ),
                format!("灾害模式 {storm}({zh},{since} 宣布)的善后清单中有此项:用户 {account},{kind_zh}。"),
            )
        }))
    }
}
