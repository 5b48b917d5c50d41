//! A client of the API: one request a connection, a cookie, a token.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

/// A browser, as far as the API goes.
pub(crate) struct Web {
    http: SocketAddr,
    pub(crate) cookie: Option<String>,
    pub(crate) csrf: Option<String>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Web {
    pub(crate) fn new(http: SocketAddr) -> Self {
        Self { http, cookie: None, csrf: None }
    }

    pub(crate) fn sign_in(&mut self, login: &str, password: &str) {
        let answer = self.post("/api/login", &json!({ "login": login, "password": password }));
        assert_eq!(answer.status, 200, "{}", answer.body);
        let cookie = answer.header("set-cookie").expect("a session");
        self.cookie = cookie.split(';').next().map(str::to_owned);
        self.csrf = answer.json()["csrf"].as_str().map(str::to_owned);
    }

    /// The same person at another window of the same browser.
    pub(crate) fn again(&self) -> Self {
        Self { http: self.http, cookie: self.cookie.clone(), csrf: self.csrf.clone() }
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.request("GET", path, &[], "")
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.request("POST", path, &[("content-type", "application/json")], &body.to_string())
    }

    /// Acts on an incident.
    pub(crate) fn act(&mut self, incident: u64, act: Value) -> Answer {
        self.post(&format!("/api/incidents/{incident}/acts"), &act)
    }

    /// Acts on an incident, and it is done.
    pub(crate) fn does(&mut self, incident: u64, act: Value) {
        let answer = self.act(incident, act.clone());
        assert_eq!(answer.status, 200, "{act}: {}", answer.body);
    }

    pub(crate) fn request(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = self.send(method, path, headers, body);
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let (status, headers) = read_head(head.lines().map(str::to_owned));
        Answer { status, headers, body: body.to_owned() }
    }

    /// Opens a stream of events; it gives one line after the other.
    pub(crate) fn listen(&mut self, path: &str, headers: &[(&str, &str)]) -> impl Iterator<Item = String> + use<> {
        let stream = self.send("GET", path, headers, "");
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
        let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        assert_eq!(read_head(head.into_iter()).0, 200);
        lines
    }

    fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> TcpStream {
        // HTTP/1.0: the body ends with the connection, and comes in one piece.
        let mut request = format!("{method} {path} HTTP/1.0\r\nhost: {}\r\n", self.http);
        if let Some(cookie) = &self.cookie {
            request += &format!("cookie: {cookie}\r\n");
        }
        if let Some(csrf) = self.csrf.as_ref().filter(|_| method != "GET") {
            request += &format!("x-csrf-token: {csrf}\r\n");
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("content-length: {}\r\n\r\n{body}", body.len());
        let mut stream = TcpStream::connect(self.http).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }
}

fn read_head(mut lines: impl Iterator<Item = String>) -> (u16, Vec<(String, String)>) {
    let first = lines.next().expect("a status line");
    let status = first.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_lowercase(), value.trim().to_owned()))
    });
    (status, headers.collect())
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Status and the problem's code.
    pub(crate) fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.body);
        (self.status, self.json()["code"].as_str().unwrap().to_owned())
    }
}
