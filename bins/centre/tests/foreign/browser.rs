//! What a foreign panel sends, seen in a real browser.

use serde_json::json;

use crate::centre::Centre;
use crate::driver::{Browser, found};
use crate::panels::{AES_128, run};
use crate::python::Script;

#[test]
fn an_alarm_of_a_foreign_panel_appears_in_a_browser() {
    let Some(panel) = Script::find("panel", "my_dc09_spt") else { return };
    let (Some(chromium), Some(chromedriver)) = (found("chromium"), found("chromedriver")) else {
        return crate::skip("chromium or chromedriver");
    };
    let centre = Centre::start(&[("1001", Some(AES_128))]);
    centre.admit("li", "correct horse");
    let browser = Browser::start(&chromedriver, &chromium, &centre.console);
    browser.go("/login");
    browser.fill("input[name=login]", "li");
    browser.fill("input[name=password]", "correct horse");
    browser.press("form.login button");
    browser.wait(".live[data-state=on]");
    assert!(!browser.text_of("#queue-live").contains("1001"));
    let order = json!({
        "dialler": "my_dc09_spt", "port": centre.dc09_port, "account": "1001", "key_hex": AES_128,
        "events": [["ADM-CID", {"code": 130, "q": 1, "area": 1, "zone": 5}]],
    });
    assert_eq!(run(&panel, order)["acknowledged"], json!([true]));
    browser.wait_until("a ticket of 1001", || browser.text_of("#queue-live").contains("1001"));
    browser.picture("foreign-panel");
}
