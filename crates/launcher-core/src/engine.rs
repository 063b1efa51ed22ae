//! From the launcher's settings of a moment to the engine.

use std::sync::Arc;

use aws_config::SdkConfig;
use naru_brand::{Endpoints, Publishing};
use naru_operations::{self as operations, BucketSettings, EdgeSettings};
use naru_patcher::{InstallFolder, ProgressSink, PublishOptions, Publisher, ReleaseLog, Updater};
use naru_protocol::{DistributionId, RegionName};

use crate::settings::Settings;
use crate::view::{ErrorCode, Problem, ProblemCode};

/// Makes updaters and publishers.
#[derive(Clone)]
pub(crate) struct Engine {
    environment: operations::Environment,
    endpoints: Endpoints,
    /// The publisher's credentials and endpoints; without them, those of the standard AWS chain.
    aws: Option<SdkConfig>,
    settings: Arc<Settings>,
}

impl Engine {
    pub(crate) fn new(
        environment: operations::Environment,
        endpoints: Endpoints,
        aws: Option<SdkConfig>,
        settings: Arc<Settings>,
    ) -> Self {
        Self { environment, endpoints, aws, settings }
    }

    /// An updater from the configured edge. It needs no credentials.
    pub(crate) fn updater(
        &self,
        folder: InstallFolder,
        progress: Arc<dyn ProgressSink>,
    ) -> Result<Updater, Problem> {
        let missing = || Problem::new(ErrorCode::Config, "endpoints.edge is not set");
        let edge = EdgeSettings {
            url: self.endpoints.edge.as_ref().ok_or_else(missing)?.as_str().to_owned(),
            prefix: self.endpoints.prefix.as_str().to_owned(),
            channel: self.settings.chosen_channel().and_then(|name| name.parse().ok()),
            connections: None,
            rate_limit: self.settings.rate_limit(),
        };
        Ok(operations::updater(&self.environment, edge, folder, progress)?)
    }

    /// The releases of a channel in the configured bucket. The edge is invalidated for each release.
    pub(crate) async fn release_log(
        &self,
        channel: &str,
        progress: Arc<dyn ProgressSink>,
    ) -> Result<ReleaseLog, Problem> {
        let publishing = self.publishing()?;
        let bucket = BucketSettings {
            bucket: publishing.bucket.as_str().to_owned(),
            region: publishing.region.as_ref().map(|region: &RegionName| region.as_str().to_owned()),
            distribution: publishing.distribution.as_ref().map(|id: &DistributionId| id.as_str().to_owned()),
            prefix: self.endpoints.prefix.as_str().to_owned(),
            channel: channel.parse().map_err(|error| Problem::new(ErrorCode::Config, error))?,
            aws: self.aws.clone(),
        };
        Ok(operations::release_log(&self.environment, bucket, progress).await?)
    }

    /// A publisher to a channel of the configured bucket.
    pub(crate) fn publisher(&self, log: ReleaseLog, options: PublishOptions) -> Result<Publisher, Problem> {
        let Publishing { preserve, config, .. } = self.publishing()?.clone();
        let options = PublishOptions { preserve, config, ..options };
        Ok(operations::publisher(&self.environment, log, options))
    }

    fn publishing(&self) -> Result<&Publishing, Problem> {
        let missing = || Problem::new(ProblemCode::NoPublisher, "endpoints.publishing is not set");
        self.endpoints.publishing.as_ref().ok_or_else(missing)
    }
}
