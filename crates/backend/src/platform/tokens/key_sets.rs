//! The public keys of issuers, kept for an hour.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{Jwk, JwkSet};
use tokio::sync::Mutex;
use url::Url;

use crate::platform::{BoundedHttp, ProviderError, send};

/// How long keys are cached.
const FRESH: Duration = Duration::from_secs(60 * 60);

/// How long they are used if the issuer can't be reached.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// The pause between two questions. An unknown key causes a request, and an attacker can invent an
/// unknown key.
const PAUSE: Duration = Duration::from_secs(10);

/// Key sets by their address.
#[derive(Debug, Clone)]
pub struct KeySets {
    http: BoundedHttp,
    fresh: Duration,
    pause: Duration,
    sets: Arc<Mutex<HashMap<Url, Arc<Mutex<Known>>>>>,
}

/// What is known of one address.
#[derive(Debug, Default)]
struct Known {
    set: Option<(Instant, JwkSet)>,
    /// When the last answer came, and what was wrong with it.
    asked: Option<(Instant, Option<ProviderError>)>,
}

impl KeySets {
    /// Starts with nothing known.
    pub fn new(http: BoundedHttp) -> KeySets {
        Self::with_times(http, FRESH, PAUSE)
    }

    /// The same with other times: how long keys are cached, and the pause between
    /// two questions to one issuer.
    pub fn with_times(http: BoundedHttp, fresh: Duration, pause: Duration) -> KeySets {
        KeySets { http, fresh, pause, sets: Arc::default() }
    }

    /// The key of a name; without a name the only key there is.
    pub(crate) async fn find(&self, url: &Url, name: Option<&str>) -> Result<Option<Jwk>, ProviderError> {
        let known = Arc::clone(self.sets.lock().await.entry(url.clone()).or_default());
        // Held while asking: a crowd that comes at once asks once.
        let mut known = known.lock().await;
        if let Some(key) = known.find(name, self.fresh) {
            return Ok(Some(key));
        }
        if !known.was_asked_within(self.pause) {
            let failure = match self.fetch(url).await {
                Ok(set) => {
                    known.set = Some((Instant::now(), set));
                    None
                }
                Err(error) => Some(error),
            };
            // Not before: an issuer that is slow to fail would use the pause up.
            known.asked = Some((Instant::now(), failure));
        }
        known.last_resort(name)
    }

    async fn fetch(&self, url: &Url) -> Result<JwkSet, ProviderError> {
        send(self.http.get(url), url).await?.value("key set")
    }
}

impl Known {
    fn was_asked_within(&self, pause: Duration) -> bool {
        self.asked.as_ref().is_some_and(|(asked, _)| asked.elapsed() < pause)
    }

    /// What there is without asking: an old set still counts for a while. Without a key in it, a failure is
    /// the issuer's, and says nothing of the key.
    fn last_resort(&self, name: Option<&str>) -> Result<Option<Jwk>, ProviderError> {
        match (self.find(name, STALE), &self.asked) {
            (None, Some((_, Some(failure)))) => Err(failure.clone()),
            (key, _) => Ok(key),
        }
    }

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
