//! A proxy that does to HTTP what networks and caches do.

mod answer;
mod fault;
mod serve;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

pub use fault::{Fault, Nth, Rule};

use crate::http::Head;

/// One request that came by.
#[derive(Debug, Clone)]
pub struct Seen {
    /// `GET`, `PUT` …
    pub method: String,
    /// The request's target with its query.
    pub target: String,
    /// The `Range` header as received.
    pub range: Option<String>,
    /// Bytes of the request's body.
    pub request_bytes: u64,
    /// Bytes of the answer's body that were handed on.
    pub answer_bytes: u64,
    /// What was done to it.
    pub fault: Option<Fault>,
}

/// Stands between a client and an HTTP server on loopback.
///
/// One request is one connection to the server; the client's connection is kept, as far as the
/// fault allows.
#[derive(Debug)]
pub struct ChaosProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    upstream: SocketAddr,
    rules: Mutex<Vec<(Rule, u64)>>,
    seen: Mutex<Vec<Seen>>,
}

impl ChaosProxy {
    /// Starts on a free port of loopback, in front of `upstream`.
    pub async fn start(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shared = Arc::new(Shared { upstream, rules: Mutex::default(), seen: Mutex::default() });
        Self {
            address: listener.local_addr().unwrap(),
            accepting: tokio::spawn(accept(listener, shared.clone())),
            shared,
        }
    }

    /// Where clients reach it, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds a rule. Of several that fit a request, the first added one is applied.
    pub fn inject(&self, rule: Rule) {
        self.shared.rules.lock().unwrap().push((rule, 0));
    }

    /// Forgets all rules and all requests.
    pub fn clear(&self) {
        self.shared.rules.lock().unwrap().clear();
        self.shared.seen.lock().unwrap().clear();
    }

    /// All requests so far, in the order of their arrival.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// How many requests had this method and `part` in their target.
    pub fn count(&self, method: &str, part: &str) -> usize {
        let seen = self.shared.seen.lock().unwrap();
        seen.iter().filter(|seen| seen.method == method && seen.target.contains(part)).count()
    }

    /// Bytes of all answers' bodies handed on for targets with `part` in them.
    pub fn answer_bytes(&self, part: &str) -> u64 {
        let seen = self.shared.seen.lock().unwrap();
        seen.iter().filter(|seen| seen.target.contains(part)).map(|seen| seen.answer_bytes).sum()
    }

    /// Bytes of all requests' bodies for targets with `part` in them.
    pub fn request_bytes(&self, part: &str) -> u64 {
        let seen = self.shared.seen.lock().unwrap();
        seen.iter().filter(|seen| seen.target.contains(part)).map(|seen| seen.request_bytes).sum()
    }
}

impl Drop for ChaosProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Shared {
    /// Records a request, and returns its fault and its number.
    fn note(&self, request: &Head) -> (usize, Option<Fault>) {
        let (method, target) = request.request();
        let fault = self.choose(method, target);
        let mut seen = self.seen.lock().unwrap();
        seen.push(Seen {
            method: method.to_owned(),
            target: target.to_owned(),
            range: request.get("range").map(str::to_owned),
            request_bytes: 0,
            answer_bytes: 0,
            fault: fault.clone(),
        });
        (seen.len() - 1, fault)
    }

    fn choose(&self, method: &str, target: &str) -> Option<Fault> {
        let mut chosen = None;
        for (rule, met) in self.rules.lock().unwrap().iter_mut() {
            if rule.concerns(method, target) {
                *met += 1;
                if chosen.is_none() && rule.nth.is(*met) {
                    chosen = Some(rule.fault.clone());
                }
            }
        }
        chosen
    }

    /// A request that was forgotten by `clear` meanwhile is not counted.
    fn count(&self, number: usize, add: impl FnOnce(&mut Seen)) {
        if let Some(seen) = self.seen.lock().unwrap().get_mut(number) {
            add(seen);
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // Ends all connections with the proxy.
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        connections.spawn(serve::serve(client, shared.clone()));
        while connections.try_join_next().is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;
    use crate::Origin;

    /// What a client gets that asks for bytes 2 to 5 of `0123456789`, and whether it was reset.
    async fn ask(proxy: &ChaosProxy) -> (String, bool) {
        let mut client = TcpStream::connect(proxy.address()).await.unwrap();
        let request = b"GET /file HTTP/1.1\r\nHost: x\r\nRange: bytes=2-5\r\nConnection: close\r\n\r\n";
        client.write_all(request).await.unwrap();
        client.shutdown().await.unwrap();
        let mut answer = Vec::new();
        let reset = client.read_to_end(&mut answer).await.is_err();
        (String::from_utf8_lossy(&answer).into_owned(), reset)
    }

    #[tokio::test]
    async fn a_fault_hits_the_request_it_names_and_no_other() {
        let origin = Origin::start().await;
        origin.put("/file", "0123456789");
        let proxy = ChaosProxy::start(origin.address()).await;
        proxy.inject(Rule::new("/file", Nth::Only(2), Fault::TruncateAfter(1)));
        proxy.inject(Rule::new("/other", Nth::Every, Fault::DropAnswer));
        let bodies = [ask(&proxy).await.0, ask(&proxy).await.0, ask(&proxy).await.0];
        let bodies = bodies.map(|answer| answer.split("\r\n\r\n").nth(1).unwrap().to_owned());
        assert_eq!(bodies, ["2345", "2", "2345"]);
        assert_eq!(proxy.count("GET", "/file"), 3);
        assert_eq!(proxy.answer_bytes("/file"), 9);
        assert_eq!(proxy.seen()[1].fault, Some(Fault::TruncateAfter(1)));
    }

    #[tokio::test]
    async fn each_fault_does_what_it_says() {
        let origin = Origin::start().await;
        origin.put("/file", "0123456789");
        let proxy = ChaosProxy::start(origin.address()).await;
        let cases = [
            (Fault::FlipByte(1), "2\u{fffd}45", false),
            (Fault::RepeatFirst(2), "2323", false),
            (Fault::SwapHalves, "4523", false),
            (Fault::IgnoreRange, "0123456789", false),
            (Fault::OtherRange(3), "5678", false),
            (Fault::ResetAfter(2), "23", true),
            (Fault::DropAnswer, "", true),
            (Fault::DropRequest, "", true),
            (Fault::Status(503, vec![]), "", false),
        ];
        for (fault, body, reset) in cases {
            proxy.clear();
            proxy.inject(Rule::new("/file", Nth::Every, fault.clone()));
            let (answer, was_reset) = ask(&proxy).await;
            assert_eq!(answer.split("\r\n\r\n").nth(1).unwrap_or(""), body, "{fault:?}");
            assert_eq!(was_reset, reset, "{fault:?}");
        }
    }

    #[tokio::test]
    async fn a_lie_about_the_range_is_told_in_the_head_too() {
        let origin = Origin::start().await;
        origin.put("/file", "0123456789");
        let proxy = ChaosProxy::start(origin.address()).await;
        proxy.inject(Rule::new("/file", Nth::Every, Fault::LyingRange(1)));
        let (answer, _) = ask(&proxy).await;
        assert!(answer.contains("Content-Range: bytes 2-5/10") && answer.ends_with("3456"), "{answer}");
    }
}
