//! A browser held by the WebDriver protocol: JSON over plain HTTP, as chromedriver speaks it.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(20);
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The program of this name on the path.
pub(crate) fn found(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// A browser with one window. It ends with this value.
pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    address: String,
    pictures: PathBuf,
    taken: Cell<u32>,
    _profile: TempDir,
}

impl Browser {
    /// Starts one that shows the console at `address`, in Chinese, 1440 by 900.
    pub(crate) fn start(chromedriver: &Path, chromium: &Path, address: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut driver = Command::new(chromedriver).arg("--port=0").stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port =
            said.find_map(|line| line.ok()?.strip_suffix('.')?.rsplit_once("successfully on port ")?.1.parse().ok());
        let port = port.expect("chromedriver says on which port it listens");
        let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("artefacts");
        std::fs::create_dir_all(&pictures).unwrap();
        let address = address.to_owned();
        let mut browser =
            Self { driver, port, session: String::new(), address, pictures, taken: Cell::new(0), _profile: profile };
        let mut args: Vec<String> = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
            --disable-background-networking --disable-component-update --disable-sync --lang=zh-CN --accept-lang=zh-CN"
            .split_whitespace()
            .map(String::from)
            .collect();
        args.push(format!("--user-data-dir={}", browser._profile.path().display()));
        let options = json!({ "binary": chromium, "args": args });
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" }
        } } });
        let session = browser.ask("POST", "/session", &wanted);
        browser.session = format!("/session/{}", session["sessionId"].as_str().unwrap());
        browser.size(1440, 900);
        browser
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if method == "POST" { body.to_string() } else { String::new() };
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            match line.trim_end().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().unwrap()
                }
                Some(_) => {}
                None if line.trim_end().is_empty() => break,
                None => {}
            }
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer).unwrap();
        let mut answer: Value = serde_json::from_slice(&answer).unwrap();
        let value = answer["value"].take();
        assert!(value.get("error").is_none(), "{method} {path} {body}: {}", value["message"]);
        value
    }

    fn quit(&self) -> std::io::Result<()> {
        if self.session.is_empty() {
            return Ok(());
        }
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(stream, "DELETE {} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", self.session)?;
        stream.read_to_end(&mut Vec::new()).map(|_| ())
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.ask("POST", &format!("{}{path}", self.session), body)
    }

    /// Opens a page of the console.
    pub(crate) fn go(&self, path: &str) {
        self.post("/url", &json!({ "url": format!("{}{path}", self.address) }));
    }

    /// The page that is shown, with its query.
    pub(crate) fn path(&self) -> String {
        self.script("return location.pathname + location.search").as_str().unwrap().to_owned()
    }

    /// The title of the window.
    pub(crate) fn title(&self) -> String {
        self.script("return document.title").as_str().unwrap().to_owned()
    }

    /// Runs a script in the page.
    pub(crate) fn script(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// How many elements there are.
    pub(crate) fn count(&self, selector: &str) -> u64 {
        self.script(&format!("return document.querySelectorAll({selector:?}).length")).as_u64().unwrap()
    }

    /// What the first such element says; nothing where there is none.
    pub(crate) fn text_of(&self, selector: &str) -> String {
        let text = self.script(&format!("return document.querySelector({selector:?})?.innerText ?? ''"));
        text.as_str().unwrap().to_owned()
    }

    /// Waits until there is such an element.
    pub(crate) fn wait(&self, selector: &str) {
        self.wait_until(selector, || self.count(selector) > 0);
    }

    /// Waits until it is so.
    pub(crate) fn wait_until(&self, what: &str, so: impl Fn() -> bool) {
        let start = Instant::now();
        while !so() {
            if start.elapsed() >= PATIENCE {
                self.picture("failed");
                panic!("no {what} within {PATIENCE:?}; the page says:\n{}", self.text_of("body"));
            }
            self.pause(Duration::from_millis(60));
        }
    }

    /// Does nothing for a while.
    pub(crate) fn pause(&self, time: Duration) {
        std::thread::sleep(time);
    }

    fn element(&self, selector: &str) -> String {
        self.wait(selector);
        let element = self.post("/element", &json!({ "using": "css selector", "value": selector }));
        element[ELEMENT].as_str().unwrap().to_owned()
    }

    /// Clicks on it.
    pub(crate) fn press(&self, selector: &str) {
        let element = self.element(selector);
        self.post(&format!("/element/{element}/click"), &json!({}));
    }

    /// Types into a field, in place of what stood there.
    pub(crate) fn fill(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.post(&format!("/element/{element}/clear"), &json!({}));
        self.post(&format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Types on the page itself.
    pub(crate) fn keys(&self, keys: &str) {
        self.script("document.activeElement?.blur()");
        let element = self.element("body");
        self.post(&format!("/element/{element}/value"), &json!({ "text": keys }));
    }

    /// Does an act by its form, and waits until the time line has it.
    pub(crate) fn act(&self, act: &str, fields: &[(&str, &str)]) {
        self.act_with(act, fields, "button:last-of-type");
    }

    /// The same by a certain button.
    pub(crate) fn act_with(&self, act: &str, fields: &[(&str, &str)], button: &str) {
        let form = format!("#acts form:has(input[name=act][value={act}])");
        self.wait(&form);
        self.script(&format!(
            "const fold = document.querySelector({form:?}).closest('details'); if (fold && !fold.open) fold.open = true"
        ));
        for (name, value) in fields {
            let field = format!("{form} [name={name:?}]");
            let kind = self.script(&format!("return document.querySelector({field:?})?.type"));
            match kind.as_str() {
                Some("radio") => self.press(&format!("{field}[value={value:?}]")),
                Some("select-one") => self.press(&format!("{field} option[value={value:?}]")),
                _ => self.fill(&field, value),
            }
        }
        let before = self.count(".timeline li");
        self.press(&format!("{form} {button}"));
        self.wait_until(&format!("act {act}"), || {
            let refused = self.text_of("#refusal");
            assert_eq!(refused, "", "{act} was refused");
            self.count(".timeline li") > before
        });
    }

    /// The window's inside, in pixels.
    pub(crate) fn size(&self, width: u32, height: u32) {
        let params = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.post("/goog/cdp/execute", &json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": params }));
    }

    /// Keeps a picture of what the window shows.
    pub(crate) fn picture(&self, name: &str) {
        self.keep(name, &self.ask("GET", &format!("{}/screenshot", self.session), &Value::Null));
    }

    /// Keeps a picture of the page from its top to its end.
    pub(crate) fn whole_picture(&self, name: &str, width: u32) {
        let height = self.script("return document.documentElement.scrollHeight");
        let clip = json!({ "x": 0, "y": 0, "width": width, "height": height, "scale": 1 });
        let params = json!({ "captureBeyondViewport": true, "clip": clip });
        let shot = self.post("/goog/cdp/execute", &json!({ "cmd": "Page.captureScreenshot", "params": params }));
        self.keep(name, &shot["data"]);
    }

    fn keep(&self, name: &str, shot: &Value) {
        let shot = from_base64(shot.as_str().unwrap());
        self.taken.set(self.taken.get() + 1);
        std::fs::write(self.pictures.join(format!("{:02}-{name}.png", self.taken.get())), shot).unwrap();
    }

    /// What the browser's console complains about, except answers that are errors on purpose.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({ "type": "browser" }));
        let severe = log.as_array().unwrap().iter().filter(|entry| entry["level"] == "SEVERE");
        let messages = severe.map(|entry| entry["message"].as_str().unwrap().to_owned());
        messages.filter(|message| !message.contains("the server responded with a status of")).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Also when a test fails: killing the driver alone would leave its browser behind.
        let _ = self.quit();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for four in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = four.iter().fold(0u32, |bits, &byte| bits << 6 | u32::from(value(byte))) << (6 * (4 - four.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    bytes
}
