//! The tables: one way to make them, the settings that durability rests on, and types that PostgreSQL has too.

use opsmodel::store::{Centre, SignalLog};

fn tables(dir: &std::path::Path, file: &str) -> Vec<(String, String)> {
    let sql = rusqlite::Connection::open(dir.join(file)).unwrap();
    let mut statement = sql.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").unwrap();
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn opening_twice_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let open = || (SignalLog::open(dir.path()).unwrap(), Centre::open(dir.path()).unwrap());
    drop(open());
    let first = ["signals.db", "centre.db"].map(|file| tables(dir.path(), file));
    drop(open());
    assert_eq!(["signals.db", "centre.db"].map(|file| tables(dir.path(), file)), first);
    assert_eq!(
        first[0].iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["chain_head", "line_count", "signal"]
    );
}

#[test]
fn the_log_has_no_secondary_index_and_columns_are_bigint_text_or_blob() {
    let dir = tempfile::tempdir().unwrap();
    drop((SignalLog::open(dir.path()).unwrap(), Centre::open(dir.path()).unwrap()));
    let log = rusqlite::Connection::open(dir.path().join("signals.db")).unwrap();
    let indexes: i64 = log.query_row("SELECT count(*) FROM pragma_index_list('signal')", [], |row| row.get(0)).unwrap();
    assert_eq!(indexes, 0);
    for file in ["signals.db", "centre.db"] {
        let sql = rusqlite::Connection::open(dir.path().join(file)).unwrap();
        let mut statement = sql
            .prepare(
                "SELECT t.name || '.' || c.name || ' ' || c.type FROM pragma_table_list t, pragma_table_info(t.name) c
                 WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%' AND lower(c.type) NOT IN ('bigint', 'text', 'blob')
                   AND NOT (c.type = 'INTEGER' AND c.pk = 1)",
            )
            .unwrap();
        let odd: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(odd, Vec::<String>::new());
    }
}

#[test]
fn sqlite_is_built_as_the_store_needs_it() {
    let sql = rusqlite::Connection::open_in_memory().unwrap();
    let mut statement = sql.prepare("PRAGMA compile_options").unwrap();
    let options: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    // See .cargo/config.toml for what each of them costs.
    for option in ["ENABLE_MEMORY_MANAGEMENT", "ENABLE_STAT4"] {
        assert!(!options.iter().any(|found| found.starts_with(option)), "{option} is on");
    }
}

#[test]
fn files_are_in_wal_mode() {
    let dir = tempfile::tempdir().unwrap();
    let open = (SignalLog::open(dir.path()).unwrap(), Centre::open(dir.path()).unwrap());
    for file in ["signals.db", "centre.db"] {
        let sql = rusqlite::Connection::open(dir.path().join(file)).unwrap();
        let mode: String = sql.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal", "{file}");
    }
    drop(open);
}
