//! Who gets in: sign-in and its throttle, sessions, other sites, roles.

use serde_json::json;

use crate::centre::{Centre, PASSWORD, furnish};

#[test]
fn only_who_is_signed_in_sees_anything() {
    let centre = Centre::start();
    let mut stranger = centre.web();
    for path in ["/api/queue", "/api/me", "/api/accounts", "/api/signals", "/api/live", "/api/reports/counts"] {
        assert_eq!(stranger.get(path).problem(), (401, "sign-in".into()), "{path}");
    }
    let page = stranger.get("/incidents/1");
    assert_eq!((page.status, page.header("location")), (303, Some("/login?next=/incidents/1")));
    let act = stranger.act(1, json!({ "act": "take" }));
    assert_eq!(act.problem(), (401, "sign-in".into()));

    let mut li = centre.operator("li");
    assert_eq!(li.get("/api/me").json()["login"], "li");
    let kept = li.cookie.clone();
    assert_eq!(li.post("/api/logout", &json!({})).status, 204);
    li.cookie = kept;
    assert_eq!(li.get("/api/me").problem(), (401, "sign-in".into()), "a cookie that was signed out is worth nothing");
}

#[test]
fn the_cookie_and_the_answers_are_kept_from_other_sites() {
    let centre = Centre::start();
    let answer = centre.web().post("/api/login", &json!({ "login": "li", "password": PASSWORD }));
    let cookie = answer.header("set-cookie").unwrap();
    let (token, attributes) = cookie.split_once(';').unwrap();
    assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Strict");
    assert_eq!(token.len(), "centre_session=".len() + 64);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-frame-options"), Some("DENY"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn wrong_passwords_have_to_wait() {
    let centre = Centre::start();
    let mut web = centre.web();
    let mut attempt = |login: &str, password: &str| {
        web.post("/api/login", &json!({ "login": login, "password": password })).problem()
    };
    for _ in 0..5 {
        assert_eq!(attempt("li", "guess"), (401, "wrong-password".into()));
    }
    assert_eq!(attempt("li", "guess"), (429, "too-many-attempts".into()));
    assert_eq!(attempt("LI", PASSWORD), (429, "too-many-attempts".into()), "even the right password waits its turn");
    assert_eq!(attempt("nobody", "guess"), (401, "wrong-password".into()), "an unknown log-in is answered alike");
    assert_eq!(centre.operator("zhang").get("/api/me").status, 200, "others are not kept out by it");
}

/// Behind a proxy it is the last address that the proxy names whose wrong passwords are counted: who guesses keeps nobody else out, and
/// whatever they write in front of it is theirs. Without the option no such word is believed.
#[test]
fn behind_a_proxy_each_address_waits_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n");
    let attempt = |centre: &Centre, from: &str, login: &str, password: &str| {
        let body = json!({ "login": login, "password": password }).to_string();
        let headers = [("content-type", "application/json"), ("x-forwarded-for", from)];
        centre.web().request("POST", "/api/login", &headers, &body).status
    };
    let guess = |centre: &Centre| {
        (0..30)
            .map(|n| attempt(centre, "192.0.2.1, 203.0.113.9", &format!("nobody{n}"), "guess"))
            .find(|status| *status == 429)
    };
    let centre = Centre::run(folder.path(), &["--behind-https"]);
    assert_eq!(guess(&centre), Some(429));
    assert_eq!(attempt(&centre, "192.0.2.1, 203.0.113.9", "li", PASSWORD), 429);
    assert_eq!(attempt(&centre, "203.0.113.9, 192.0.2.1", "li", PASSWORD), 200);
    drop(centre);
    let centre = Centre::on(folder.path());
    assert_eq!(guess(&centre), Some(429));
    assert_eq!(attempt(&centre, "192.0.2.1", "li", PASSWORD), 429, "whoever is not behind a proxy is who connects");
}

#[test]
fn another_site_cannot_act_for_an_operator() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let incident = centre.burglary(&mut li, "1001", 3);
    let path = format!("/api/incidents/{incident}/acts");
    let take = json!({ "act": "take" }).to_string();
    let json = ("content-type", "application/json");
    let token = li.csrf.take().unwrap();

    let forged = |status: u16| (status, "cross-site".to_owned());
    assert_eq!(li.request("POST", &path, &[json], &take).problem(), forged(403), "no token");
    assert_eq!(
        li.request("POST", &path, &[json, ("x-csrf-token", "0".repeat(64).as_str())], &take).problem(),
        forged(403)
    );
    let named = ("x-csrf-token", token.as_str());
    assert_eq!(
        li.request("POST", &path, &[json, named, ("origin", "http://evil.example")], &take).problem(),
        forged(403)
    );
    assert_eq!(
        li.request("POST", &path, &[json, named, ("sec-fetch-site", "cross-site")], &take).problem(),
        forged(403)
    );
    let text = ("content-type", "text/plain");
    assert_eq!(li.request("POST", &path, &[text, named], &take).problem(), (415, "media-type".into()));
    assert_eq!(li.get("/api/queue").json()["rows"][0]["stage"], "new", "none of it has done anything");

    let origin = format!("http://{}", centre.http);
    let own = li.request("POST", &path, &[json, named, ("origin", &origin), ("sec-fetch-site", "same-origin")], &take);
    assert_eq!(own.status, 200, "{}", own.body);
}

#[test]
fn a_supervisor_takes_over_and_an_operator_does_not() {
    let centre = Centre::start();
    let (mut li, mut zhang, mut chen) = (centre.operator("li"), centre.operator("zhang"), centre.operator("chen"));
    let incident = centre.burglary(&mut li, "1001", 3);
    li.does(incident, json!({ "act": "take" }));
    assert_eq!(zhang.act(incident, json!({ "act": "take" })).problem(), (409, "already-taken".into()));
    assert_eq!(zhang.act(incident, json!({ "act": "take-over" })).problem(), (403, "supervisors-only".into()));
    chen.does(incident, json!({ "act": "take-over" }));
    assert_eq!(li.act(incident, json!({ "act": "release" })).problem(), (409, "not-yours".into()));
    let row = chen.get("/api/queue").json()["rows"][0].take();
    assert_eq!(row["owner_name"], "chen");
}
