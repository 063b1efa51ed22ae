//! A running local cloud and clients for it.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_s3::config::{BehaviorVersion, Region, RequestChecksumCalculation};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use naru_local_cloud::{Config, LocalCloud};
use tempfile::TempDir;

pub struct Cloud {
    pub cloud: LocalCloud,
    pub s3: aws_sdk_s3::Client,
    pub folder: TempDir,
}

/// Long enough to look at the state before it is over, short enough to wait for.
pub const INVALIDATION_TIME: Duration = Duration::from_millis(700);

pub fn config(folder: &TempDir) -> Config {
    Config { invalidation_time: INVALIDATION_TIME, ..Config::new(folder.path()) }
}

pub async fn start() -> Cloud {
    start_with(|_| {}).await
}

pub async fn start_with(change: impl FnOnce(&mut Config)) -> Cloud {
    let folder = tempfile::tempdir().unwrap();
    let mut config = config(&folder);
    change(&mut config);
    let cloud = LocalCloud::start(config).await.unwrap();
    let s3 = s3(&cloud, publisher(&cloud));
    Cloud { cloud, s3, folder }
}

impl Cloud {
    /// Stops and starts on the same folder, on other ports.
    pub async fn restart(self) -> Cloud {
        self.cloud.stop().await;
        let cloud = LocalCloud::start(config(&self.folder)).await.unwrap();
        let s3 = s3(&cloud, publisher(&cloud));
        Cloud { cloud, s3, folder: self.folder }
    }

    pub async fn put(&self, key: &str, body: impl Into<Vec<u8>>) -> String {
        let put = self.s3.put_object().bucket("naru").key(key);
        let put = put.body(body.into().into()).send().await.unwrap();
        put.version_id.unwrap()
    }

    pub async fn get(&self, key: &str) -> Vec<u8> {
        let get = self.s3.get_object().bucket("naru").key(key).send().await;
        let bytes = get.unwrap().body.collect().await.unwrap();
        bytes.to_vec()
    }

    pub fn edge_url(&self, path: &str) -> String {
        format!("{}{path}", self.cloud.endpoints().edge_url)
    }

    pub fn cloudfront(&self, credentials: Credentials) -> aws_sdk_cloudfront::Client {
        let config = aws_sdk_cloudfront::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .endpoint_url(&self.cloud.endpoints().control_url)
            .credentials_provider(credentials);
        aws_sdk_cloudfront::Client::from_conf(config.build())
    }

    pub fn identity(&self, credentials: Credentials) -> aws_sdk_cognitoidentity::Client {
        let config = aws_sdk_cognitoidentity::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(self.cloud.endpoints().region.clone()))
            .endpoint_url(&self.cloud.endpoints().control_url)
            .credentials_provider(credentials);
        aws_sdk_cognitoidentity::Client::from_conf(config.build())
    }

    /// An identity and its login token, as the game's backend gets them.
    pub async fn login(&self, user: &str) -> (String, String) {
        let endpoints = self.cloud.endpoints();
        let answer = self
            .identity(publisher(&self.cloud))
            .get_open_id_token_for_developer_identity()
            .identity_pool_id(&endpoints.identity_pool)
            .logins(&endpoints.developer_provider, user)
            .send()
            .await
            .unwrap();
        (answer.identity_id.unwrap(), answer.token.unwrap())
    }

    /// A player's temporary keys.
    pub async fn player(&self) -> Credentials {
        let (identity, token) = self.login("player").await;
        let answer = self
            .identity(nobody())
            .get_credentials_for_identity()
            .identity_id(identity)
            .logins("cognito-identity.amazonaws.com", token)
            .send()
            .await
            .unwrap();
        let keys = answer.credentials.unwrap();
        Credentials::new(
            keys.access_key_id.unwrap(),
            keys.secret_key.unwrap(),
            keys.session_token,
            None,
            "cognito",
        )
    }
}

pub fn publisher(cloud: &LocalCloud) -> Credentials {
    let keys = cloud.publisher();
    let (id, secret) = (&keys.access_key_id, &keys.secret_access_key);
    Credentials::new(id, secret, None, None, "publisher")
}

/// A version id in the form of one, which no version has.
pub const NO_VERSION: &str = "abcdefghijklmnopqrstuvwxyz012345";

/// Keys that were never issued.
pub fn nobody() -> Credentials {
    Credentials::new("AKIANOBODY0000000000", "nothing", None, None, "nobody")
}

pub fn s3(cloud: &LocalCloud, credentials: Credentials) -> aws_sdk_s3::Client {
    aws_sdk_s3::Client::from_conf(s3_config(cloud).credentials_provider(credentials).build())
}

/// A client that computes the checksums that a request names, as the SDKs do by default.
pub fn s3_with_checksums(cloud: &LocalCloud) -> aws_sdk_s3::Client {
    let config = s3_config(cloud)
        .request_checksum_calculation(RequestChecksumCalculation::WhenSupported)
        .credentials_provider(publisher(cloud));
    aws_sdk_s3::Client::from_conf(config.build())
}

/// Path-style, and no checksum but those that a test asks for.
pub fn s3_config(cloud: &LocalCloud) -> aws_sdk_s3::config::Builder {
    aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(cloud.endpoints().region.clone()))
        .endpoint_url(&cloud.endpoints().s3_url)
        .force_path_style(true)
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
}

/// The status and the code of a refusal.
pub fn refusal<T, E: ProvideErrorMetadata + std::fmt::Debug>(
    result: Result<T, SdkError<E>>,
) -> (u16, String) {
    let error = result.err().unwrap();
    let status = error.raw_response().map(|raw| raw.status().as_u16());
    let status = status.ok_or_else(|| format!("not sent: {error:?}")).unwrap();
    (status, error.code().unwrap_or_default().to_owned())
}

pub fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// Bytes that repeat nowhere near.
pub fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
