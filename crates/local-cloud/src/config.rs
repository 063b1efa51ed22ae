//! What a local cloud is asked to be, and where it then is.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::s3::REGION;

/// The settings of a local cloud.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder; made when it is not there.
    pub data: PathBuf,
    /// The bucket that the edge serves; made, with versions, when it is not there.
    pub bucket: String,
    /// Where the S3 endpoint listens; port 0 takes any free one.
    pub s3: SocketAddr,
    /// Where the edge listens.
    pub edge: SocketAddr,
    /// Where the CloudFront and Cognito APIs listen.
    pub control: SocketAddr,
    /// Where the game services listen.
    pub services: SocketAddr,
    /// Whether the services also answer games of 2017, which ask without a login.
    pub shapes_2017: bool,
    /// The distribution's id.
    pub distribution: String,
    /// The identity pool's id.
    pub identity_pool: String,
    /// The name of the game's backend as a login provider of the pool.
    pub developer_provider: String,
    /// How long an invalidation stays `InProgress`.
    pub invalidation_time: Duration,
    /// How long the edge keeps what the bucket says nothing about. CloudFront's default: a day.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html>
    pub edge_lifetime: Duration,
}

impl Config {
    /// The defaults on a data folder: any free ports of `127.0.0.1`.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Config {
            data: data.into(),
            bucket: "naru".to_owned(),
            s3: any_port,
            edge: any_port,
            control: any_port,
            services: any_port,
            shapes_2017: false,
            distribution: "ENARULOCAL0001".to_owned(),
            identity_pool: format!("{REGION}:00000000-0000-4000-8000-000000000001"),
            developer_provider: "login.naru".to_owned(),
            invalidation_time: Duration::from_secs(3),
            edge_lifetime: Duration::from_secs(24 * 60 * 60),
        }
    }
}

/// Where a running local cloud is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The S3 endpoint, path-style, without a slash at the end.
    pub s3_url: String,
    /// The edge, with a slash at the end: an object's key follows.
    pub edge_url: String,
    /// The CloudFront and Cognito APIs, without a slash at the end.
    pub control_url: String,
    /// The game services, without a slash at the end.
    pub services_url: String,
    /// The bucket.
    pub bucket: String,
    /// The distribution's id.
    pub distribution: String,
    /// The identity pool's id.
    pub identity_pool: String,
    /// The name of the game's backend as a login provider of the pool.
    pub developer_provider: String,
    /// The region of the bucket and of the pool. (CloudFront is signed for `us-east-1`.)
    pub region: String,
}
