//! A great night: hundreds of incidents are open at once, and the page of the queue stays one that a browser can draw.

use crate::browser::driver::{Browser, found};
use crate::centre::{Centre, PASSWORD, furnish};
use crate::web::Web;

/// How many burglaries nobody has taken.
const BURGLARIES: usize = 320;
const FIRST_PART: usize = 60;

fn account(number: usize) -> String {
    format!("{:04}", 1000 + number)
}

/// So many burglaries, and shops for a hundred more.
fn great_night() -> (tempfile::TempDir, Centre) {
    let folder = tempfile::tempdir().unwrap();
    let shops = (0..BURGLARIES + 100).map(account);
    let cards: String = shops.map(|shop| format!("{shop},Shop {shop},Main Street,,,,\n")).collect();
    furnish(folder.path(), &cards);
    let centre = Centre::on(folder.path());
    let mut line = centre.line();
    for number in 0..BURGLARIES {
        assert_eq!(line.report(&account(number), "1130 01 003"), "ACK");
    }
    centre.queue(&mut centre.operator("chen"), BURGLARIES);
    (folder, centre)
}

/// The incidents of a page or a fragment, in its order.
fn tickets(body: &str) -> Vec<u64> {
    let of = |part: &str| part.split('"').next().unwrap().parse().unwrap();
    body.split(r#"<a class="ticket" id="i"#).skip(1).map(of).collect()
}

/// The incidents that a page shows as a short row, in its order.
fn short_rows(body: &str) -> Vec<u64> {
    let of = |part: &str| part.split('"').next().unwrap().parse().unwrap();
    body.split(r#"<a class="short" id="i"#).skip(1).map(of).collect()
}

fn rows(web: &mut Web) -> Vec<u64> {
    let queue = web.get("/api/queue").json();
    queue["rows"].as_array().unwrap().iter().map(|row| row["incident"].as_u64().unwrap()).collect()
}

/// Row 2.5, queue: the first part of a long queue is shown, in the order of the queue, and how much more there is. What calls for life
/// safety is in it however much it is, and a part of it is for what is one's own.
#[test]
fn row_2_5_queue_the_first_part_of_a_long_one() {
    let (_folder, centre) = great_night();
    let (mut li, mut zhang) = (centre.operator("li"), centre.operator("zhang"));
    let all = rows(&mut li);
    let page = li.get("/").body;
    assert_eq!(tickets(&page), all[..FIRST_PART]);
    assert!(page.contains("另有 260 起未显示") && page.contains("其中 260 起待处理"), "{page}");
    assert!(page.contains(r#"href="/?show=180""#), "{page}");
    let more = li.get("/?show=180").body;
    assert_eq!(tickets(&more), all[..180]);
    assert!(more.contains("另有 140 起未显示") && more.contains(r#"hx-get="/live/queue?show=180""#), "{more}");
    let whole = li.get("/?show=900").body;
    assert_eq!((tickets(&whole), whole.contains("起未显示")), (all.clone(), false));

    // What is fetched at each change is the same list and nothing else.
    let live = li.get("/live/queue").body;
    assert_eq!(tickets(&live), all[..FIRST_PART]);
    assert!(live.starts_with("<section id=\"queue-live\"") && !live.contains("<title>"), "{live}");
    assert!(live.len() < 120_000, "{}", live.len());
    let weather = li.get("/live/weather").body;
    assert!(weather.starts_with("<div id=\"weather\"") && weather.len() < 2_000, "{weather}");

    // The last of all is hers: she is shown it, and it stands at the end.
    let last = all[BURGLARIES - 1];
    li.does(last, serde_json::json!({ "act": "take" }));
    let hers = [&all[..FIRST_PART - 1], &[last]].concat();
    assert_eq!((tickets(&li.get("/").body), tickets(&li.get("/?mine=true").body)), (hers, vec![last]));
    assert_eq!(tickets(&zhang.get("/").body), all[..FIRST_PART]);

    // More fires than places: so many in full, each other as a short row, in the order of the queue, and what is hers.
    let mut line = centre.line();
    let fires = FIRST_PART + 10;
    for number in BURGLARIES..BURGLARIES + fires {
        assert_eq!(line.report(&account(number), "1110 01 001"), "ACK");
    }
    centre.queue(&mut zhang, BURGLARIES + fires);
    let now = rows(&mut li);
    let page = li.get("/").body;
    let shown = tickets(&page);
    assert_eq!(shown[..FIRST_PART], now[..FIRST_PART]);
    assert_eq!((shown.len(), shown.last()), (FIRST_PART + 20, Some(&last)));
    assert_eq!(short_rows(&page), now[FIRST_PART..fires], "every other fire");
    assert!(page.contains("另有 10 起涉及人身安全的警情待处理，以短行列出"), "{page}");
    assert!(page.contains(&format!("另有 {} 起未显示", BURGLARIES - 20)), "{page}");
    let of = |body: &str, shop: usize| body.matches(&format!("Shop {}", account(shop))).count();
    assert!((BURGLARIES..BURGLARIES + fires).all(|shop| of(&page, shop) == 1), "each is named");
    assert_eq!(short_rows(&li.get("/live/queue").body), now[FIRST_PART..fires]);
    // Whoever wants to see more of it in full asks for more.
    let more = li.get("/?show=180").body;
    assert_eq!((tickets(&more)[..fires].to_vec(), short_rows(&more)), (now[..fires].to_vec(), vec![]));
    // What somebody has in hand does not call any more.
    zhang.does(now[0], serde_json::json!({ "act": "take" }));
    let page = li.get("/").body;
    assert_eq!((short_rows(&page).len(), page.contains("另有 9 起涉及人身安全")), (9, true));
}

/// In a browser: so many tickets and no more, a hold-up comes first without a reload, and what is fetched for it is small.
#[test]
fn a_browser_draws_the_first_part_of_a_great_night() {
    let (Some(chromium), Some(chromedriver)) = (found("chromium"), found("chromedriver")) else {
        return crate::skip("chromium or chromedriver");
    };
    let (_folder, centre) = great_night();
    let browser = Browser::start(&chromedriver, &chromium, &format!("http://{}", centre.http));
    browser.go("/");
    browser.fill("input[name=login]", "li");
    browser.fill("input[name=password]", PASSWORD);
    browser.press("form.login button");
    browser.wait(".live[data-state=on]");
    browser.wait("#queue-rest");
    assert_eq!(browser.count(".ticket"), FIRST_PART as u64);
    let title = browser.title();
    browser.script("window.same = true");
    centre.reports(&account(BURGLARIES), "1122 01 001");
    browser.wait_until("the hold-up at the top", || {
        browser.text_of(".ticket").contains(&account(BURGLARIES)) && browser.text_of("#queue-rest").contains("261")
    });
    browser.keys("j");
    assert_eq!(browser.script("return document.querySelector('.ticket[aria-selected=true]').dataset.priority"), "1");
    browser.picture("great-night");
    assert_eq!((browser.count(".ticket"), browser.script("return window.same")), (FIRST_PART as u64, true.into()));
    let fetched = |what: &str| {
        let of = format!(
            "performance.getEntriesByType('resource').filter((one) => new URL(one.name).pathname === '{what}')"
        );
        browser.script(&format!("return {of}.map((one) => one.decodedBodySize)"))
    };
    let sizes = fetched("/live/queue");
    let sizes: Vec<u64> = sizes.as_array().unwrap().iter().map(|size| size.as_u64().unwrap()).collect();
    assert!(!sizes.is_empty() && sizes.iter().all(|size| *size < 120_000), "{sizes:?}");
    assert_eq!(fetched("/storms"), serde_json::json!([]), "no part of the frame fetches a whole page");
    browser.wait_until("the count in the title", || browser.title() != title);
    assert!(browser.title().ends_with("接警队列 · 联网报警中心"), "{}", browser.title());
    assert!(
        browser.script("return document.querySelector('#queue-live').querySelectorAll('*').length").as_u64()
            < Some(4_000)
    );
    // As many fires as places, and forty more: each is there, and the last is opened from its row by keys.
    let mut line = centre.line();
    let fires = 99;
    for number in BURGLARIES + 1..BURGLARIES + 1 + fires {
        assert_eq!(line.report(&account(number), "1110 01 001"), "ACK");
    }
    browser.wait_until("a row of each fire", || browser.count(".short") == 40);
    assert_eq!(browser.count(".ticket"), FIRST_PART as u64 + 20);
    browser.picture("great-night-of-fires");
    browser.script("const rows = document.querySelectorAll('.short'); rows[rows.length - 2].focus()");
    browser.wait_until("its choice", || browser.count(".short[aria-selected=true]") == 1);
    let script = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true }))";
    browser.script(script);
    let last = account(BURGLARIES + fires);
    browser.wait_until("the last fire", || browser.text_of(".short[aria-selected=true]").contains(&last));
    browser.script(&script.replace("'j'", "'t'"));
    browser.wait("#case");
    assert!(browser.text_of("#main").contains(&last));
}
