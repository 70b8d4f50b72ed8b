//! Somebody who asks a server over HTTP as a browser does.

use std::{
    io::{BufRead, BufReader, Read},
    time::Duration,
};

use serde_json::{Value, json};
use ureq::http::Method;

/// The password of everybody here.
pub const PASSWORD: &str = "correct horse battery";

/// Somebody who wants an account, as the page sends it.
pub fn person(token: &str, name: &str) -> Value {
    json!({ "token": token, "name": name, "display": name, "password": PASSWORD, "language": "en" })
}

/// The lab of the small course.
pub const LAB: &str = "/api/courses/small/units/mean";

/// Somebody with a browser.
#[derive(Clone)]
pub struct Person {
    agent: ureq::Agent,
    pub origin: String,
    pub cookie: Option<String>,
    pub id: String,
}

/// What the server said.
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Person {
    /// Makes one who is not signed in.
    pub fn at(origin: &str) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false);
        let agent = agent.timeout_global(Some(Duration::from_secs(60))).build().into();
        Self { agent, origin: origin.to_owned(), cookie: None, id: String::new() }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None, &[])
    }

    pub fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(body.to_string()), &[])
    }

    /// Posts, to a server that may be gone: then nothing comes back.
    pub fn try_post(&self, path: &str, body: &Value) -> Option<Answer> {
        let request = ureq::http::Request::post(format!("{}{path}", self.origin))
            .header("cookie", self.cookie.clone().unwrap_or_default())
            .header("origin", &self.origin)
            .header("content-type", "application/json");
        let response = self.agent.run(request.body(body.to_string()).unwrap()).ok()?;
        let status = response.status().as_u16();
        let mut text = String::new();
        response.into_body().into_reader().read_to_string(&mut text).ok()?;
        Some(Answer { status, headers: Vec::new(), text })
    }

    pub fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, Some(body.to_string()), &[])
    }

    pub fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PATCH, path, Some(body.to_string()), &[])
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None, &[])
    }

    /// Asks as a browser does; headers that are given replace those that it would send, and empty ones are left out.
    pub fn ask(&self, method: Method, path: &str, body: Option<String>, headers: &[(&str, &str)]) -> Answer {
        let response = self.response(method, path, body, headers);
        let status = response.status().as_u16();
        let all = response.headers().iter();
        let headers = all.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned())).collect();
        let mut text = String::new();
        response.into_body().into_reader().read_to_string(&mut text).unwrap();
        Answer { status, headers, text }
    }

    fn response(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> ureq::http::Response<ureq::Body> {
        let changes = method != Method::GET;
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.origin));
        let mut usual = vec![("cookie", self.cookie.clone().unwrap_or_default())];
        if changes {
            usual.push(("origin", self.origin.clone()));
        }
        if body.is_some() {
            usual.push(("content-type", "application/json".to_owned()));
        }
        for (name, value) in usual {
            if !headers.iter().any(|(other, _)| *other == name) && !value.is_empty() {
                request = request.header(name, value);
            }
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        self.agent.run(request.body(body.unwrap_or_default()).unwrap()).unwrap()
    }

    /// Keeps the session that an answer began.
    pub fn comes(&mut self, answer: Answer) {
        let cookie = answer.header("set-cookie").expect("a session begins").to_owned();
        self.cookie = cookie.split(';').next().map(str::to_owned);
        self.id = answer.is(200)["account"]["id"].as_str().unwrap().to_owned();
    }

    /// Follows a run from a frame on, and returns the numbers and frames until `enough` or the end.
    pub fn follow(&self, id: &str, after: u64, enough: impl Fn(&Value) -> bool) -> Vec<(Option<u64>, Value)> {
        let path = format!("/api/submissions/{id}/events?after={after}");
        let response = self.response(Method::GET, &path, None, &[]);
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let mut frames = Vec::new();
        let (mut number, mut frame) = (None, Value::Null);
        for line in BufReader::new(response.into_body().into_reader()).lines() {
            let line = line.unwrap();
            if let Some(id) = line.strip_prefix("id: ") {
                number = Some(id.parse().unwrap());
            }
            if let Some(data) = line.strip_prefix("data: ") {
                frame = serde_json::from_str(data).unwrap();
            }
            // An empty line ends an event; what keeps the connection alive is none.
            if line.is_empty() && !frame.is_null() {
                let is_enough = enough(&frame);
                frames.push((number.take(), frame.take()));
                if is_enough {
                    break;
                }
            }
        }
        frames
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Expects a status, and gives the JSON.
    #[track_caller]
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { serde_json::from_str(&self.text).unwrap() }
    }

    /// Expects an error.
    #[track_caller]
    pub fn fails(self, status: u16, code: &str) -> Value {
        let request_id = self.header("x-request-id").unwrap().to_owned();
        let body = self.is(status);
        assert_eq!(body["error"]["code"], code, "{body}");
        assert_eq!(body["error"]["request_id"], request_id.as_str());
        body
    }
}
