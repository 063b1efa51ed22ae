//! Addresses of servers: one rule for all of them.

use std::fmt;

use serde::Deserialize;
use url::{Host, Url};

/// The address of a server: HTTPS, or HTTP to this machine, so that nothing on the network can read or change
/// the data.
///
/// Every address that comes from outside is one, wherever it was written: a setting, a branding file, the
/// environment, another server's answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Endpoint(Url);

/// Why an address is refused. It does not repeat the address, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It is no URL.
    #[error("not a URL: {0}")]
    NotAUrl(url::ParseError),
    /// It has a space, a line break, a backslash or a control character in it, which readers of URLs
    /// pass over or read in different ways.
    #[error("a URL must not contain spaces, line breaks, backslashes or control characters")]
    Characters,
    /// It is neither `https` nor `http`.
    #[error("`{0}:` is not `https:`")]
    Scheme(String),
    /// It is `http` to another machine.
    #[error("`http:` is for this machine only (127.0.0.1, localhost, [::1]); use `https:` for {0}")]
    Open(String),
    /// It has a user name or a password, which would appear in logs.
    #[error("the URL must not contain a user name or a password")]
    Credentials,
}

/// Why a redirect is not followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedirectRefused {
    /// It leads to an address that a setting could not name either.
    #[error("a redirect to an address that is not allowed: {0}")]
    Target(EndpointError),
    /// An attacker on the network could answer.
    #[error("a redirect from https to http")]
    LeavesTls,
}

impl Endpoint {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        // The reader of URLs drops tabs and line breaks and takes `\` for `/`; another reader of the same
        // text might find another host in it.
        if text.chars().any(|letter| letter.is_whitespace() || letter.is_control() || letter == '\\') {
            return Err(EndpointError::Characters);
        }
        Self::try_from(Url::parse(text).map_err(EndpointError::NotAUrl)?)
    }

    /// The address as a URL.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether a client that was redirected through `previous` may follow to `next`.
    pub fn check_redirect(previous: &[Url], next: &Url) -> Result<(), RedirectRefused> {
        if let Err(error) = check(next) {
            return Err(RedirectRefused::Target(error));
        }
        let began_with_tls = previous.iter().any(|url| url.scheme() == "https");
        match began_with_tls && next.scheme() != "https" {
            true => Err(RedirectRefused::LeavesTls),
            false => Ok(()),
        }
    }
}

fn check(url: &Url) -> Result<(), EndpointError> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(EndpointError::Credentials);
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_this_machine(url) => Ok(()),
        "http" => Err(EndpointError::Open(url.host_str().unwrap_or_default().to_owned())),
        other => Err(EndpointError::Scheme(other.to_owned())),
    }
}

/// `0.0.0.0` is not this machine: it means all addresses of a machine, and some systems route it elsewhere.
fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl TryFrom<Url> for Endpoint {
    type Error = EndpointError;

    fn try_from(url: Url) -> Result<Self, EndpointError> {
        check(&url)?;
        Ok(Self(url))
    }
}

impl TryFrom<String> for Endpoint {
    type Error = EndpointError;

    fn try_from(text: String) -> Result<Self, EndpointError> {
        Self::parse(&text)
    }
}

impl From<Endpoint> for Url {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.0
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_https_or_this_machine() {
        for good in [
            "https://cdn.example.com",
            "https://10.0.0.1:8443/games",
            "https://엣지.example/",
            "http://localhost:9701",
            "http://127.0.0.1:9701/bucket",
            "http://127.255.0.3/",
            "http://[::1]:9701",
        ] {
            assert!(Endpoint::parse(good).is_ok(), "{good}: no third party can read it");
        }
        for bad in [
            "",
            "cdn.example.com",
            "http://cdn.example.com",
            "http://0.0.0.0:9701",
            "http://[::]:9701",
            "http://10.0.0.1",
            "http://192.168.0.2:9000",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://[::ffff:127.0.0.1]/",
            "http://169.254.169.254/",
            "ftp://localhost/",
            "file:///srv/games",
            "javascript:alert(1)",
            "naru-game://localhost/",
            "https://",
            "https://user:secret@cdn.example.com",
            "https://user@cdn.example.com",
            "http://127.0.0.1@cdn.example.com/",
            "https://cdn.example.com\n",
            " https://cdn.example.com",
            "https://cdn.example.com/a b",
            "http://127.0.0.1\\@cdn.example.com/",
            "https://cdn.example.com/\u{1b}[2J",
        ] {
            assert!(Endpoint::parse(bad).is_err(), "{bad:?} must be refused");
        }
    }

    #[test]
    fn a_refusal_does_not_repeat_a_password() {
        let error =
            Endpoint::parse("https://user:secret@cdn.example.com").expect_err("it carries a password");
        assert!(!error.to_string().contains("secret"), "messages are logged: {error}");
    }

    #[test]
    fn a_redirect_is_held_to_the_same_rule_and_never_leaves_tls() {
        let url = |text: &str| Url::parse(text).expect("a good URL");
        let (here, plain, tls) =
            (url("http://127.0.0.1:1/a"), url("http://cdn.example.com/a"), url("https://cdn.example.com/a"));
        let check = |previous: &[&Url], next| {
            let previous: Vec<Url> = previous.iter().map(|url| (*url).clone()).collect();
            Endpoint::check_redirect(&previous, next)
        };
        assert_eq!(check(&[&here], &here), Ok(()), "a stand-in on this machine may do so");
        assert_eq!(check(&[&here], &tls), Ok(()));
        assert_eq!(check(&[&tls], &tls), Ok(()));
        assert!(matches!(check(&[&here], &plain), Err(RedirectRefused::Target(_))), "readable on the way");
        assert_eq!(check(&[&tls], &here), Err(RedirectRefused::LeavesTls));
        assert_eq!(check(&[&tls, &tls], &here), Err(RedirectRefused::LeavesTls), "not by a detour either");
    }
}
