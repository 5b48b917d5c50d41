//! Review of card changes (H2) over the API and on the page: pending until somebody else has looked, seen by whoever handles an
//! alarm, put back by the system when it is rejected; and what the desk decides in the meantime.

use opsmodel::store::verify;
use serde_json::{Value, json};

use crate::centre::{Centre, furnish, until};

#[test]
fn a_change_is_pending_until_somebody_else_has_reviewed_it() {
    let folder = tempfile::tempdir().unwrap();
    furnish(folder.path(), "1001,Shop,Main Street 1,,,,\n1002,Bank,Main Street 2,,,,\n");
    let policy = folder.path().join("policy.toml");
    std::fs::write(&policy, "[[override]]\nsite = 'mall'\nowner = 'Li'\nuntil = '2099-12-31'\nclasses = { burglary = { action = 'log' } }\n").unwrap();
    let centre = Centre::run(folder.path(), &["--policy", policy.to_str().unwrap()]);
    let (mut li, mut chen) = (centre.operator("li"), centre.operator("chen"));
    let (card, review) = ("/api/accounts/1001/card", "/api/accounts/1001/review");
    assert_eq!(li.post(card, &json!({ "version": 1, "site": "mall" })).problem(), (422, "invalid".into()));
    let stale = json!({ "version": 9, "site": "mall", "reason": "moved" });
    assert_eq!(li.post(card, &stale).problem(), (409, "card-changed".into()));
    let wrong = json!({ "version": 1, "zones": "door", "reason": "as built" });
    assert_eq!(li.post(card, &wrong).problem(), (422, "invalid".into()));
    let edit = json!({ "version": 1, "site": "mall", "zones": "3 back door; 4 vault", "reason": "as built" });
    let edited = li.post(card, &edit);
    assert_eq!((edited.status, edited.json()), (200, json!({ "version": 2, "pending": true })), "{}", edited.body);

    // It acts at once: the desk works by the site's rules; and everybody sees that nobody has reviewed it.
    centre.reports("1001", "1130 01 003");
    let row = centre.signals(1).remove(0);
    assert_eq!(row.rule.as_deref(), Some("class.logged"));
    let lowered = li.get("/api/lowered").json();
    assert_eq!((lowered[0]["kind"].clone(), lowered[0]["by_name"].clone()), (json!("unreviewed"), json!("li")));
    assert_eq!((lowered[0]["owner_rank"].clone(), lowered[0]["owner"].clone()), (json!("supervisor"), Value::Null));
    assert!(lowered[0]["deadline"].as_str() > lowered[0]["since"].as_str(), "{lowered}");
    let counted = chen.get("/live/lowered").body;
    // The override of the policy that logs only is a row, too.
    assert!(counted.contains(">2</b>") && !counted.contains("hot"), "the navigation counts it: {counted}");
    let sheet = chen.get("/api/accounts/1001").json()["sheet"].take();
    assert_eq!(
        sheet["pending"]["fields"],
        json!([
            { "field": "site", "old": "", "new": "mall" },
            { "field": "zones", "old": "", "new": "3 back door; 4 vault" },
        ])
    );
    for page in ["/accounts/1001", "/lowered"] {
        let page = chen.get(page).body;
        assert!(page.contains("Change not reviewed") || page.contains("档案修改待复核"), "{page}");
    }

    // Not by whoever made it; rejected by another, it is as it was, and the desk works by that.
    let verdict = |version: u32, verdict: &str| json!({ "version": version, "verdict": verdict, "note": "wrong shop" });
    assert_eq!(li.post(review, &verdict(2, "approve")).problem(), (409, "card-refused".into()));
    assert_eq!(chen.post(review, &verdict(1, "approve")).problem(), (409, "card-changed".into()));
    let rejected = chen.post(review, &verdict(2, "reject"));
    assert_eq!((rejected.status, rejected.json()), (200, json!({ "version": 3, "pending": false })));
    let page = chen.get("/api/accounts/1001").json();
    assert_eq!((page["sheet"]["site"].clone(), page["sheet"]["zones"].clone()), (json!(""), json!([])));
    let last = &page["history"][0];
    assert_eq!(last["reason"], "review: rejected, back to version 1: wrong shop");
    assert_eq!(last["by_name"], "chen");
    centre.reports("1001", "1130 01 005");
    let queue = centre.queue(&mut li, 1);
    assert_eq!(queue[0]["kind"], "burglary");

    // The command line changes too, and that is reviewed by anybody.
    let set = crate::centre::command(&["account", "set", "1002", "--site", "mall", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(set.status.code(), Some(0), "{}", String::from_utf8_lossy(&set.stderr));
    let pending = |li: &mut crate::web::Web| li.get("/api/accounts/1002").json()["sheet"]["pending"].take();
    until("the change is seen", || (pending(&mut li) != Value::Null).then_some(()));
    let approved = li.post("/api/accounts/1002/review", &verdict(2, "approve"));
    assert_eq!((approved.status, approved.json()), (200, json!({ "version": 3, "pending": false })));
    let left = li.get("/api/lowered").json();
    let kinds: Vec<_> = left.as_array().unwrap().iter().map(|row| row["kind"].clone()).collect();
    assert_eq!(kinds, ["overridden"]);
    assert_eq!(centre.terminate().code(), Some(0));
    verify(folder.path()).unwrap();
}

/// What is refused is refused in Chinese as in English, with what is wrong where; and a card that was looked at before it was there is one
/// that was changed since, not one that may be stored later.
#[test]
fn what_a_card_refuses_is_told_in_both_languages() {
    let centre = Centre::start();
    let mut li = centre.operator("li");
    let told = |answer: crate::web::Answer| {
        let said =
            ["code", "title", "title_zh"].map(|name| answer.json()[name].as_str().unwrap_or_default().to_owned());
        (answer.status, said)
    };
    let mut edit = |version: u32, more: Value| {
        let mut ask = json!({ "version": version, "reason": "as built" });
        ask.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        told(li.post("/api/accounts/1001/card", &ask))
    };
    let said = |status: u16, code: &str, en: &str, zh: &str| (status, [code, en, zh].map(str::to_owned));
    let invalid = |en: &str, zh: &str| said(422, "invalid", en, &format!("请求无效：{zh}"));
    for (more, is) in [
        (
            json!({ "schedule": "zone Asia/Shanghai; Mon 8-9" }),
            invalid(
                "schedule: character 25: expected hours such as 08:30-18:00, found \"8-9\"",
                "布撤防时间表：第 25 个字符：应为时段，如 08:30-18:00，现为 \"8-9\"",
            ),
        ),
        (
            json!({ "contacts": "1 Wang" }),
            invalid(
                "contacts: contact line 1: no telephone number; write it as `phone 13900000001, 13900000002`",
                "联系人：联系人第 1 行：没有电话号码，请写作 `phone 13900000001, 13900000002`",
            ),
        ),
        (
            json!({ "codewords": "1 codeword a" }),
            invalid(
                "codeword line 1: a word has 2 letters or digits at least; nothing else counts",
                "口令第 1 行：口令至少应有 2 个字母、汉字或数字，其他字符不计",
            ),
        ),
        (
            json!({ "sources": "here" }),
            invalid(
                "sources: expected an address such as 192.0.2.7, a network such as 192.0.2.0/24 or a telephone number, found \"here\"",
                "允许的来源：应为地址（如 192.0.2.7）、网段（如 192.0.2.0/24）或电话号码，现为 \"here\"",
            ),
        ),
        (
            json!({ "position": "here" }),
            invalid(
                "position: \"here\" is no position: write latitude and longitude in degrees, as in 31.2304,121.4737",
                "经纬度：\"here\" 不是经纬度：请以度为单位写纬度和经度，如 31.2304,121.4737",
            ),
        ),
        (
            json!({ "users": "3" }),
            invalid(
                "users: user line 1: expected a number from 1 and a name such as `3 Wang Fang`, found \"3\"",
                "主机用户：主机用户第 1 行：应为从 1 起的编号和姓名，如 `3 王芳`，现为 \"3\"",
            ),
        ),
        (
            json!({ "rotate": 5 }),
            invalid("rotate: found integer `5`, expected a boolean", "rotate: 此处不能是整数 `5`（应为 a boolean）"),
        ),
        (json!({ "zones": "3 a; 3 b" }), said(409, "card-refused", "zone 3 is listed twice", "防区 3 重复")),
    ] {
        assert_eq!(edit(1, more.clone()), is, "{more}");
    }
    let changed = "account 1001 is at version 1, version 0 was to follow";
    let changed = said(409, "card-changed", changed, "档案已被他人修改,请重新查看后再操作");
    assert_eq!(edit(0, json!({ "address": "Main Street 7" })), changed);
    assert_eq!(edit(1, json!({ "address": "Main Street 7" })).0, 200);
    let own = told(li.post("/api/accounts/1001/review", &json!({ "version": 2, "verdict": "approve" })));
    let whoever = "whoever changed it cannot review it: another person must";
    assert_eq!(own, said(409, "card-refused", whoever, "修改者本人不能复核，须由另一人复核"));
}
