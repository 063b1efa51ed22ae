//! What the process was started with. Only `main` fills it; everything else is handed it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;
use naru_store::EdgeProxy;

/// The surroundings of a command.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// Environment variables whose names begin with `NARU_`.
    pub variables: BTreeMap<String, String>,
    /// The current folder.
    pub cwd: PathBuf,
    /// The proxies that the environment names, and the hosts that need none.
    pub proxies: Option<Arc<Matcher>>,
    /// The user's cache folder for Naru, where the system has one.
    pub cache: Option<PathBuf>,
    /// Whether somebody can answer a question.
    pub can_ask: bool,
}

impl World {
    /// The proxy that leads to a URL.
    pub fn proxy_for(&self, url: &str) -> Option<EdgeProxy> {
        let found = self.proxies.as_ref()?.intercept(&url.parse().ok()?)?;
        Some(EdgeProxy { url: found.uri().to_string(), authorization: found.basic_auth().cloned() })
    }
}
