//! The console in a real browser: an alarm appears without a reload, and one incident goes through each branch by the pages.
//!
//! Needs `chromium` and `chromedriver` (Debian: `chromium`, `chromium-driver`). Without them the test says so and does nothing;
//! with `CENTRE_REQUIRE_FOREIGN=1` it fails then. Screenshots go to `target/artefacts`.

pub(crate) mod driver;

use self::driver::{Browser, found};
use crate::centre::Centre;

const PASSWORD: &str = "linjiang-110";

#[test]
fn an_operator_handles_alarms_in_a_browser() {
    let (Some(chromium), Some(chromedriver)) = (found("chromium"), found("chromedriver")) else {
        return crate::skip("chromium or chromedriver");
    };
    let data = tempfile::tempdir().unwrap();
    let centre = Centre::run(data.path(), &["--demo"]);
    let browser = Browser::start(&chromedriver, &chromium, &format!("http://{}", centre.http));
    signs_in(&browser);
    appears_without_a_reload(&browser, &centre);
    branch_one(&browser, &centre);
    branch_two(&browser, &centre);
    branch_three(&browser, &centre);
    what_is_typed_stays_where_it_is_refused(&browser, &centre);
    hands_over(&browser);
    speaks_both_languages_in_both_themes(&browser);
    says_in_its_title_that_nothing_is_heard(&browser, &centre);
    sounds_where_it_can(&browser);
    is_led_back_to_the_log_in(&browser, &centre);
    assert_eq!(browser.complaints(), Vec::<String>::new());
    says_that_nothing_is_heard_of_the_centre(&browser, centre);
}

/// Where no window of the browser may sound and something calls, the title says so by turns with the page's own and with how many call.
/// From the first touch on it is the page's own, whatever comes in.
fn says_in_its_title_that_nothing_is_heard(browser: &Browser, centre: &Centre) {
    browser.go("/");
    browser.wait(".live[data-state=on]");
    let calling = || {
        let title = browser.title();
        let count = title.strip_prefix('(').and_then(|rest| rest.split_once(") "));
        count.map(|(count, rest)| (count.parse::<u64>().unwrap(), rest.to_owned()))
    };
    let (own, unheard) = ("接警队列 · 联网报警中心", "无声！请点击此页");
    let says = |what: &str| calling().is_some_and(|(_, said)| said == what);
    for _ in 0..2 {
        browser.wait_until("a title that says that nothing is heard", || says(unheard));
        browser.wait_until("the title of the page", || says(own));
    }
    let before = calling().unwrap().0;
    centre.reports("1006", "1130 01 001");
    // The town goes on meanwhile: it may be more than one.
    browser.wait_until("one more that calls unheard", || {
        calling().is_some_and(|(count, said)| count > before && said == unheard)
    });
    browser.picture("unheard");

    browser.keys("x");
    browser.wait_until("the title of the page", || says(own));
    browser.script(
        "window.titles = [];
         new MutationObserver(() => titles.push(document.title)).observe(document.querySelector('title'), { childList: true })",
    );
    let before = calling().unwrap().0;
    centre.reports("1008", "1130 01 001");
    browser.wait_until("one more that calls", || calling().is_some_and(|(count, _)| count > before));
    let shown = browser.script("return titles");
    let shown: Vec<_> = shown.as_array().unwrap().iter().map(|title| title.as_str().unwrap()).collect();
    assert!(!shown.is_empty() && shown.iter().all(|title| title.ends_with(&format!(") {own}"))), "{shown:?}");
}

/// The one window that sounds is one that can: whoever mutes it gives the place back. And a key that is held down does its act once.
fn sounds_where_it_can(browser: &Browser) {
    browser.go("/");
    browser.wait(".live[data-state=on]");
    // The first touch: before it the browser lets no page sound that was opened by nobody.
    browser.keys("x");
    let held = "return navigator.locks.query().then((locks) => locks.held.length)";
    for sounding in [1, 0, 1] {
        browser.wait_until("the place of the one that sounds", || browser.script(held) == sounding);
        assert_eq!(browser.script("return document.querySelector('#mute').hidden"), true);
        browser.keys("m");
    }
    browser.wait_until("muted", || browser.script(held) == 0);
    browser.keys("m");
    let press = |repeat: bool| {
        browser.script(&format!(
            "document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: '?', repeat: {repeat}, bubbles: true }}));
             return document.querySelector('#keys').open"
        ))
    };
    assert_eq!((press(true), press(false)), (false.into(), true.into()));
    browser.press("#keys [data-close]");
}

/// When the connection to the centre is lost, the page says so, wherever somebody looks.
fn says_that_nothing_is_heard_of_the_centre(browser: &Browser, centre: Centre) {
    browser.fill("input[name=login]", "limin");
    browser.fill("input[name=password]", PASSWORD);
    browser.press("form.login button");
    browser.wait(".live[data-state=on]");
    assert_eq!(browser.script("return document.querySelector('#lost').hidden"), true);
    centre.kill();
    browser.wait_until("the bar", || browser.script("return document.querySelector('#lost').hidden") == false);
    browser.picture("connection-lost");
}

fn signs_in(browser: &Browser) {
    browser.go("/signals");
    assert_eq!(browser.path(), "/login?next=/signals", "a page without a session leads to the log-in");
    browser.fill("input[name=login]", "limin");
    browser.fill("input[name=password]", "wrong password");
    browser.press("form.login button");
    browser.wait("p.notice.bad");
    browser.fill("input[name=password]", PASSWORD);
    browser.press("form.login button");
    browser.wait("#log-live");
    assert_eq!(browser.path(), "/signals", "the log-in leads back");
}

fn appears_without_a_reload(browser: &Browser, centre: &Centre) {
    browser.go("/");
    browser.wait(".live[data-state=on]");
    browser.script("window.same = true");
    let before = browser.count(".ticket");
    centre.reports("1002", "1130 01 002");
    browser.wait_until("a ticket of 1002", || browser.text_of("#queue-live").contains("1002"));
    assert!(browser.count(".ticket") > before);
    assert_eq!(browser.script("return window.same"), true, "the page was not loaded again");
    browser.wait_until("a count of what waits in the title", || browser.title().starts_with('('));
    browser.wait_until("the ticker", || browser.text_of("#ticks").contains("1002"));
    browser.picture("queue");
    browser.keys("j");
    browser.wait(".ticket[aria-selected=true]");
    // What comes in meanwhile takes the choice from nobody.
    centre.reports("1005", "1130 01 001");
    browser.wait_until("a ticket of 1005", || browser.text_of("#queue-live").contains("1005"));
    assert_eq!(browser.count(".ticket[aria-selected=true]"), 1);
    browser.keys("\u{E007}");
    browser.wait("#case");
}

/// Whoever is signed out elsewhere is led to the log-in by the next live event, and back to the page afterwards.
fn is_led_back_to_the_log_in(browser: &Browser, centre: &Centre) {
    browser.go("/units");
    browser.wait(".live[data-state=on]");
    browser.script(
        "fetch('/logout', { method: 'POST', headers: { 'X-CSRF-Token': document.querySelector('[name=csrf]').value } })",
    );
    centre.reports("1004", "1130 01 001");
    browser.wait("form.login");
    assert_eq!(browser.path(), "/login?next=%2Funits&lost=1");
    assert!(browser.text_of("#lost").contains("登录已失效"));
}

/// Branch 1 (I4): taken, a contact gives the codeword, false with its cause, closed. By keyboard.
fn branch_one(browser: &Browser, centre: &Centre) {
    open(browser, "1002");
    browser.keys("t");
    browser.wait(".act.branch-1");
    browser.picture("incident-taken");
    what_is_written_of_a_plan_stays(browser, centre);
    browser.keys("c");
    browser.fill("details[open] input[name=spoken]", "石榴");
    browser.press("details[open] form .button.primary");
    browser.wait_until("the call", || browser.text_of(".contact").contains("接通,口令正确"));
    browser.keys("1");
    browser.press("details[open].branch-1 button.primary");
    browser.wait_until("the refusal", || browser.text_of("#refusal").contains("未填写误报原因"));
    browser.press("details[open].branch-1 input[value=user-error]");
    browser.press("details[open].branch-1 button.primary");
    closed_as(browser, "人为误报");
    assert!(browser.text_of(".timeline").contains("用户误操作"));
}

/// A signal that joins while somebody writes why a step is left out takes neither the form nor the field away.
fn what_is_written_of_a_plan_stays(browser: &Browser, centre: &Centre) {
    browser.press("#plan details.skip summary");
    browser.fill("#plan details[open] input[name=note]", "wh");
    centre.reports("1002", "1130 01 004");
    browser.wait_until("the signal that joins", || browser.text_of(".timeline").matches("004").count() > 0);
    assert_eq!(browser.script("return document.activeElement.name + ':' + document.activeElement.value"), "note:wh");
    browser.keys("\u{E00C}");
}

/// Branch 2 (I5 to I8): undetermined and a unit sent in one act; the scene says false; record and close.
fn branch_two(browser: &Browser, centre: &Centre) {
    centre.reports("1001", "1130 01 003");
    open(browser, "1001");
    browser.keys("t");
    browser.wait(".act.branch-2");
    browser.keys("2");
    browser.picture("branch-two");
    browser.press("details[open].branch-2 button.primary");
    browser.wait(".job");
    assert!(browser.text_of("#case .case-head").contains("预处理"));
    for act in ["accept", "depart", "arrive"] {
        browser.act(act, &[]);
    }
    browser.act("report-scene", &[("windows", "intact"), ("note", "门窗完好，店内无人")]);
    browser.picture("on-scene");
    browser.act("scene-false", &[("cause", "unexplained")]);
    browser.act("leave", &[]);
    browser.act("record-dispatch", &[("people", "王海 刘刚"), ("findings", "未发现异常"), ("signed_by", "王海")]);
    browser.act("close", &[]);
    closed_as(browser, "设备误报");
}

/// Branch 3 (I9 to I15): real; owner called and arrived; wish and loss; police; loss list; case record; closed.
fn branch_three(browser: &Browser, centre: &Centre) {
    centre.reports("1003", "1122 01 004");
    open(browser, "1003");
    browser.keys("t");
    browser.wait(".act.branch-3");
    browser.act("confirm-real", &[("basis", "contact"), ("note", "店主确认被盗")]);
    browser.act("notify-owner", &[]);
    browser.act("owner-arrived", &[]);
    browser.act("record-wish", &[("police:b", "yes"), ("loss_minor:money", "3,200")]);
    browser.act("hand-off", &[("to", "police"), ("reference", "110-20261123-7")]);
    // The demo's police answer by machine; what it says last is when it comes.
    browser.wait_until("the police to say when they come", || browser.text_of("#case").contains("约 5 分钟后"));
    browser.act("take-charge", &[("officer", "赵警官"), ("case_number", "A-2026-1123")]);
    browser.act("list-loss", &[("item", "收银机"), ("quantity:n", "1"), ("value_minor:money", "2800")]);
    browser.act("list-loss", &[("item", "香烟"), ("quantity:n", "10"), ("value_minor:money", "450.50")]);
    assert!(browser.text_of("#acts").contains("3,250.50") || browser.text_of(".timeline").contains("¥ 450.50"));
    browser.act("sign-losses", &[("signed_by", "周店长")]);
    browser.picture("branch-three");
    browser.act("record-case", &[("note", "后窗被撬，损失已清点，公安立案。")]);
    browser.act("close", &[]);
    closed_as(browser, "真实警情");
}

/// A card with a mistake in it: the reason stands beside the form, and nothing of what was typed is lost, whatever comes in meanwhile.
fn what_is_typed_stays_where_it_is_refused(browser: &Browser, centre: &Centre) {
    browser.go("/accounts/1009");
    browser.press("#card-review details.act summary");
    browser.fill("#card-review textarea[name=users]", "3 王芳; until yesterday");
    browser.fill("#card-review input[name=reason]", "新店员");
    browser.press("#card-review details[open] form .button.primary");
    let refused = "yesterday";
    browser.wait_until("the refusal", || browser.text_of("#card-refusal").contains(refused));
    browser.picture("card-refused");
    centre.reports("1009", "1627 00 000");
    browser.wait_until("what came in meanwhile", || browser.text_of("#account-live").contains("进入编程"));
    assert!(browser.text_of("#card-refusal").contains(refused), "{}", browser.text_of("#card-review"));
    let typed = "return ['users', 'reason'].map(name => document.querySelector(`#card-review [name=${name}]`).value)";
    assert_eq!(browser.script(typed), serde_json::json!(["3 王芳; until yesterday", "新店员"]));
    browser.fill("#card-review textarea[name=users]", "3 王芳");
    browser.press("#card-review details[open] form .button.primary");
    browser.wait_until("the card as it is now", || browser.text_of("#panel-users").contains("王芳"));
}

/// The shift ends: the one who comes signs with a log-in of their own, and nobody signs for both.
fn hands_over(browser: &Browser) {
    browser.go("/handover");
    let sign = |login: &str| {
        browser.fill("#sign textarea", "1001 已勘查，店主明日换锁");
        browser.fill("#sign input[name=login]", login);
        browser.fill("#sign input[name=password]", PASSWORD);
        browser.press("#sign button.primary");
    };
    sign("limin");
    browser.wait_until("the refusal", || browser.text_of("#sign .notice").contains("另一人"));
    // Panels go on reporting: a list that changed meanwhile has to be looked at again.
    browser.wait_until("both signatures", || {
        sign("chenjing");
        browser.text_of("#main").contains("李敏 → 陈静")
    });
}

fn open(browser: &Browser, account: &str) {
    browser.go("/");
    browser.wait_until(account, || browser.text_of("#queue-live").contains(account));
    browser.script(&format!(
        "[...document.querySelectorAll('.ticket')].find(ticket => ticket.textContent.includes('{account}')).click()"
    ));
    browser.wait("#case");
}

fn closed_as(browser: &Browser, resolution: &str) {
    browser.wait("#case .stagechip[data-stage=closed]");
    assert!(browser.text_of("#case .case-head").contains(resolution), "{}", browser.text_of("#case .case-head"));
    let acts = browser.count("#acts form:not(:has([value=record-answer]))");
    assert_eq!(acts, 0, "a closed incident takes no acts, but the last word of the police");
}

/// Every page, wide and narrow, in both languages, light and dark: nothing is wider than the window.
fn speaks_both_languages_in_both_themes(browser: &Browser) {
    // The shift lead, who is shown every form.
    browser.go("/login");
    browser.fill("input[name=login]", "chenjing");
    browser.fill("input[name=password]", PASSWORD);
    browser.press("form.login button");
    browser.wait("#queue-live");
    let incident_of = |account: &str| {
        open(browser, account);
        browser.path()
    };
    let (clip, bank) = (incident_of("1025"), incident_of("1007"));
    let dossier = format!("{clip}/dossier");
    let pages = [
        "/",
        "/units",
        "/accounts",
        "/accounts/1001",
        "/accounts/1012",
        "/accounts/1022",
        "/signals",
        "/signals/1",
        "/lowered",
        "/follow-ups",
        "/storms",
        "/storms/1",
        "/outside",
        "/self-watch",
        "/packs",
        "/packs/cn-sh-2010?days=30",
        "/operators",
        "/operators/1",
        "/handover",
        "/reports?days=7",
        "/nowhere",
        &clip,
        &dossier,
        &bank,
    ];
    let mut too_wide = Vec::new();
    for (width, height) in [(1440, 900), (360, 780)] {
        browser.size(width, height);
        for _ in 0..2 {
            let lang = browser.script("return document.documentElement.lang");
            for page in pages {
                browser.go(page);
                if page == "/" {
                    browser.wait(".live[data-state=on]");
                }
                let theme = browser.script("return document.documentElement.dataset.theme");
                let name = page.trim_matches('/').replace(['/', '?', '='], "-");
                let (lang, theme) = (lang.as_str().unwrap_or_default(), theme.as_str().unwrap_or_default());
                let name = if name.is_empty() { "queue" } else { &name };
                // What can be folded out has to fit, too.
                for folded in [true, false] {
                    if !folded {
                        browser.script("document.querySelectorAll('#main details').forEach(fold => fold.open = true)");
                    }
                    let end = if folded { "" } else { "-open" };
                    browser.whole_picture(&format!("{lang}-{theme}-{width}-{name}{end}"), width);
                    let beyond = browser.script("return document.documentElement.scrollWidth - innerWidth");
                    if beyond.as_i64().is_none_or(|pixels| pixels > 0) {
                        too_wide.push(format!("{page}{end} in {lang} is wider than {width} pixels: {beyond}"));
                    }
                }
            }
            browser.go("/");
            let theme = browser.script("return document.documentElement.dataset.theme");
            browser.keys("l");
            assert_ne!(browser.script("return document.documentElement.dataset.theme"), theme, "l changes the theme");
            browser.script("document.querySelector('form[action=\"/language\"] button').click()");
            browser.wait_until("the other language", || browser.script("return document.documentElement.lang") != lang);
        }
        // Narrow pages in the theme that the wide ones of their language do not have.
        browser.keys("l");
    }
    assert_eq!(too_wide, Vec::<String>::new());
}
