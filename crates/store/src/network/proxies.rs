//! Which proxy leads to an address.

use std::ffi::OsString;

use aws_smithy_http_client::proxy::ProxyConfig;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;
use reqwest::header::HeaderValue;
use url::Url;

use super::Network;
use super::no_proxy::NoProxy;

/// A proxy between here and a server. `Debug` shows no password.
#[derive(Clone)]
pub struct Proxy {
    variable: &'static str,
    url: Url,
}

/// A variable that names no proxy that could be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("environment variable {variable} is not a proxy address: {problem}")]
pub struct ProxyError {
    /// Which variable.
    pub variable: &'static str,
    /// What is wrong with it. It does not repeat the value, which may hold a password.
    pub problem: &'static str,
}

/// The proxies that the environment names, and the hosts that need none.
#[derive(Debug, Clone, Default)]
pub(super) struct Proxies {
    http: Named,
    https: Named,
    no: NoProxy,
}

type Named = Option<Result<Proxy, ProxyError>>;

impl Network {
    /// The proxy that leads to an address.
    pub fn proxy_for(&self, url: &Url) -> Result<Option<Proxy>, ProxyError> {
        self.proxies.for_url(url)
    }

    pub(super) fn proxies(&self) -> &Proxies {
        &self.proxies
    }
}

impl Proxies {
    pub(super) fn of(variable: &impl Fn(&str) -> Option<OsString>) -> Self {
        let all = || named(variable, ["ALL_PROXY", "all_proxy"]);
        // A CGI program finds a header of its visitor's in `HTTP_PROXY`.
        let http = match variable("REQUEST_METHOD") {
            Some(_) => ["http_proxy", "http_proxy"],
            None => ["HTTP_PROXY", "http_proxy"],
        };
        let no = variable("NO_PROXY").or_else(|| variable("no_proxy")).unwrap_or_default();
        Self {
            http: named(variable, http).or_else(all),
            https: named(variable, ["HTTPS_PROXY", "https_proxy"]).or_else(all),
            no: NoProxy::parse(&no.to_string_lossy()),
        }
    }

    pub(super) fn for_url(&self, url: &Url) -> Result<Option<Proxy>, ProxyError> {
        let named = if url.scheme() == "https" { &self.https } else { &self.http };
        match named {
            // A proxy that no request uses is not checked.
            Some(found) if !self.no.names(url) => found.clone().map(Some),
            _ => Ok(None),
        }
    }

    /// The proxies for `http` and `https`, without those that can't be used.
    pub(super) fn usable(&self) -> impl Iterator<Item = &Proxy> {
        [&self.http, &self.https].into_iter().filter_map(|named| named.as_ref()?.as_ref().ok())
    }
}

fn named(variable: &impl Fn(&str) -> Option<OsString>, names: [&'static str; 2]) -> Named {
    names.into_iter().find_map(|name| {
        let value = variable(name)?;
        let parsed = match value.to_str() {
            Some(text) => Proxy::parse(name, text.trim()),
            None => Err("it is not UTF-8 text"),
        };
        Some(parsed.map_err(|problem| ProxyError { variable: name, problem }))
    })
}

impl Proxy {
    fn parse(variable: &'static str, text: &str) -> Result<Self, &'static str> {
        if text.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
            return Err("it has spaces, line breaks or control characters in it");
        }
        // `proxy.example.com:3128` is what many write; its scheme would be read as `proxy.example.com:`.
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
        let mut url = Url::parse(&with_scheme).map_err(|_| "it is not a URL")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("only http:// and https:// proxies are supported");
        }
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        // The two clients read addresses by two libraries, and have to agree on the host.
        ProxyConfig::all(url.as_str()).map_err(|_| "it is not a URL")?;
        Ok(Self { variable, url })
    }

    /// The variable that names it.
    pub fn variable(&self) -> &'static str {
        self.variable
    }

    /// `http://host:port/`, without name and password.
    pub fn url(&self) -> Url {
        let mut url = self.url.clone();
        // A URL with a host takes both.
        let _kept = url.set_username("").and_then(|()| url.set_password(None));
        url
    }

    /// The same, with them.
    pub(super) fn url_with_password(&self) -> &Url {
        &self.url
    }

    /// `Proxy-Authorization`, for a proxy that wants a name and a password.
    pub(super) fn authorization(&self) -> Option<HeaderValue> {
        if self.url.username().is_empty() && self.url.password().is_none() {
            return None;
        }
        let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let both =
            format!("{}:{}", plain(self.url.username()), plain(self.url.password().unwrap_or_default()));
        let mut value = HeaderValue::try_from(format!("Basic {}", BASE64_STANDARD.encode(both))).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Proxy").field(&self.url().as_str()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(variables: &[(&str, &str)], url: &str) -> Result<Option<String>, ProxyError> {
        let network = Network::of(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| OsString::from(value))
        });
        let url = Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        Ok(network.proxy_for(&url)?.map(|proxy| proxy.url().to_string()))
    }

    #[test]
    fn the_scheme_chooses_the_variable() {
        let both = [("HTTP_PROXY", "http://plain:1"), ("https_proxy", "tls.example.com:2")];
        assert_eq!(leads(&both, "http://a/"), Ok(Some("http://plain:1/".into())));
        assert_eq!(
            leads(&both, "https://a/"),
            Ok(Some("http://tls.example.com:2/".into())),
            "no scheme: http"
        );
        let all = [("all_proxy", "http://all:3"), ("HTTP_PROXY", "")];
        assert_eq!(leads(&all, "http://a/"), Ok(Some("http://all:3/".into())), "an empty one is unset");
        assert_eq!(leads(&all, "https://a/"), Ok(Some("http://all:3/".into())));
        assert_eq!(leads(&[], "https://a/"), Ok(None));
    }

    #[test]
    fn a_host_of_no_proxy_is_asked_directly() {
        let lower = [("HTTP_PROXY", "http://p:1"), ("no_proxy", "127.0.0.1")];
        assert_eq!(leads(&lower, "http://127.0.0.1:9700/"), Ok(None));
        let all = [("ALL_PROXY", "http://p:1"), ("NO_PROXY", "*")];
        assert_eq!(leads(&all, "http://127.0.0.1:9700/"), Ok(None), "also by its number");
    }

    #[test]
    fn a_header_of_a_visitor_is_no_proxy() {
        let cgi = [("HTTP_PROXY", "http://evil:1"), ("REQUEST_METHOD", "GET")];
        assert_eq!(leads(&cgi, "http://a/"), Ok(None));
    }

    #[test]
    fn what_can_t_be_used_is_named_without_its_password() {
        for value in ["socks5://me:secret@p:1", "http://me:secret@p\n:1", "http://me:secret@:1", "{"] {
            let error = leads(&[("HTTPS_PROXY", value)], "https://a/").expect_err(value);
            assert_eq!(error.variable, "HTTPS_PROXY");
            assert!(!error.to_string().contains("secret"), "{error}");
            assert_eq!(
                leads(&[("HTTPS_PROXY", value)], "http://a/"),
                Ok(None),
                "it is not used for this address"
            );
        }
        let proxy = Proxy::parse("HTTP_PROXY", "http://me:s%40cret@p:1").expect("a proxy");
        assert!(!format!("{proxy:?}{}", proxy.url()).contains("cret"));
        let expected = format!("Basic {}", BASE64_STANDARD.encode("me:s@cret"));
        assert_eq!(proxy.authorization().expect("a password"), expected.as_str());
    }
}
