//! The demo's panels: thirty of them on real connections, with openings, closings and tests, and now and then an alarm.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use contactid::{AccountNumber, Key};
use simulator::panel::dice::Dice;
use simulator::panel::event::Event;
use simulator::panel::{Panel, Setup};
use tokio::time::{Instant, interval};

use super::town::{self, AccountRow, Kind};

/// What the newcomer sees first: seconds since the start, account, event.
const OVERTURE: &[(u64, &str, &str)] = &[
    (2, "1002", "401 1 1"),
    (4, "1012", "130 1 3"),
    (6, "1023", "130 1 2"),
    (7, "1004", "401 1 2"),
    (9, "1016", "122 1 1"),
    (14, "1012", "R130 1 3"),
    (18, "1017", "301 1 0"),
    (24, "7788", "130 1 1"),
    (30, "1006", "R401 1 1"),
    (38, "1013", "110 1 5"),
    (55, "1013", "R110 1 5"),
    (70, "1028", "BA 1 3 Garage"),
    (95, "1017", "R301 1 0"),
];
/// This line falls silent for a while: supervision notices.
const SILENT: (&str, std::ops::Range<u64>) = ("102A", 180..780);
/// An alarm every few minutes while somebody may be watching, and few of them afterwards.
const ALARM_EVERY_S: u32 = 200;
const ALARM_EVERY_LATER_S: u32 = 1200;
const LATER_S: u64 = 1800;
/// Openings, closings and tests.
const ROUTINE_EVERY_S: u32 = 9;

/// Lets the panels report to `dc09` until the task is dropped.
pub(crate) async fn play(dc09: SocketAddr) {
    match town::read() {
        Ok(town) => Street::new(dc09, town.account).live().await,
        Err(error) => tracing::error!("the demo's panels cannot start: {error:#}"),
    }
}

struct Street {
    dc09: SocketAddr,
    rows: Vec<AccountRow>,
    panels: HashMap<String, Panel>,
    open: HashMap<AccountNumber, bool>,
    dice: Dice,
}

impl Street {
    fn new(dc09: SocketAddr, rows: Vec<AccountRow>) -> Self {
        // Every start brings another day.
        let seed =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(1, |since| since.as_secs());
        Self { dc09, rows, panels: HashMap::new(), open: HashMap::new(), dice: Dice::new(seed) }
    }

    async fn live(mut self) {
        let began = Instant::now();
        let mut seconds = interval(Duration::from_secs(1));
        let mut overture = OVERTURE.iter().peekable();
        let mut alarm_at = 150;
        let mut routine_at = 5;
        loop {
            seconds.tick().await;
            let at = began.elapsed().as_secs();
            while let Some((_, account, typed)) = overture.next_if(|(due, ..)| *due <= at) {
                self.report(account, typed).await;
            }
            self.heartbeats(at).await;
            if at >= routine_at {
                routine_at = at + u64::from(self.dice.between(1, 2 * ROUTINE_EVERY_S));
                self.routine().await;
            }
            if at >= alarm_at {
                let every = if at < LATER_S { ALARM_EVERY_S } else { ALARM_EVERY_LATER_S };
                alarm_at = at + u64::from(self.dice.between(every / 2, every * 3 / 2));
                self.trouble().await;
            }
        }
    }

    async fn heartbeats(&mut self, at: u64) {
        let (silent, while_silent) = SILENT;
        let due: Vec<String> = self
            .rows
            .iter()
            .filter(|row| row.heartbeat_s.is_some_and(|every| at.is_multiple_of(u64::from(every.max(1)))))
            .map(|row| row.account.to_string())
            .filter(|account| !(account == silent && while_silent.contains(&at)))
            .collect();
        for account in due {
            if let Some(panel) = self.panel(&account)
                && let Err(error) = panel.heartbeat().await
            {
                tracing::debug!(%account, "demo heartbeat: {error}");
            }
        }
    }

    /// Somebody opens or closes, or a panel tests its line.
    async fn routine(&mut self) {
        let row = self.any();
        let (account, kind) = (row.account, row.kind);
        let typed = if kind == Kind::Unmanned || self.dice.one_in(4) {
            "602".to_owned()
        } else {
            let user = self.dice.between(1, 3);
            let open = self.open.entry(account).or_insert(false);
            *open = !*open;
            format!("{}401 1 {user}", if *open { "" } else { "R" })
        };
        self.report(account.as_str(), &typed).await;
    }

    /// Something goes wrong somewhere, as zones and kinds of places let it.
    async fn trouble(&mut self) {
        let row = self.any();
        let account = row.account;
        let zone = &row.zones[self.dice.between(0, row.zones.len() as u32) as usize];
        let code = match () {
            () if zone.name.contains("紧急按钮") => 122,
            () if zone.name.contains("烟感") => 110,
            () if zone.name.contains("燃气") => 151,
            () if self.dice.one_in(5) => 301,
            () if self.dice.one_in(8) => 302,
            () => 130,
        };
        let number = if matches!(code, 301 | 302) { 0 } else { zone.number };
        self.report(account.as_str(), &format!("{code} 1 {number}")).await;
        if code != 122 && self.dice.one_in(2) {
            self.report(account.as_str(), &format!("R{code} 1 {number}")).await;
        }
    }

    fn any(&mut self) -> AccountRow {
        let lively: Vec<&AccountRow> = self.rows.iter().filter(|row| !row.quiet).collect();
        lively[self.dice.between(0, lively.len() as u32) as usize].clone()
    }

    async fn report(&mut self, account: &str, typed: &str) {
        let Ok(event) = typed.parse::<Event>() else { return };
        let Some(panel) = self.panel(account) else { return };
        match panel.send(&event).await {
            Ok(delivery) => tracing::debug!(%account, typed, "demo: {delivery}"),
            Err(error) => tracing::warn!(%account, typed, "demo: {error}"),
        }
    }

    fn panel(&mut self, account: &str) -> Option<&mut Panel> {
        if !self.panels.contains_key(account) {
            let row = self.rows.iter().find(|row| row.account.as_str() == account);
            let key = match row.and_then(|row| row.key_hex.as_deref()).map(Key::from_hex) {
                Some(key) => Some(key.ok()?),
                None => None,
            };
            let setup = Setup { key, ..Setup::new(self.dc09, account) };
            self.panels.insert(account.to_owned(), Panel::new(setup));
        }
        self.panels.get_mut(account)
    }
}
