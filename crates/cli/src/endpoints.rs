//! Opens the stores that the settings name.

use std::path::Path;
use std::sync::Arc;

use aws_config::SdkConfig;
use naru_patcher::{Installer, PublishOptions, Publisher, RateLimit, UpdateOptions};
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
    options: PublishOptions,
) -> Result<Publisher, Failure> {
    let bucket = config.bucket()?;
    let sdk = sdk_config(context, config).await?;
    Ok(Publisher {
        store: Arc::new(S3Store::new(&sdk, bucket)),
        invalidator: invalidator(context, config, &sdk),
        progress: context.progress(),
        options,
    })
}

/// A publisher that only lists, for which the edge does not matter.
pub async fn lister(
    context: &Context,
    config: &Config,
    options: PublishOptions,
) -> Result<Publisher, Failure> {
    let bucket = config.bucket()?;
    let store = Arc::new(S3Store::new(&sdk_config(context, config).await?, bucket));
    Ok(Publisher { store, invalidator: None, progress: context.progress(), options })
}

/// The publish options that come from the settings.
pub fn publish_options(context: &Context, config: &Config, build: &Path, channel: Channel) -> PublishOptions {
    PublishOptions {
        prefix: config.prefix.clone(),
        channel,
        preserve: config.preserve.clone(),
        config: config.config_globs.clone(),
        cache: context.world.cache.clone(),
        uploads: config.uploads,
        ..PublishOptions::new(build)
    }
}

/// An installer from the configured edge. It needs no credentials.
pub fn installer(context: &Context, config: &Config) -> Result<Installer, Failure> {
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
    Ok(Installer::new(Arc::new(store), &config.install, options, context.progress()))
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
