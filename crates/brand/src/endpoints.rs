//! The studio's servers.

use naru_protocol::{BucketName, DistributionId, Endpoint, KeyPrefix, RegionName};
use serde::Deserialize;

/// The addresses of the studio's servers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Endpoints {
    /// Where releases are fetched from.
    pub edge: Option<Endpoint>,
    /// The upload prefix in the bucket.
    pub prefix: KeyPrefix,
    /// The game services.
    pub services: Option<Endpoint>,
    /// The studio's news, as a JSON list.
    pub news: Option<Endpoint>,
    /// Where the launcher publishes to.
    pub publishing: Option<Publishing>,
}

impl Default for Endpoints {
    fn default() -> Self {
        // 2017's own.
        let prefix = KeyPrefix::try_from("update".to_owned()).unwrap_or_default();
        Self { edge: None, prefix, services: None, news: None, publishing: None }
    }
}

/// Where the launcher publishes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publishing {
    /// The bucket.
    pub bucket: BucketName,
    /// Its region; without one, that of the AWS profile.
    pub region: Option<RegionName>,
    /// The distribution in front of it, which is invalidated after each release.
    pub distribution: Option<DistributionId>,
    /// Glob patterns of files that are written once and never again.
    #[serde(default)]
    pub preserve: Vec<String>,
    /// Glob patterns of files that a player may edit.
    #[serde(default)]
    pub config: Vec<String>,
}
