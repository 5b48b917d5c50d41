//! Who is signed in stays so over a crash: no screen becomes a log-in page in the night.

use std::path::Path;

use serde_json::json;

use crate::centre::{Centre, command, furnish, hire, until};
use crate::web::Web;

/// How many sessions are written down.
fn kept(folder: &Path) -> u32 {
    let sql = rusqlite::Connection::open(folder.join("centre.db")).unwrap();
    sql.query_row("SELECT count(*) FROM session", [], |row| row.get(0)).unwrap()
}

fn token(web: &Web) -> String {
    web.cookie.as_ref().unwrap().split_once('=').unwrap().1.to_owned()
}

/// The same browser before the centre that was started again.
fn before(centre: &Centre, web: &Web) -> Web {
    let mut after = centre.web();
    after.cookie.clone_from(&web.cookie);
    after.csrf.clone_from(&web.csrf);
    after
}

#[test]
fn who_is_signed_in_stays_so_over_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    hire(folder.path(), "wang", "supervisor");
    let centre = Centre::on(folder.path());
    let [mut li, mut zhang, chen, wang] = ["li", "zhang", "chen", "wang"].map(|login| centre.operator(login));
    until("all are written down", || (kept(folder.path()) == 4).then_some(()));
    assert_eq!(zhang.post("/api/logout", &json!({})).status, 204);
    until("who leaves is not", || (kept(folder.path()) == 3).then_some(()));
    let incident = centre.burglary(&mut li, "1001", 3);
    centre.kill();

    // Neither the token of a cookie nor that of a form can be read from the files.
    for file in std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).filter(|file| file.is_file())
    {
        let bytes = std::fs::read(&file).unwrap();
        for secret in [token(&li), li.csrf.clone().unwrap()] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{}", file.display());
        }
    }
    let data = folder.path().to_str().unwrap();
    let struck = command(&["operator", "strike-off", "--data", data, "--login", "wang"]).output().unwrap();
    assert!(struck.status.success(), "{struck:?}");
    hire(folder.path(), "chen", "supervisor");

    let centre = Centre::on(folder.path());
    let mut same = before(&centre, &li);
    assert_eq!(same.get("/api/me").json()["login"], "li");
    same.does(incident, json!({ "act": "take" }));
    let mut foreign = before(&centre, &li);
    foreign.csrf = Some("0".repeat(64));
    assert_eq!(foreign.act(incident, json!({ "act": "release" })).status, 403, "a form of another site");
    for (who, web) in [("signed out", &zhang), ("has another password", &chen), ("struck off", &wang)] {
        assert_eq!(before(&centre, web).get("/api/me").status, 401, "{who}");
    }
    assert_eq!(same.post("/api/logout", &json!({})).status, 204);
    until("she leaves, too", || (kept(folder.path()) <= 2).then_some(()));
    centre.kill();
    let centre = Centre::on(folder.path());
    assert_eq!(before(&centre, &li).get("/api/me").status, 401);
}
