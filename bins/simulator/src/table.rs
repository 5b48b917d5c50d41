//! The figures of a load run as a table for people, and as JSON for scripts.

use comfy_table::{Table, presets};
use serde::Serialize;
use simulator::Transport;
use simulator::load::{Figures, Load, Noise};

/// A run, and what it was compared with.
#[derive(Debug, Serialize)]
pub(crate) struct Outcome {
    transport: Transport,
    connections: u32,
    accounts: u32,
    encrypted_share: f64,
    /// The bare echo of the same frames, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    echo: Option<Figures>,
    /// Acknowledged per second, as a share of the echo's.
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
    #[serde(flatten)]
    target: Figures,
}

impl Outcome {
    pub(crate) fn new(load: &Load, echo: Option<Figures>, target: Figures) -> Self {
        Self {
            transport: load.transport,
            connections: load.connections,
            accounts: load.accounts.count(),
            encrypted_share: if load.key.is_some() { load.encrypted_share } else { 0.0 },
            ratio: echo.map(|echo| target.acknowledged_per_s / echo.acknowledged_per_s.max(f64::EPSILON)),
            echo,
            target,
        }
    }

    pub(crate) fn table(&self) -> String {
        let rows = [("echo", self.echo.as_ref()), ("receiver", Some(&self.target))];
        let table = table(rows.into_iter().filter_map(|(name, figures)| Some((name, figures?))));
        let ratio = self.ratio.map(|ratio| format!("\nreceiver : echo = {ratio:.2}")).unwrap_or_default();
        let Self { connections, accounts, .. } = self;
        format!("{connections} connections, {accounts} accounts\n{table}{ratio}")
    }
}

/// What a noisy device does to the others.
pub(crate) fn of_noise(noise: &Noise) -> String {
    let Noise { alone, beside, device } = noise;
    let table = table([("others, alone", alone), ("others, beside it", beside), ("the noisy device", device)]);
    let ratio = beside.latency.p99_ms / alone.latency.p99_ms.max(f64::EPSILON);
    format!("{table}\np99 of the others, beside : alone = {ratio:.2}")
}

fn table<'a>(rows: impl IntoIterator<Item = (&'a str, &'a Figures)>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header([
        "",
        "acknowledged",
        "per second",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "max ms",
        "lost",
        "duplicated",
        "refused",
        "broken",
    ]);
    for (name, figures) in rows {
        table.add_row(row(name, figures));
    }
    table
}

fn row(name: &str, figures: &Figures) -> Vec<String> {
    let milliseconds = |time: f64| format!("{time:.2}");
    vec![
        name.to_owned(),
        figures.acknowledged.to_string(),
        format!("{:.0}", figures.acknowledged_per_s),
        milliseconds(figures.latency.p50_ms),
        milliseconds(figures.latency.p99_ms),
        milliseconds(figures.latency.p999_ms),
        milliseconds(figures.latency.max_ms),
        figures.lost.to_string(),
        figures.duplicated.to_string(),
        figures.refused.to_string(),
        figures.broken.to_string(),
    ]
}
