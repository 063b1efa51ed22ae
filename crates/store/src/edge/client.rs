//! The HTTP client below the edge.

use reqwest::redirect::{Action, Attempt, Policy};
use reqwest::{Client, Proxy, Url};

use super::{EdgeOptions, EdgeProxy};
use crate::{FailureKind, StoreError};

const REDIRECTS: usize = 5;

pub(super) fn build(base_url: &str, options: &EdgeOptions) -> Result<Client, StoreError> {
    let mut builder = Client::builder()
        .http1_only()
        .tcp_nodelay(true)
        .connect_timeout(options.connect_timeout)
        .read_timeout(options.stall_timeout)
        .user_agent(&options.user_agent)
        .redirect(Policy::custom(judge_redirect))
        // Whichever features another crate of the program turns on: we want the bytes as they are.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .no_proxy();
    if let Some(EdgeProxy { url, authorization }) = &options.proxy {
        let proxy = Proxy::all(url).map_err(|error| unusable(url, "not a proxy URL", error))?;
        builder = builder.proxy(match authorization {
            Some(value) => proxy.custom_http_auth(value.clone()),
            None => proxy,
        });
    }
    builder.build().map_err(|error| unusable(base_url, "no HTTP client", error))
}

/// The base with a closing slash, ready for a key.
pub(super) fn parse_base(base_url: &str) -> Result<Url, StoreError> {
    let refuse = |detail: &str| StoreError::new("open", base_url, FailureKind::Fatal, detail);
    let url = Url::parse(base_url).map_err(|error| refuse(&format!("not a URL: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("not an http or https URL without a query"));
    }
    let mut url = url;
    let path = format!("{}/", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

fn judge_redirect(attempt: Attempt<'_>) -> Action {
    match refusal(attempt.previous(), attempt.url()) {
        Some(reason) => attempt.error(reason),
        None => attempt.follow(),
    }
}

/// Why a redirect is not followed. It may not leave TLS: the answer would come from whoever holds
/// the network.
fn refusal(previous: &[Url], next: &Url) -> Option<String> {
    if previous.len() > REDIRECTS {
        return Some(format!("more than {REDIRECTS} redirects"));
    }
    let began_with_tls = previous.iter().any(|url| url.scheme() == "https");
    (began_with_tls && next.scheme() != "https").then(|| "a redirect from https to http".to_owned())
}

fn unusable(key: &str, detail: &str, error: reqwest::Error) -> StoreError {
    let mut failure = StoreError::new("open", key, FailureKind::Fatal, format!("{detail}: {error}"));
    failure.source = Some(Box::new(error));
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_an_http_url_that_ends_in_a_slash() {
        for (given, kept) in [
            ("https://cdn.example.com", "https://cdn.example.com/"),
            ("http://127.0.0.1:9000/bucket", "http://127.0.0.1:9000/bucket/"),
            ("http://127.0.0.1:9000/bucket//", "http://127.0.0.1:9000/bucket/"),
        ] {
            assert_eq!(parse_base(given).map(String::from).ok().as_deref(), Some(kept));
        }
        for given in ["cdn.example.com", "file:///srv", "https://cdn.example.com/?a=b"] {
            assert!(parse_base(given).is_err(), "{given}");
        }
    }

    #[test]
    fn a_redirect_never_leaves_tls() {
        let url = |text: &str| Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let (plain, tls) = (url("http://cdn.example.com/a"), url("https://cdn.example.com/a"));
        assert_eq!(refusal(std::slice::from_ref(&plain), &tls), None);
        assert_eq!(refusal(std::slice::from_ref(&tls), &tls), None);
        assert!(refusal(std::slice::from_ref(&tls), &plain).is_some());
        assert!(refusal(&[tls, plain.clone()], &plain).is_some(), "not by a detour either");
    }
}
