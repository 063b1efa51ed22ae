//! Opens the stores that the settings name.

use std::path::Path;
use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use naru_patcher::{Installer, PublishOptions, Publisher, RateLimit, UpdateOptions};
use naru_protocol::{Channel, ErrorCode};
use naru_store::{
    Backoff, CloudFrontInvalidator, EdgeOptions, EdgeStore, Invalidator, NoCertificates, Retrying, S3Store,
    check_certificates,
};

use crate::config::Config;
use crate::context::Context;
use crate::failure::Failure;
use crate::language::{Words, say, words};

/// A publisher on the configured bucket, with the credentials of the standard AWS chain. It tells
/// the edge of what it publishes.
pub async fn publisher(
    context: &Context,
    config: &Config,
    options: PublishOptions,
) -> Result<Publisher, Failure> {
    let bucket = config.bucket()?;
    let sdk = sdk_config(config).await?;
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
    let store = Arc::new(S3Store::new(&sdk_config(config).await?, bucket));
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
    require_certificates()?;
    let edge = EdgeOptions { proxy: context.world.proxy_for(url), ..EdgeOptions::default() };
    let store = EdgeStore::new(url, edge).map_err(|error| {
        Failure::new(ErrorCode::Config, Words::same(format!("edge.url: {}", error.detail)))
    })?;
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

fn require_certificates() -> Result<(), Failure> {
    check_certificates().map_err(|NoCertificates| {
        let problem = words!(
            "this machine has no CA certificates, so it can't tell a server from an impostor",
            "이 컴퓨터에 CA 인증서가 없어 서버를 확인할 수 없습니다"
        );
        Failure::new(ErrorCode::Config, problem).with_hint(words!(
            "install them (Debian: `apt-get install ca-certificates`), or name a file of them in SSL_CERT_FILE",
            "설치하거나(데비안: `apt-get install ca-certificates`) 인증서 파일을 SSL_CERT_FILE로 지정하십시오"
        ))
    })
}

async fn sdk_config(config: &Config) -> Result<SdkConfig, Failure> {
    require_certificates()?;
    let mut loader = aws_config::defaults(BehaviorVersion::latest());
    if let Some(region) = &config.region {
        loader = loader.region(Region::new(region.clone()));
    }
    let sdk = loader.load().await;
    if sdk.region().is_none() {
        let problem = words!(
            "no region: set store.region (NARU_REGION), AWS_REGION, or the region of your AWS profile",
            "리전이 없습니다. store.region(NARU_REGION), AWS_REGION, AWS 프로필의 리전 가운데 하나를 설정하십시오"
        );
        return Err(Failure::new(ErrorCode::Config, problem));
    }
    Ok(sdk)
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
