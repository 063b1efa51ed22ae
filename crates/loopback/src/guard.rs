//! Decides which requests a loopback server answers.
//!
//! Sources: <https://fetch.spec.whatwg.org/#origin-header>, <https://w3c.github.io/webappsec-fetch-metadata/>

use std::net::SocketAddr;
use std::sync::Arc;

use hyper::header::{self, HeaderName};
use hyper::{HeaderMap, Method, Request};

use crate::refusal::Refusal;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Decides about each request to one server. By default it accepts programs, and a browser only if the
/// user typed the address.
#[derive(Debug, Clone)]
pub struct Guard {
    /// The host names that the server answers to, without a port.
    names: Arc<[String]>,
    port: u16,
    any_port: bool,
    has_pages: bool,
    takes_visits: bool,
    /// Origins of other servers' pages that are accepted.
    pages: Arc<[String]>,
}

impl Guard {
    /// The guard of a server at `address`.
    pub fn new(address: SocketAddr) -> Self {
        let own = match address {
            SocketAddr::V4(address) => address.ip().to_string(),
            SocketAddr::V6(address) => format!("[{}]", address.ip()),
        };
        let names = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).into_iter();
        Self {
            names: names.chain([own]).collect(),
            port: address.port(),
            any_port: false,
            has_pages: false,
            takes_visits: false,
            pages: Arc::new([]),
        }
    }

    /// Also answers requests that name another port of this machine: a proxy or a tunnel there
    /// passes them on. A browser always names the port that it connects to.
    #[must_use]
    pub fn behind_proxies(self) -> Self {
        Self { any_port: true, ..self }
    }

    /// Also accepts requests of the server's own pages.
    #[must_use]
    pub fn with_own_pages(self) -> Self {
        Self { has_pages: true, ..self }
    }

    /// Lets a foreign page navigate the browser here, by `GET` in its own tab or window. That page cannot
    /// see the answer.
    #[must_use]
    pub fn with_visits(self) -> Self {
        Self { takes_visits: true, ..self }
    }

    /// Also accepts requests of pages of these origins (`http://localhost:5173`).
    #[must_use]
    pub fn with_pages(self, origins: &[String]) -> Self {
        Self { pages: origins.into(), ..self }
    }

    /// Refuses what a foreign page may have caused.
    pub fn check<B>(&self, request: &Request<B>) -> Result<(), Refusal> {
        // DNS rebinding: the page's own host name resolves to this machine, so the browser sees page and
        // server as one origin. Only the host name reveals the attack.
        let host = self.own_host(request).ok_or(Refusal::Host)?;
        let headers = request.headers();
        // The same-origin policy does not apply to WebSockets.
        if has_token(headers, &header::UPGRADE, "websocket") {
            return Err(Refusal::WebSocket);
        }
        // A form on any page can upload files without a preflight request.
        if request.method() == Method::POST && is_form_upload(headers) {
            return Err(Refusal::FormUpload);
        }
        match self.is_foreign_origin(headers, host) || self.is_foreign_site(request) {
            true => Err(Refusal::ForeignPage),
            false => Ok(()),
        }
    }

    /// The `Host` of a request, if it is a name of this server.
    fn own_host<'a, B>(&self, request: &'a Request<B>) -> Option<&'a str> {
        let host = only(request.headers(), &header::HOST)?;
        // A target in absolute form names the host too, and would win over the header.
        let is_one_name = request.uri().authority().is_none_or(|target| target.as_str() == host);
        (is_one_name && self.is_own(host)).then_some(host)
    }

    fn is_own(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            // The colon of `[::1]` belongs to the address.
            Some((name, port)) if !port.ends_with(']') => (name, port),
            // Clients leave the usual port out.
            _ => (host, "80"),
        };
        let is_named = self.names.iter().any(|own| own.eq_ignore_ascii_case(name));
        is_named && (self.any_port || port == self.port.to_string())
    }

    fn is_foreign_origin(&self, headers: &HeaderMap, host: &str) -> bool {
        if !headers.contains_key(header::ORIGIN) {
            return false;
        }
        let is_own = |origin: &str| self.has_pages && origin.strip_prefix("http://") == Some(host);
        // `null` is an origin as well: that of a sandboxed frame or a file.
        !only(headers, &header::ORIGIN).is_some_and(|origin| is_own(origin) || self.is_named_page(origin))
    }

    /// Simple requests (an image, a script, a link) carry no `Origin`; browsers say where they are from.
    fn is_foreign_site<B>(&self, request: &Request<B>) -> bool {
        let headers = request.headers();
        if !headers.contains_key(FETCH_SITE) {
            return false;
        }
        match only(headers, &FETCH_SITE) {
            // The address was typed, or opened by another program.
            Some("none") => false,
            Some("same-origin") => !self.has_pages,
            // `same-site` too: every port of this machine is of one site, and another user or a
            // game's own server may be behind it.
            _ => !(self.is_visit(request) || self.is_asked_by_named_page(headers)),
        }
    }

    fn is_visit<B>(&self, request: &Request<B>) -> bool {
        let headers = request.headers();
        self.takes_visits
            && request.method() == Method::GET
            && only(headers, &FETCH_MODE) == Some("navigate")
            && only(headers, &FETCH_DEST) == Some("document")
    }

    fn is_asked_by_named_page(&self, headers: &HeaderMap) -> bool {
        only(headers, &header::ORIGIN).is_some_and(|origin| self.is_named_page(origin))
    }

    fn is_named_page(&self, origin: &str) -> bool {
        self.pages.iter().any(|page| page == origin)
    }
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    if values.next().is_some() {
        return None;
    }
    value.to_str().ok()
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let mut values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.any(|value| value.split(',').any(|part| part.trim().eq_ignore_ascii_case(token)))
}

fn is_form_upload(headers: &HeaderMap) -> bool {
    let mut kinds = headers.get_all(header::CONTENT_TYPE).iter();
    kinds.any(|kind| {
        let kind = kind.as_bytes().trim_ascii_start();
        kind.get(..19).is_some_and(|start| start.eq_ignore_ascii_case(b"multipart/form-data"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "127.0.0.1:9700";

    fn guard() -> Guard {
        Guard::new(AT.parse().expect("an address"))
    }

    fn request(method: &str, headers: &[(&str, &str)]) -> Request<()> {
        let mut request = Request::builder().method(method).uri("/");
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            request = request.header("host", AT);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(()).expect("a request")
    }

    fn get(headers: &[(&str, &str)]) -> Request<()> {
        request("GET", headers)
    }

    #[test]
    fn only_own_names_at_the_own_port_are_answered() {
        for own in [AT, "localhost:9700", "LOCALHOST:9700", "[::1]:9700"] {
            assert_eq!(guard().check(&get(&[("host", own)])), Ok(()), "{own} is this server");
        }
        for foreign in [
            "evil.example",
            "evil.example:9700",
            "127.0.0.1",
            "127.0.0.1:9701",
            "127.0.0.1:09700x",
            "localhost.:9700",
            "127.0.0.1.evil.example:9700",
            "naru.localhost:9700",
            "evil@127.0.0.1:9700",
            "[::1]",
            "",
        ] {
            let refused = guard().check(&get(&[("host", foreign)]));
            assert_eq!(refused, Err(Refusal::Host), "{foreign} is a name that a page may have been given");
        }
    }

    #[test]
    fn a_host_that_is_missing_twice_or_contradicted_is_refused() {
        let mut missing = get(&[]);
        missing.headers_mut().remove("host");
        assert_eq!(guard().check(&missing), Err(Refusal::Host), "nothing says that it is meant for us");
        let twice = get(&[("host", AT), ("host", AT)]);
        assert_eq!(guard().check(&twice), Err(Refusal::Host), "who reads the other one may see another name");
        let mut absolute = get(&[]);
        *absolute.uri_mut() = "http://evil.example/".parse().expect("an address");
        assert_eq!(guard().check(&absolute), Err(Refusal::Host), "the target names the host as well");
    }

    #[test]
    fn behind_a_proxy_the_port_may_be_another_and_the_name_may_not() {
        let behind = guard().behind_proxies();
        assert_eq!(behind.check(&get(&[("host", "127.0.0.1:4000")])), Ok(()), "the proxy's own port");
        assert_eq!(behind.check(&get(&[("host", "evil.example:9700")])), Err(Refusal::Host));
    }

    #[test]
    fn port_80_is_left_out_by_clients() {
        let guard = Guard::new("[::1]:80".parse().expect("an address"));
        for own in ["[::1]", "localhost", "127.0.0.1:80"] {
            assert_eq!(guard.check(&get(&[("host", own)])), Ok(()), "{own} is port 80");
        }
    }

    #[test]
    fn a_server_without_pages_answers_no_page() {
        for origin in ["https://evil.example", "null", "http://127.0.0.1:9700", "http://localhost:5173"] {
            let refused = guard().check(&get(&[("origin", origin)]));
            assert_eq!(refused, Err(Refusal::ForeignPage), "{origin} is a page");
        }
        for site in ["cross-site", "same-site", "same-origin", "unheard-of"] {
            let refused = guard().check(&get(&[("sec-fetch-site", site)]));
            assert_eq!(refused, Err(Refusal::ForeignPage), "{site} is a page's request");
        }
        let typed = get(&[("sec-fetch-site", "none"), ("sec-fetch-mode", "navigate")]);
        assert_eq!(guard().check(&typed), Ok(()), "a person typed the address");
        assert_eq!(guard().check(&get(&[])), Ok(()), "a program asks");
    }

    #[test]
    fn own_pages_are_those_of_the_host_that_was_asked() {
        let guard = guard().with_own_pages();
        let own = [("origin", "http://127.0.0.1:9700"), ("sec-fetch-site", "same-origin")];
        assert_eq!(guard.check(&request("POST", &own)), Ok(()), "its own form");
        for origin in ["http://127.0.0.1:9701", "https://127.0.0.1:9700", "http://localhost:9700", "null"] {
            let refused = guard.check(&request("POST", &[("origin", origin)]));
            assert_eq!(refused, Err(Refusal::ForeignPage), "{origin} is another origin");
        }
    }

    #[test]
    fn a_visit_is_a_get_that_fills_a_tab() {
        let guard = guard().with_visits();
        let from = |mode, dest| {
            [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)]
        };
        assert_eq!(guard.check(&get(&from("navigate", "document"))), Ok(()), "as a login provider does it");
        for (mode, dest) in [("navigate", "iframe"), ("no-cors", "image"), ("cors", "empty")] {
            let refused = guard.check(&get(&from(mode, dest)));
            assert_eq!(refused, Err(Refusal::ForeignPage), "{mode} {dest} stays inside the foreign page");
        }
        let form = guard.check(&request("POST", &from("navigate", "document")));
        assert_eq!(form, Err(Refusal::ForeignPage), "a form of a foreign page");
    }

    #[test]
    fn a_named_page_may_ask_and_no_other() {
        let guard = guard().with_pages(&["http://localhost:5173".to_owned()]);
        let ask = |origin| get(&[("origin", origin), ("sec-fetch-site", "cross-site")]);
        assert_eq!(guard.check(&ask("http://localhost:5173")), Ok(()), "the studio named it");
        assert_eq!(guard.check(&ask("http://localhost:5174")), Err(Refusal::ForeignPage));
        let silent = get(&[("sec-fetch-site", "cross-site")]);
        assert_eq!(
            guard.check(&silent),
            Err(Refusal::ForeignPage),
            "without an origin it may come from any page"
        );
    }

    #[test]
    fn web_sockets_and_form_uploads_are_always_refused() {
        let upgrade = get(&[("connection", "Upgrade"), ("upgrade", "WebSocket")]);
        assert_eq!(guard().check(&upgrade), Err(Refusal::WebSocket), "names of protocols have no case");
        let form = request("POST", &[("content-type", "Multipart/Form-Data; boundary=x")]);
        assert_eq!(guard().check(&form), Err(Refusal::FormUpload), "a form may come without an origin");
        let h2c = get(&[("connection", "Upgrade"), ("upgrade", "h2c")]);
        assert_eq!(guard().check(&h2c), Ok(()), "curl offers HTTP/2, and HTTP/1.1 is an answer");
    }
}
