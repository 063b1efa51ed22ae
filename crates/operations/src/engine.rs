//! From the settings of a root to the engine.

use std::sync::Arc;

use aws_config::SdkConfig;
use naru_patcher::{
    ChannelOptions, InstallFolder, ProgressSink, PublishOptions, Publisher, RateLimit, ReleaseLog,
    UpdateOptions, Updater,
};
use naru_protocol::Channel;
use naru_store::{
    AwsError, Backoff, CloudFrontInvalidator, EdgeError, EdgeOptions, EdgeStore, Invalidator, NoCertificates,
    Retrying, S3Store, check_certificates, connections_within,
};

use crate::Environment;

/// Where releases are fetched from, and how.
#[derive(Debug, Clone)]
pub struct EdgeSettings {
    /// The address of the edge.
    pub url: String,
    /// What the keys of the bucket begin with.
    pub prefix: String,
    /// The channel to follow; without one, that of the installed release, else `live`.
    pub channel: Option<Channel>,
    /// Downloads under way at once; without a number, the engine's default.
    pub connections: Option<usize>,
    /// Bytes per second for all of them together; it may be changed while they run.
    pub rate_limit: RateLimit,
}

/// Where releases are published to.
#[derive(Debug, Clone)]
pub struct BucketSettings {
    /// The bucket.
    pub bucket: String,
    /// Its region; without one, AWS's own settings decide.
    pub region: Option<String>,
    /// The CloudFront distribution that is invalidated. Without one, players see a release when
    /// the edge's copy of the pointer expires.
    pub distribution: Option<String>,
    /// What the keys of the bucket begin with.
    pub prefix: String,
    /// The channel.
    pub channel: Channel,
    /// Credentials and endpoints; without them, those of the standard AWS chain.
    pub aws: Option<SdkConfig>,
}

/// Settings from which no engine can be made.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// This machine can trust no server.
    #[error(transparent)]
    Certificates(#[from] NoCertificates),
    /// The edge can't be asked.
    #[error(transparent)]
    Edge(#[from] EdgeError),
    /// AWS can't be asked.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

/// An updater from the edge. It needs no credentials.
pub fn updater(
    environment: &Environment,
    settings: EdgeSettings,
    folder: InstallFolder,
    progress: Arc<dyn ProgressSink>,
) -> Result<Updater, SettingsError> {
    check_certificates()?;
    let edge = EdgeOptions { network: Arc::clone(&environment.network), ..EdgeOptions::default() };
    let edge = EdgeStore::new(&settings.url, edge)?;
    // A server that fails for a moment is asked again. What breaks off midway is repeated by the engine
    // itself, which knows what has arrived.
    let store = Arc::new(Retrying::new(edge, Backoff::default()));
    let defaults = UpdateOptions::default();
    let connections = settings.connections.unwrap_or(defaults.connections);
    let options = UpdateOptions {
        prefix: settings.prefix,
        channel: settings.channel,
        connections: connections_within(environment.open_files, connections),
        rate_limit: settings.rate_limit,
        ..defaults
    };
    Ok(Updater::new(store, folder, options, progress))
}

/// The releases of the bucket's channel.
pub async fn release_log(
    environment: &Environment,
    settings: BucketSettings,
    progress: Arc<dyn ProgressSink>,
) -> Result<ReleaseLog, SettingsError> {
    let sdk = match settings.aws {
        Some(sdk) => sdk,
        None => environment.network.aws(settings.region.as_deref()).await?,
    };
    // The SDK repeats failed requests itself.
    let store = Arc::new(S3Store::new(&sdk, &settings.bucket));
    let invalidator = settings.distribution.map(|distribution| {
        let invalidator: Arc<dyn Invalidator> = Arc::new(CloudFrontInvalidator::new(&sdk, &distribution));
        invalidator
    });
    let options = ChannelOptions {
        prefix: settings.prefix,
        channel: settings.channel,
        cache: environment.cache.clone(),
    };
    Ok(ReleaseLog::new(store, invalidator, options, progress))
}

/// A publisher to a channel, with no more uploads at once than this process may hold files open for.
pub fn publisher(environment: &Environment, log: ReleaseLog, options: PublishOptions) -> Publisher {
    let uploads = connections_within(environment.open_files, options.uploads);
    Publisher::new(log, PublishOptions { uploads, ..options })
}
