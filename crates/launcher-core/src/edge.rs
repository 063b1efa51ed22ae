//! The engine on the configured edge.

use std::path::Path;
use std::sync::Arc;

use naru_patcher::{InstallFolder, ProgressSink, UpdateOptions, Updater};
use naru_store::{Backoff, EdgeOptions, EdgeStore, Retrying, check_certificates, connections_within};

use crate::core::Core;
use crate::view::{Problem, ProblemCode};

impl Core {
    /// An updater of a folder, by the settings of this moment. It needs no credentials.
    pub(crate) fn updater(&self, folder: &Path, progress: Arc<dyn ProgressSink>) -> Result<Updater, Problem> {
        let Some(url) = &self.endpoints.edge else {
            return Err(Problem::new(ProblemCode::Config, "endpoints.edge is not set"));
        };
        check_certificates().map_err(|error| Problem::new(ProblemCode::Config, error))?;
        let edge = EdgeOptions { network: Arc::clone(&self.surroundings.network), ..EdgeOptions::default() };
        let store = EdgeStore::new(url.as_str(), edge)
            .map_err(|error| Problem::new(ProblemCode::Config, format!("endpoints.edge: {error}")))?;
        let channel = self.read(|state| state.settings.channel.clone());
        let defaults = UpdateOptions::default();
        let options = UpdateOptions {
            connections: connections_within(self.surroundings.open_files, defaults.connections),
            prefix: self.endpoints.prefix.as_str().to_owned(),
            channel: channel.and_then(|name| name.parse().ok()),
            rate_limit: self.rate_limit.clone(),
            ..defaults
        };
        // A server that hiccups is asked again; the engine itself repeats what breaks off midway.
        let store = Retrying::new(store, Backoff::default());
        Ok(Updater::new(Arc::new(store), InstallFolder::new(folder), options, progress))
    }
}
