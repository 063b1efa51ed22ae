//! The bucket, and the credentials for it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_credential_types::provider::ProvideCredentials;
use naru_brand::Publishing;
use naru_patcher::{ChannelOptions, ProgressSink, PublishOptions, Publisher, ReleaseLog};
use naru_protocol::RegionName;
use naru_store::{AwsError, CloudFrontInvalidator, Invalidator, S3Store, connections_within};
use tokio::time::timeout;

use crate::core::Core;
use crate::state::State;
use crate::view::{Problem, ProblemCode};

/// A profile may ask a program or a server for its credentials.
const LOOKING: Duration = Duration::from_secs(10);

impl Core {
    /// A publisher on the configured bucket. It tells the edge of what it publishes.
    pub(super) async fn publisher(
        &self,
        build: PathBuf,
        notes: &str,
        progress: Arc<dyn ProgressSink>,
    ) -> Result<Publisher, Problem> {
        let publishing = self.publishing()?;
        let defaults = PublishOptions::new(build);
        let options = PublishOptions {
            uploads: connections_within(self.surroundings.open_files, defaults.uploads),
            notes: notes.to_owned(),
            preserve: publishing.preserve.clone(),
            config: publishing.config.clone(),
            ..defaults
        };
        Ok(Publisher::new(self.release_log(progress).await?, options))
    }

    /// The releases of the channel in the configured bucket. The edge is told of what goes live.
    pub(super) async fn release_log(&self, progress: Arc<dyn ProgressSink>) -> Result<ReleaseLog, Problem> {
        let publishing = self.publishing()?;
        let channel = self.read(State::channel);
        let channel = channel.parse().map_err(|error| Problem::new(ProblemCode::Config, error))?;
        let sdk = self.sdk(publishing).await?;
        let options = ChannelOptions {
            prefix: self.endpoints.prefix.as_str().to_owned(),
            channel,
            cache: self.places.cache.clone(),
        };
        let distribution = publishing.distribution.as_ref();
        let invalidator = distribution.map(|distribution| {
            Arc::new(CloudFrontInvalidator::new(&sdk, distribution.as_str())) as Arc<dyn Invalidator>
        });
        let store = Arc::new(S3Store::new(&sdk, publishing.bucket.as_str()));
        Ok(ReleaseLog::new(store, invalidator, options, progress))
    }

    fn publishing(&self) -> Result<&Publishing, Problem> {
        let missing = || Problem::new(ProblemCode::NoPublisher, "endpoints.publishing is not set");
        self.endpoints.publishing.as_ref().ok_or_else(missing)
    }

    async fn sdk(&self, publishing: &Publishing) -> Result<SdkConfig, Problem> {
        if let Some(sdk) = &self.surroundings.aws {
            return Ok(sdk.clone());
        }
        let region = publishing.region.as_ref().map(RegionName::as_str);
        self.surroundings.network.aws(region).await.map_err(|error| match error {
            AwsError::NoRegion => {
                let detail = "no region: endpoints.publishing.region, AWS_REGION, or that of the AWS profile";
                Problem::new(ProblemCode::Config, detail)
            }
            other => Problem::new(ProblemCode::Config, other),
        })
    }

    /// Shows the publisher's part to whoever has credentials.
    pub(crate) async fn look_for_credentials(&self) {
        if self.endpoints.publishing.is_some() && self.has_credentials().await {
            self.change(|state| state.publisher.shown = true);
        }
    }

    /// Only what is on this machine is looked at: the whole chain would have every player's launcher
    /// ask the network for a virtual machine's credentials.
    async fn has_credentials(&self) -> bool {
        let provided = async {
            if let Some(sdk) = &self.surroundings.aws {
                return match sdk.credentials_provider() {
                    Some(provider) => provider.provide_credentials().await.is_ok(),
                    None => false,
                };
            }
            EnvironmentVariableCredentialsProvider::new().provide_credentials().await.is_ok()
                || ProfileFileCredentialsProvider::builder().build().provide_credentials().await.is_ok()
        };
        timeout(LOOKING, provided).await.unwrap_or(false)
    }
}
