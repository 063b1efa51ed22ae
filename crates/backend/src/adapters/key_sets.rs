//! The public keys of issuers, kept for an hour.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{Jwk, JwkSet};
use tokio::sync::Mutex;
use url::Url;

use super::bounded_http::{BoundedHttp, send};
use crate::domain::accounts::ProviderError;

/// How long keys are believed without asking again.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// How long they are believed when the issuer can't be asked.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// The pause between two questions. An unknown key costs a question, and anybody can make up an
/// unknown key.
const PAUSE: Duration = Duration::from_secs(10);

/// Key sets by their address.
#[derive(Debug, Clone)]
pub struct KeySets {
    http: BoundedHttp,
    pause: Duration,
    sets: Arc<Mutex<HashMap<Url, Arc<Mutex<Known>>>>>,
}

/// What is known of one address.
#[derive(Debug, Default)]
struct Known {
    set: Option<(Instant, JwkSet)>,
    asked: Option<Instant>,
}

impl KeySets {
    /// Starts with nothing known.
    pub fn new(http: BoundedHttp) -> KeySets {
        Self::with_pause(http, PAUSE)
    }

    /// The same with another pause between two questions to one issuer.
    pub fn with_pause(http: BoundedHttp, pause: Duration) -> KeySets {
        KeySets { http, pause, sets: Arc::default() }
    }

    /// The key of a name; without a name the only key there is.
    pub(super) async fn find(&self, url: &Url, name: Option<&str>) -> Result<Option<Jwk>, ProviderError> {
        let known = Arc::clone(self.sets.lock().await.entry(url.clone()).or_default());
        // Held while asking: a crowd that comes at once asks once.
        let mut known = known.lock().await;
        let usable = known.find(name, FRESH);
        let paused = known.asked.is_some_and(|asked| asked.elapsed() < self.pause);
        if usable.is_some() || (paused && known.set.is_some()) {
            return Ok(usable);
        }
        known.asked = Some(Instant::now());
        match self.fetch(url).await {
            Ok(set) => known.set = Some((Instant::now(), set)),
            Err(error) => return known.find(name, STALE).map(Some).ok_or(error),
        }
        Ok(known.find(name, FRESH))
    }

    async fn fetch(&self, url: &Url) -> Result<JwkSet, ProviderError> {
        send(self.http.get(url), url).await?.value("key set")
    }
}

impl Known {
    fn find(&self, name: Option<&str>, age: Duration) -> Option<Jwk> {
        let (fetched, set) = self.set.as_ref()?;
        if fetched.elapsed() >= age {
            return None;
        }
        match (name, set.keys.as_slice()) {
            (Some(name), _) => set.find(name).cloned(),
            (None, [only]) => Some(only.clone()),
            (None, _) => None,
        }
    }
}
