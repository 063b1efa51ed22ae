//! What the root of the program knows of its surroundings. The core is handed it and looks nowhere else.

use std::path::PathBuf;
use std::sync::Arc;

use aws_config::SdkConfig;
use hyper_util::client::proxy::matcher::Matcher;
use naru_store::EdgeProxy;
use tokio::runtime::Handle;
use url::Url;

use crate::clock::Clock;
use crate::launcher_update::Packaged;
use crate::system_variables::SystemVariables;
use crate::view::Language;

/// The proxies that the environment names, and the hosts that need none.
pub type Proxies = Matcher;

/// Where the launcher keeps things.
#[derive(Debug, Clone)]
pub struct Places {
    /// The launcher's own files: `settings.json`, support bundles.
    pub data: PathBuf,
    /// Its log files.
    pub logs: PathBuf,
    /// Where the game is installed when the player has chosen nothing.
    pub default_install: PathBuf,
    /// A per-user folder for what can be made again.
    pub cache: Option<PathBuf>,
}

/// What the program was started in.
#[derive(Clone)]
pub struct Surroundings {
    /// Where work goes on.
    pub runtime: Handle,
    /// The language of the system.
    pub system_language: Language,
    /// Where the game is installed, whatever the settings say.
    pub install_folder: Option<PathBuf>,
    /// Whether the publisher's part was asked for.
    pub admin: bool,
    /// What the programs find that it starts.
    pub system_variables: SystemVariables,
    /// How to get out.
    pub proxies: Option<Arc<Proxies>>,
    /// Which launcher this is.
    pub launcher: Packaged,
    /// The publisher's credentials and endpoints; without them, those of the standard AWS chain.
    pub aws: Option<SdkConfig>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl Surroundings {
    /// The proxy that leads to a URL.
    pub(crate) fn proxy_for(&self, url: &Url) -> Option<EdgeProxy> {
        let found = self.proxies.as_ref()?.intercept(&url.as_str().parse().ok()?)?;
        Some(EdgeProxy { url: found.uri().to_string(), authorization: found.basic_auth().cloned() })
    }
}

/// Whether a token may be sent there: nobody between here and there may read it.
pub(crate) fn is_private(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_travels_over_tls_or_not_at_all() {
        for (url, expected) in [
            ("https://services.example.com", true),
            ("http://127.0.0.1:9703", true),
            ("http://localhost:9703", true),
            ("http://[::1]:9703", true),
            ("http://services.example.com", false),
            ("http://127.0.0.1.example.com", false),
            ("ftp://localhost", false),
        ] {
            let parsed = Url::parse(url).expect("a good URL");
            assert_eq!(is_private(&parsed), expected, "{url}");
        }
    }
}
