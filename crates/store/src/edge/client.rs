//! The HTTP client below the edge.

use naru_protocol::{Endpoint, EndpointError};
use reqwest::Client;
use url::Url;

use super::EdgeOptions;
use crate::network::{ClientError, safe_redirects};

const REDIRECTS: usize = 5;

/// An edge that can't be asked.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// Its address is none that is spoken to.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// A key can't be put behind it.
    #[error("the address of an edge must not contain `?` or `#`")]
    Query,
    /// There is no client for it.
    #[error(transparent)]
    Client(#[from] ClientError),
}

pub(super) fn build(base: &Url, options: &EdgeOptions) -> Result<Client, ClientError> {
    let builder = options.network.client_for(base)?;
    let builder = builder
        .http1_only()
        .tcp_nodelay(true)
        .connect_timeout(options.connect_timeout)
        .read_timeout(options.stall_timeout)
        .user_agent(&options.user_agent)
        .redirect(safe_redirects(REDIRECTS))
        // Whichever features another crate of the program turns on: we want the bytes as they are.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd();
    Ok(builder.build()?)
}

/// The base with a closing slash, ready for a key.
pub(super) fn parse_base(base_url: &str) -> Result<Url, EdgeError> {
    let mut url = Url::from(Endpoint::parse(base_url)?);
    if url.query().is_some() || url.fragment().is_some() {
        return Err(EdgeError::Query);
    }
    let path = format!("{}/", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_an_endpoint_that_ends_in_a_slash() {
        for (given, kept) in [
            ("https://cdn.example.com", "https://cdn.example.com/"),
            ("http://127.0.0.1:9000/bucket", "http://127.0.0.1:9000/bucket/"),
            ("http://127.0.0.1:9000/bucket//", "http://127.0.0.1:9000/bucket/"),
        ] {
            assert_eq!(parse_base(given).map(String::from).ok().as_deref(), Some(kept));
        }
        for given in
            ["cdn.example.com", "file:///srv", "https://cdn.example.com/?a=b", "http://cdn.example.com/"]
        {
            assert!(parse_base(given).is_err(), "{given}");
        }
    }
}
