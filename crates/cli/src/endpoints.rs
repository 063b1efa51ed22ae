//! Opens the stores that the settings name.

use std::path::Path;
use std::sync::Arc;

use aws_config::SdkConfig;
use naru_patcher::{
    ChannelOptions, InstallFolder, PublishOptions, Publisher, RateLimit, ReleaseLog, UpdateOptions, Updater,
};
use naru_protocol::Channel;
use naru_store::{
    Backoff, CloudFrontInvalidator, EdgeOptions, EdgeStore, Invalidator, Retrying, S3Store,
    check_certificates,
};

use crate::config::Config;
use crate::context::Context;
use crate::engine_errors::settings;
use crate::failure::Failure;
use crate::language::say;

/// A publisher on the configured bucket, with the credentials of the standard AWS chain. It tells
/// the edge of what it publishes.
pub async fn publisher(
    context: &Context,
    config: &Config,
    channel: Channel,
    options: PublishOptions,
) -> Result<Publisher, Failure> {
    Ok(Publisher::new(release_log(context, config, channel).await?, options))
}

/// The releases of a channel in the configured bucket. The edge is told of what goes live.
pub async fn release_log(
    context: &Context,
    config: &Config,
    channel: Channel,
) -> Result<ReleaseLog, Failure> {
    let bucket = config.bucket()?;
    let sdk = sdk_config(context, config).await?;
    let store = Arc::new(S3Store::new(&sdk, bucket));
    let invalidator = invalidator(context, config, &sdk);
    let options = channel_options(context, config, channel);
    Ok(ReleaseLog::new(store, invalidator, options, context.progress()))
}

/// The releases of a channel for listing only, for which the edge does not matter.
pub async fn release_list(
    context: &Context,
    config: &Config,
    channel: Channel,
) -> Result<ReleaseLog, Failure> {
    let bucket = config.bucket()?;
    let store = Arc::new(S3Store::new(&sdk_config(context, config).await?, bucket));
    Ok(ReleaseLog::new(store, None, channel_options(context, config, channel), context.progress()))
}

fn channel_options(context: &Context, config: &Config, channel: Channel) -> ChannelOptions {
    ChannelOptions { prefix: config.prefix.clone(), channel, cache: context.world.cache.clone() }
}

/// The publish options that come from the settings.
pub fn publish_options(config: &Config, build: &Path) -> PublishOptions {
    PublishOptions {
        preserve: config.preserve.clone(),
        config: config.config_globs.clone(),
        uploads: config.uploads,
        ..PublishOptions::new(build)
    }
}

/// An updater from the configured edge. It needs no credentials.
pub fn updater(context: &Context, config: &Config) -> Result<Updater, Failure> {
    let url = config.edge_url()?;
    check_certificates().map_err(settings::of_certificates)?;
    let edge = EdgeOptions { network: Arc::clone(&context.world.network), ..EdgeOptions::default() };
    let store = EdgeStore::new(url, edge).map_err(|error| settings::of_edge(&error))?;
    let options = UpdateOptions {
        prefix: config.prefix.clone(),
        channel: config.channel.clone(),
        connections: config.connections,
        rate_limit: RateLimit::new(config.limit_rate),
        ..UpdateOptions::default()
    };
    // A server that hiccups is asked again; the engine itself repeats what breaks off midway.
    let store = Retrying::new(store, Backoff::default());
    let folder = InstallFolder::new(&config.install);
    Ok(Updater::new(Arc::new(store), folder, options, context.progress()))
}

async fn sdk_config(context: &Context, config: &Config) -> Result<SdkConfig, Failure> {
    let sdk = context.world.network.aws(config.region.as_deref()).await;
    sdk.map_err(|error| settings::of_aws(&error))
}

fn invalidator(context: &Context, config: &Config, sdk: &SdkConfig) -> Option<Arc<dyn Invalidator>> {
    let Some(distribution) = &config.distribution else {
        let sentence = say!(
            context.language(),
            "edge.distribution is not set: players see a release when the edge's copy of version.json expires",
            "edge.distribution이 설정되지 않았습니다. 엣지의 version.json 사본이 만료된 뒤에야 플레이어가 새 릴리스를 받습니다"
        );
        context.watcher.warn_about("no-distribution", None, &sentence);
        return None;
    };
    Some(Arc::new(CloudFrontInvalidator::new(sdk, distribution)))
}
