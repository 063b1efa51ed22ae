//! CloudFront's cache.

use std::time::Duration;

use async_trait::async_trait;
use aws_config::{Region, SdkConfig};
use aws_sdk_cloudfront::Client;
use aws_sdk_cloudfront::config::Builder;
use aws_sdk_cloudfront::types::{self, InvalidationBatch, Paths};

use crate::key_path::encode_invalidation;
use crate::sdk_failure::classify;
use crate::{FailureKind, Invalidation, Invalidator, StoreError};

/// Drops paths from one CloudFront distribution.
#[derive(Debug)]
pub struct CloudFrontInvalidator {
    client: Client,
    distribution: String,
    poll_interval: Duration,
}

impl CloudFrontInvalidator {
    /// A distribution, with the credentials and the endpoint of `sdk_config`.
    pub fn new(sdk_config: &SdkConfig, distribution_id: &str) -> Self {
        Self {
            client: Client::from_conf(Builder::from(sdk_config).region(signing_region(sdk_config)).build()),
            distribution: distribution_id.to_owned(),
            // An invalidation takes a few seconds to minutes; the API allows some calls per second.
            poll_interval: Duration::from_secs(2),
        }
    }

    /// The same with another pause between two questions.
    #[must_use]
    pub fn with_poll_interval(self, poll_interval: Duration) -> Self {
        Self { poll_interval, ..self }
    }
}

#[async_trait]
impl Invalidator for CloudFrontInvalidator {
    async fn invalidate(&self, key: &str) -> Result<Invalidation, StoreError> {
        let refuse = |detail: String| StoreError::new("invalidate", key, FailureKind::Fatal, detail);
        let paths = Paths::builder().quantity(1).items(encode_invalidation(key)).build();
        let batch = InvalidationBatch::builder()
            .paths(paths.map_err(|error| refuse(error.to_string()))?)
            // The reference makes the SDK's own repeats one invalidation; two calls are never one:
            // https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_InvalidationBatch.html
            .caller_reference(format!("naru-{:032x}", fastrand::u128(..)))
            .build()
            .map_err(|error| refuse(error.to_string()))?;
        let request = self.client.create_invalidation().distribution_id(&self.distribution);
        let answer = request.invalidation_batch(batch).send().await;
        let answer = answer.map_err(|error| classify("invalidate", key, error))?;
        known(key, answer.invalidation)
    }

    async fn progress(&self, id: &str) -> Result<Invalidation, StoreError> {
        let request = self.client.get_invalidation().distribution_id(&self.distribution).id(id);
        let answer = request.send().await.map_err(|error| classify("invalidate", id, error))?;
        known(id, answer.invalidation)
    }

    fn poll_interval(&self) -> Duration {
        self.poll_interval
    }
}

/// CloudFront is one service for the world and signed for one region; the SDK knows that for AWS's
/// own endpoint only, and would sign for the bucket's region at any other. China is a world apart.
/// <https://docs.aws.amazon.com/general/latest/gr/cf_region.html>
fn signing_region(sdk_config: &SdkConfig) -> Region {
    match sdk_config.region() {
        Some(region) if region.as_ref().starts_with("cn-") => region.clone(),
        _ => Region::from_static("us-east-1"),
    }
}

fn known(key: &str, answer: Option<types::Invalidation>) -> Result<Invalidation, StoreError> {
    let answer = answer.ok_or_else(|| {
        StoreError::new("invalidate", key, FailureKind::BadAnswer, "an answer without an invalidation")
    })?;
    Ok(Invalidation {
        // AWS writes `Completed`; moto writes `COMPLETED`.
        completed: answer.status.eq_ignore_ascii_case("completed"),
        id: answer.id,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: &str) -> types::Invalidation {
        types::Invalidation::builder()
            .id("I1")
            .status(status)
            .create_time(aws_smithy_types::DateTime::from_secs(0))
            .invalidation_batch(
                InvalidationBatch::builder()
                    .caller_reference("naru")
                    .build()
                    .unwrap_or_else(|error| panic!("{error}")),
            )
            .build()
            .unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn completed_is_read_in_any_case() {
        for (status, completed) in [("Completed", true), ("COMPLETED", true), ("InProgress", false)] {
            let known = known("key", Some(answer(status))).map(|known| known.completed).ok();
            assert_eq!(known, Some(completed), "{status}");
        }
    }
}
