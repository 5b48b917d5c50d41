//! Why a signal was shown or was not: the call and the page say the same, from the same answer.

use serde_json::json;

use crate::centre::Centre;

#[test]
fn a_signal_that_was_not_shown_says_why_and_what_would_have_shown_it() {
    let centre = Centre::with("1001,Shop,Main Street 1,,,,\n");
    let mut li = centre.operator("li");
    centre.reports("1001", "1401 01 002");
    centre.signals(1);
    let why = li.get("/api/signals/1/why").json();
    assert_eq!(
        (&why["shown"], &why["steps"][0]["rule"], &why["steps"][0]["policy"], &why["evidence"]),
        (&json!(false), &json!("class.logged"), &json!(1), &json!([]))
    );
    let remarks = why["remarks"].as_array().unwrap();
    assert_eq!(
        remarks.iter().map(|remark| &remark["about"]).collect::<Vec<_>>(),
        ["card", "state", "otherwise", "key"]
    );
    let otherwise = json!({
        "about": "otherwise",
        "en": "It is shown when the policy says \"show\" for its class or its code.",
        "zh": "策略对其类别或代码设为“show”(显示)时,即会显示。",
    });
    assert_eq!(remarks[2], otherwise);
    let by = json!({ "about": "key", "en": "classes.open-close: default.", "zh": "classes.open-close:默认值。" });
    assert_eq!(remarks[3], by);
    let page = li.request("GET", "/signals/1", &[("Accept-Language", "zh-CN")], "");
    assert_eq!(page.status, 200);
    for remark in remarks {
        let said = remark["zh"].as_str().unwrap();
        assert!(page.body.contains(said), "{said}: {}", page.body);
    }
    assert!(page.body.contains("class.logged"), "{}", page.body);
    assert_eq!(li.get("/api/signals/99/why").problem(), (404, "not-found".into()));
}
