//! What a local cloud is asked to be, and where it then is.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::s3::REGION;

/// A studio's app at the Kakao stand-in, as the studio would set it up in Kakao's console.
#[derive(Clone)]
pub struct KakaoApp {
    /// The app's number: `app_id` in what Kakao says of an access token.
    pub app_id: u64,
    /// The app's REST API key: its `client_id`.
    pub rest_api_key: String,
    /// The app's client secret; it is always on.
    pub client_secret: String,
    /// Where logins may lead to. Compared to the letter.
    pub redirect_uris: Vec<String>,
    /// How long an authorization code is good. Kakao's documents do not say; ten minutes is the
    /// most that OAuth recommends.
    pub code_lifetime: Duration,
    /// How long a refresh token is good: two months with Kakao. It is replaced in its last month only.
    pub refresh_lifetime: Duration,
}

impl KakaoApp {
    /// The app that a launcher in development uses. Everybody knows its secret.
    pub fn development() -> Self {
        KakaoApp {
            app_id: 970_001,
            rest_api_key: "00000000000000000000000naru00key".to_owned(),
            client_secret: "naru-local-kakao-client-secret00".to_owned(),
            redirect_uris: ["localhost", "127.0.0.1"]
                .map(|host| format!("http://{host}:9720/login/kakao"))
                .to_vec(),
            code_lifetime: Duration::from_secs(10 * 60),
            refresh_lifetime: Duration::from_secs(60 * 24 * 60 * 60),
        }
    }
}

impl fmt::Debug for KakaoApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KakaoApp").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}

/// A studio's app at a provider without a stand-in: players log in at the provider itself.
#[derive(Clone)]
pub struct StudioApp {
    /// The app, as the provider names it.
    pub client_id: String,
    /// Known to the services alone.
    pub client_secret: String,
    /// Another address than the provider's own, for tests.
    pub url: Option<String>,
}

impl fmt::Debug for StudioApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StudioApp").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

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
    /// Origins of pages that may ask the services, e.g. `http://localhost:5173`: of a game that is
    /// developed in a browser. Games in the launcher ask through it, and need none.
    pub pages: Vec<String>,
    /// Whether a proxy or a tunnel on another port of this machine may pass requests on.
    pub behind_proxies: bool,
    /// Whether the services also answer games of 2017, which ask without a login.
    pub shapes_2017: bool,
    /// Where the Kakao stand-in listens.
    pub kakao: SocketAddr,
    /// The apps that the Kakao stand-in knows. The services log players in with the first one.
    pub kakao_apps: Vec<KakaoApp>,
    /// The studio's app at Google, where it has one.
    pub google: Option<StudioApp>,
    /// The studio's app at Facebook, where it has one.
    pub facebook: Option<StudioApp>,
    /// The distribution's id.
    pub distribution: String,
    /// The identity pool's id.
    pub identity_pool: String,
    /// The name of the game's backend as a login provider of the pool.
    pub developer_provider: String,
    /// The user pool's id.
    pub user_pool: String,
    /// The id of the launcher as the user pool's client.
    pub user_pool_client: String,
    /// How long a confirmation code is good: 24 hours with Cognito.
    pub confirmation_lifetime: Duration,
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
            pages: Vec::new(),
            behind_proxies: false,
            shapes_2017: false,
            kakao: any_port,
            kakao_apps: vec![KakaoApp::development()],
            google: None,
            facebook: None,
            distribution: "ENARULOCAL0001".to_owned(),
            identity_pool: format!("{REGION}:00000000-0000-4000-8000-000000000001"),
            developer_provider: "login.naru".to_owned(),
            user_pool: format!("{REGION}_NaruLocal"),
            user_pool_client: "00000000narulocallauncher0".to_owned(),
            confirmation_lifetime: Duration::from_secs(24 * 60 * 60),
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
    /// The Kakao stand-in, without a slash at the end.
    pub kakao_url: String,
    /// The bucket.
    pub bucket: String,
    /// The distribution's id.
    pub distribution: String,
    /// The identity pool's id.
    pub identity_pool: String,
    /// The name of the game's backend as a login provider of the pool.
    pub developer_provider: String,
    /// The user pool's id.
    pub user_pool: String,
    /// The id of the launcher as the user pool's client.
    pub user_pool_client: String,
    /// The region of the bucket and of the pool. (CloudFront is signed for `us-east-1`.)
    pub region: String,
}
