//! The studio's servers.

use serde::Deserialize;
use url::Url;

/// The addresses of the studio's servers.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Endpoints {
    /// Where releases are fetched from.
    pub edge: Option<Url>,
    /// The upload prefix in the bucket.
    pub prefix: String,
    /// The game services.
    pub services: Option<Url>,
    /// The studio's news, as a JSON list.
    pub news: Option<Url>,
    /// What the publisher's part writes to.
    pub publishing: Option<Publishing>,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self { edge: None, prefix: "update".to_owned(), services: None, news: None, publishing: None }
    }
}

/// What the publisher's part writes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publishing {
    /// The bucket.
    pub bucket: String,
    /// Its region; without one, that of the AWS profile.
    pub region: Option<String>,
    /// The distribution in front of it, which is told of each release.
    pub distribution: Option<String>,
    /// Glob patterns of files that are written once and never again.
    #[serde(default)]
    pub preserve: Vec<String>,
    /// Glob patterns of files that a player may edit.
    #[serde(default)]
    pub config: Vec<String>,
}
