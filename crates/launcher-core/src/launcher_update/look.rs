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
use super::{MOST_DOCUMENT_BYTES, UpdateError};
use crate::core::Core;
use crate::services::client_for;
use crate::state::State;
use crate::view::LauncherUpdate;

/// Longer than a server that answers is silent.
const SILENCE: Duration = Duration::from_secs(30);

/// Places that send a browser elsewhere for a file do so once or twice.
const MOST_REDIRECTS: usize = 5;

/// How often windows hear of the download.
const STEP_BYTES: u64 = 256 << 10;

/// Why there is no newer launcher, and of which package that is true.
pub(super) struct Failed {
    pub(super) error: Box<UpdateError>,
    pub(super) signature: Option<String>,
}

impl Failed {
    fn of_nothing(error: UpdateError) -> Self {
        Self { error: Box::new(error), signature: None }
    }
}

impl Core {
    /// Looks for a newer launcher and fetches it, beside whatever else goes on; not while the game
    /// runs. Whoever looks on hears of it; installing is asked for.
    pub async fn check_launcher(self: &Arc<Self>) {
        let Some(updates) = self.brand.launcher_updates.clone() else { return };
        let Some(target) = self.surroundings.launcher.target.clone() else { return };
        if !self.change(begin) {
            return;
        }
        let (core, runtime) = (Arc::clone(self), self.surroundings.runtime.clone());
        // Writing and verifying block, so they get a thread of their own.
        let found = spawn_blocking(move || runtime.block_on(core.find_launcher(&updates, &target))).await;
        self.change(|state| {
            let newer = &mut state.newer_launcher;
            newer.is_asking = false;
            match found {
                Ok(found) => newer.end(found),
                Err(error) => tracing::error!(%error, "looking for a newer launcher"),
            }
        });
    }

    async fn find_launcher(
        &self,
        updates: &LauncherUpdates,
        target: &str,
    ) -> Result<Option<Announcement>, Failed> {
        let client = self.client(updates).map_err(Failed::of_nothing)?;
        let announced = self.announced(&client, updates, target).await.map_err(Failed::of_nothing)?;
        let Some(announced) = announced else {
            Package::discard_all(&self.places.data);
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

    fn client(&self, updates: &LauncherUpdates) -> Result<Client, UpdateError> {
        let url = updates.url.url();
        let unusable = |source| UpdateError::NoClient { url: url.clone(), source };
        let builder = client_for(url, &self.surroundings).map_err(unusable)?;
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
    ) -> Result<Option<Announcement>, UpdateError> {
        let url = updates.url.url();
        let unreachable = |source| UpdateError::Unreachable { url: url.clone(), source };
        let mut response = client.get(url.clone()).send().await.map_err(unreachable)?;
        match response.status() {
            StatusCode::OK => {}
            // How a server says that there is nothing new.
            StatusCode::NO_CONTENT => return Ok(None),
            status => return Err(UpdateError::Refused { url: url.clone(), status: status.as_u16() }),
        }
        let mut document = Vec::new();
        while let Some(bytes) = response.chunk().await.map_err(unreachable)? {
            if document.len() + bytes.len() > MOST_DOCUMENT_BYTES {
                return Err(UpdateError::LongDocument { url: url.clone() });
            }
            document.extend_from_slice(&bytes);
        }
        Announcement::read(&document, &self.surroundings.launcher.version, target)
    }

    /// Fetches and verifies it; answers whether it is all here.
    async fn fetch(
        &self,
        client: &Client,
        updates: &LauncherUpdates,
        announced: &Announcement,
    ) -> Result<bool, UpdateError> {
        let package = Package::place(&self.places.data, announced)?;
        let told = AtomicU64::new(0);
        let watch = |done: u64, total| {
            if done / STEP_BYTES != told.swap(done / STEP_BYTES, Ordering::Relaxed) {
                self.show_download(announced, done, total);
            }
            !self.read(State::is_playing)
        };
        let way = Way { client, rate: &self.rate_limit, watch: &watch };
        let done = match package.fetch(&way, announced).await {
            Ok(true) => package.verify(announced, updates.public_key.key()).map(|_| true),
            done => done,
        };
        if done.as_ref().is_err_and(UpdateError::is_of_package) {
            package.discard();
        }
        done
    }

    fn show_download(&self, announced: &Announcement, done_bytes: u64, total_bytes: Option<u64>) {
        self.change(|state| {
            let version = announced.version.to_string();
            state.newer_launcher.shown = LauncherUpdate::Downloading { version, done_bytes, total_bytes };
        });
    }

    fn has_refused(&self, announced: &Announcement) -> bool {
        self.read(|state| state.newer_launcher.refused.as_ref() == Some(&announced.signature))
    }
}

/// Whether it may be looked for a newer launcher now.
fn begin(state: &mut State) -> bool {
    let newer = &state.newer_launcher;
    let is_free = !newer.is_asking && newer.ready.is_none() && !state.is_playing();
    state.newer_launcher.is_asking |= is_free;
    is_free
}
