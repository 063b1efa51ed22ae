//! How the SDK's client behaves.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{BehaviorVersion, Builder, Config, RequestChecksumCalculation};

use crate::network::own_endpoint;

const ATTEMPTS: u32 = 5;
/// From the start of a request to the first byte of its answer, so the whole upload of a part is in
/// it: 8 MiB in ten minutes is 14 KB/s. A connection without any progress is left far earlier, by
/// the SDK's stalled-stream protection.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(600);

pub(super) fn build(sdk_config: &SdkConfig) -> Config {
    let timeouts = TimeoutConfig::builder().read_timeout(ANSWER_TIMEOUT).build();
    let timeouts = match sdk_config.timeout_config() {
        Some(given) => given.to_builder().take_unset_from(timeouts.into_builder()).build(),
        None => timeouts,
    };
    let builder = Builder::from(sdk_config)
        .behavior_version(sdk_config.behavior_version().unwrap_or_else(BehaviorVersion::latest))
        .force_path_style(own_endpoint(sdk_config).is_some())
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        // A single put carries Content-MD5 and parts ask for their CRC; a checksum on everything
        // else only keeps stores out that don't know it.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .timeout_config(timeouts);
    builder.build()
}
