//! The load generator against the real receiver: both count the same.

use std::collections::HashSet;
use std::io::Read;
use std::time::Duration;

use contactid::Key;
use simulator::Transport;
use simulator::accounts::Accounts;
use simulator::load::{Content, Load};

use crate::binary::Process;
use crate::world::{KEY, Spool};

#[test]
fn what_the_generator_says_was_acknowledged_is_stored_once() {
    for (transport, content, connections) in
        [(Transport::Tcp, Content::Cid, 8), (Transport::Tcp, Content::Sia, 50), (Transport::Udp, Content::Cid, 4)]
    {
        let dir = tempfile::tempdir().unwrap();
        let accounts = Accounts::new(9990, 20);
        let file = dir.path().join("accounts.csv");
        accounts.write_csv(&mut std::fs::File::create(&file).unwrap(), KEY, 0).unwrap();
        let spool = dir.path().join("spool");
        let mut receiver = Process::start(&spool, &["--accounts", file.to_str().unwrap()]);
        let mut lines = receiver.out.take().unwrap();
        let printed = std::thread::spawn(move || {
            let mut text = String::new();
            lines.read_to_string(&mut text).unwrap();
            text.lines().count() as u64
        });
        let load = Load {
            dc09: receiver.dc09,
            transport,
            accounts,
            connections,
            duration: Duration::from_millis(700),
            rate: None,
            key: Some(Key::from_hex(KEY).unwrap()),
            encrypted_share: 0.5,
            content,
        };
        let figures = tokio::runtime::Runtime::new().unwrap().block_on(load.run());
        receiver.end_with_success();
        let spool = Spool::read(&spool);
        assert_eq!([figures.lost, figures.duplicated, figures.refused, figures.broken], [0; 4]);
        assert_eq!(figures.acknowledged, figures.sent);
        assert_eq!(figures.acknowledged, spool.signals.len() as u64);
        assert_eq!(figures.acknowledged, printed.join().unwrap());
        assert!(figures.acknowledged > 0);
        let reports = spool.signals.iter().map(|signal| &signal.received.report);
        let distinct: HashSet<_> = reports.clone().map(|report| (report.account, report.sequence)).collect();
        assert_eq!(distinct.len(), spool.signals.len());
        let encrypted = reports.filter(|report| report.marks.contains(alarmcore::Marks::ENCRYPTED));
        let encrypting: HashSet<_> = encrypted.map(|report| report.account).collect();
        assert!(encrypting.len() <= 10, "half of the accounts encrypt");
    }
}
