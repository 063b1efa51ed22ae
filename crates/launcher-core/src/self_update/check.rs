//! Looking for a newer launcher, and fetching it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use naru_brand::LauncherUpdates;
use naru_store::safe_redirects;
use reqwest::{Client, StatusCode};
use tokio::task::spawn_blocking;

use super::announcement::Announcement;
use super::package::{Package, Way};
use super::{MOST_DOCUMENT_BYTES, SelfUpdate, SelfUpdateError};
use crate::lease::Holder;
use crate::services_client::client_for;
use crate::view::LauncherUpdate;

/// Longer than a server that answers is silent.
const SILENCE: Duration = Duration::from_secs(30);

/// Places that send a browser elsewhere for a file do so once or twice.
const MOST_REDIRECTS: usize = 5;

/// How often windows get the download's progress.
const STEP_BYTES: u64 = 256 << 10;

/// Why there is no newer launcher, and of which package that is true.
pub(super) struct Failed {
    pub(super) error: Box<SelfUpdateError>,
    pub(super) signature: Option<String>,
}

impl Failed {
    fn of_nothing(error: SelfUpdateError) -> Self {
        Self { error: Box::new(error), signature: None }
    }
}

impl SelfUpdate {
    /// Looks for a newer launcher and fetches it, beside whatever else goes on; not while the game
    /// runs. Windows are informed; installing needs the player.
    pub async fn check(self: &Arc<Self>) {
        let Some(updates) = self.updates.clone() else { return };
        let Some(target) = self.launcher.target.clone() else { return };
        if !self.begin_check() {
            return;
        }
        let (this, runtime) = (Arc::clone(self), self.runtime.clone());
        // Writing and verifying block, so they run on a blocking thread.
        let found = spawn_blocking(move || runtime.block_on(this.find(&updates, &target))).await;
        self.state.change(|state| {
            state.is_asking = false;
            match found {
                Ok(found) => state.end_check(found),
                Err(error) => tracing::error!(%error, "looking for a newer launcher"),
            }
        });
    }

    fn begin_check(&self) -> bool {
        let is_playing = self.is_playing();
        self.state.change(|state| {
            let is_free = !state.is_asking && state.ready.is_none() && !is_playing;
            state.is_asking |= is_free;
            is_free
        })
    }

    /// The line is the game's while it runs.
    fn is_playing(&self) -> bool {
        self.lease.is_held_for(Holder::Game)
    }

    async fn find(&self, updates: &LauncherUpdates, target: &str) -> Result<Option<Announcement>, Failed> {
        let client = self.client(updates).map_err(Failed::of_nothing)?;
        let announced = self.announced(&client, updates, target).await.map_err(Failed::of_nothing)?;
        let Some(announced) = announced else {
            Package::discard_all(&self.data);
            return Ok(None);
        };
        if self.has_refused(&announced) {
            return Ok(None);
        }
        match self.fetch(&client, updates, &announced).await {
            Ok(true) => Ok(Some(announced)),
            Ok(false) => Ok(None),
            Err(error) => Err(Failed { error: Box::new(error), signature: Some(announced.signature) }),
        }
    }

    fn client(&self, updates: &LauncherUpdates) -> Result<Client, SelfUpdateError> {
        let url = updates.url.url();
        let unusable = |source| SelfUpdateError::NoClient { url: url.clone(), source };
        let builder = client_for(url, &self.network).map_err(unusable)?;
        let builder = builder.read_timeout(SILENCE).redirect(safe_redirects(MOST_REDIRECTS));
        // What the announcement of an encrypted server names is encrypted too.
        let builder = builder.https_only(url.scheme() == "https");
        builder.build().map_err(|error| unusable(error.into()))
    }

    async fn announced(
        &self,
        client: &Client,
        updates: &LauncherUpdates,
        target: &str,
    ) -> Result<Option<Announcement>, SelfUpdateError> {
        let url = updates.url.url();
        let unreachable = |source| SelfUpdateError::Unreachable { url: url.clone(), source };
        let mut response = client.get(url.clone()).send().await.map_err(unreachable)?;
        match response.status() {
            StatusCode::OK => {}
            // How a server says that there is nothing new.
            StatusCode::NO_CONTENT => return Ok(None),
            status => return Err(SelfUpdateError::Refused { url: url.clone(), status: status.as_u16() }),
        }
        let mut document = Vec::new();
        while let Some(bytes) = response.chunk().await.map_err(unreachable)? {
            if document.len() + bytes.len() > MOST_DOCUMENT_BYTES {
                return Err(SelfUpdateError::LongDocument { url: url.clone() });
            }
            document.extend_from_slice(&bytes);
        }
        Announcement::read(&document, &self.launcher.version, target)
    }

    /// Fetches and verifies it; answers whether it is all here.
    async fn fetch(
        &self,
        client: &Client,
        updates: &LauncherUpdates,
        announced: &Announcement,
    ) -> Result<bool, SelfUpdateError> {
        let package = Package::place(&self.data, announced)?;
        let told = AtomicU64::new(0);
        let watch = |done: u64, total| {
            if done / STEP_BYTES != told.swap(done / STEP_BYTES, Ordering::Relaxed) {
                self.show_download(announced, done, total);
            }
            !self.is_playing()
        };
        let way = Way { client, rate: &self.rate_limit, watch: &watch };
        let done = match package.fetch(&way, announced).await {
            Ok(true) => package.verify(announced, updates.public_key.key()).map(|_| true),
            done => done,
        };
        if done.as_ref().is_err_and(SelfUpdateError::is_of_package) {
            package.discard();
        }
        done
    }

    fn show_download(&self, announced: &Announcement, done_bytes: u64, total_bytes: Option<u64>) {
        let version = announced.version.to_string();
        self.state.change(|state| {
            state.seen = LauncherUpdate::Downloading { version, done_bytes, total_bytes };
        });
    }

    fn has_refused(&self, announced: &Announcement) -> bool {
        self.state.read(|state| state.refused.as_ref() == Some(&announced.signature))
    }
}
