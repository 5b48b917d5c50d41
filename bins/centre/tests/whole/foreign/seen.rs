//! What a foreign panel sends, seen in a real browser.

use serde_json::json;

use super::panels::{AES_128, one_account, port, run};
use super::python::Script;
use crate::browser::driver::{Browser, found};
use crate::centre::PASSWORD;

#[test]
fn an_alarm_of_a_foreign_panel_appears_in_a_browser() {
    let Some(panel) = Script::find("panel", "my_dc09_spt") else { return };
    let (Some(chromium), Some(chromedriver)) = (found("chromium"), found("chromedriver")) else {
        return crate::skip("chromium or chromedriver");
    };
    let centre = one_account(AES_128);
    let browser = Browser::start(&chromedriver, &chromium, &format!("http://{}", centre.http));
    browser.go("/login");
    browser.fill("input[name=login]", "li");
    browser.fill("input[name=password]", PASSWORD);
    browser.press("form.login button");
    browser.wait(".live[data-state=on]");
    assert!(!browser.text_of("#queue-live").contains("1001"));
    let order = json!({
        "dialler": "my_dc09_spt", "port": port(&centre), "account": "1001", "key_hex": AES_128,
        "events": [["ADM-CID", {"code": 130, "q": 1, "area": 1, "zone": 5}]],
    });
    assert_eq!(run(&panel, order)["acknowledged"], json!([true]));
    browser.wait_until("a ticket of 1001", || browser.text_of("#queue-live").contains("1001"));
    browser.picture("foreign-panel");
}
