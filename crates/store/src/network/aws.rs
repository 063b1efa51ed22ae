//! AWS, with the credentials of its standard chain.

use std::path::PathBuf;

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use naru_protocol::{Endpoint, EndpointError, RegionName};
use url::Url;

use super::certificates::{Bundle, BundleError, NoCertificates, check_certificates};
use super::variables::{CA_BUNDLE, VariableError, check_key};
use super::{Network, ProxyError};

/// AWS settings that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum AwsError {
    /// The environment holds what it can't.
    #[error(transparent)]
    Variable(#[from] VariableError),
    /// The environment names a proxy that can't be used.
    #[error(transparent)]
    Proxy(#[from] ProxyError),
    /// Neither the system nor `AWS_CA_BUNDLE` has certificates.
    #[error(transparent)]
    NoCertificates(#[from] NoCertificates),
    /// The file of `AWS_CA_BUNDLE`, or of the profile's `ca_bundle`, can't be used.
    #[error("AWS_CA_BUNDLE: {0}")]
    Bundle(#[from] BundleError),
    /// No setting names a region.
    #[error("no region is set")]
    NoRegion,
    /// The region of the profile is none.
    #[error("the region {0:?} of the AWS profile is not allowed: it takes {allowed}", allowed = RegionName::ALLOWED)]
    Region(String),
    /// The profile has an address that is not spoken to.
    #[error("the address of {service} in the AWS profile (endpoint_url): {problem}")]
    Endpoint {
        /// Which service.
        service: &'static str,
        /// What is wrong with it.
        #[source]
        problem: EndpointError,
    },
}

const ATTEMPTS: u32 = 5;

/// Services that are spoken to, those for credentials included, by the names that settings know.
const SERVICES: [&str; 5] = ["S3", "CloudFront", "STS", "SSO", "SSO OIDC"];

impl Network {
    /// The settings and credentials of the standard AWS chain, every one of them checked before
    /// anything is sent.
    pub async fn aws(&self, region: Option<&str>) -> Result<SdkConfig, AwsError> {
        self.check_variables()?;
        let bundle = match self.ca_bundle().or(ca_bundle_of_profile().await) {
            Some(path) => Some(Bundle::read(&path)?),
            None => {
                check_certificates()?;
                None
            }
        };
        let sdk = loader(region).http_client(self.aws_client(bundle)).load().await;
        let sdk = without_empty_addresses(sdk);
        check_region(&sdk)?;
        self.check_endpoints(&sdk)?;
        Ok(with_checked_credentials(sdk))
    }

    fn check_endpoints(&self, sdk: &SdkConfig) -> Result<(), AwsError> {
        for service in SERVICES {
            let Some(text) = configured(sdk, service, "AWS_ENDPOINT_URL", "endpoint_url") else { continue };
            let endpoint =
                Endpoint::parse(&text).map_err(|problem| AwsError::Endpoint { service, problem })?;
            self.proxy_for(endpoint.url())?;
        }
        // AWS's own address is in no setting. A store at another address needs no proxy to AWS.
        if own_endpoint(sdk).is_none()
            && let Ok(aws) = Url::parse("https://s3.amazonaws.com")
        {
            self.proxy_for(&aws)?;
        }
        Ok(())
    }
}

/// The AWS CLI treats an empty `AWS_ENDPOINT_URL…` as unset; the SDK treats it as an address.
fn without_empty_addresses(sdk: SdkConfig) -> SdkConfig {
    let general = sdk.endpoint_url().filter(|url| !url.is_empty()).map(str::to_owned);
    let filled = WithoutEmpty { sdk: sdk.clone(), general: general.clone() };
    let mut builder = sdk.into_builder();
    builder.set_endpoint_url(general).set_service_config(Some(filled));
    builder.build()
}

/// The settings of a service, of which an empty one is unset.
#[derive(Debug)]
struct WithoutEmpty {
    sdk: SdkConfig,
    general: Option<String>,
}

impl LoadServiceConfig for WithoutEmpty {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let is_address = key.env() == "AWS_ENDPOINT_URL";
        match self.sdk.service_config()?.load_config(key) {
            Some(text) if text.is_empty() => self.general.clone().filter(|_| is_address),
            found => found,
        }
    }
}

fn loader(region: Option<&str>) -> ConfigLoader {
    let loader = defaults();
    match region {
        Some(region) => loader.region(Region::new(region.to_owned())),
        None => loader,
    }
}

/// How often a request is repeated is set here: asked for it, the environment and the profile may name
/// what only other tools know (`legacy`), on which the SDK panics.
fn defaults() -> ConfigLoader {
    let attempts = RetryConfig::standard().with_max_attempts(ATTEMPTS);
    aws_config::defaults(BehaviorVersion::latest()).retry_config(attempts)
}

fn check_region(sdk: &SdkConfig) -> Result<(), AwsError> {
    match sdk.region() {
        None => Err(AwsError::NoRegion),
        Some(region) if RegionName::is_valid(region.as_ref()) => Ok(()),
        Some(region) => Err(AwsError::Region(region.as_ref().to_owned())),
    }
}

/// What the profile names. The client that finds the region and the credentials needs it already, so
/// that this look at the settings does without both.
async fn ca_bundle_of_profile() -> Option<PathBuf> {
    let loader = defaults().no_credentials();
    let sdk = loader.region(Region::from_static("us-east-1")).load().await;
    configured(&sdk, "S3", CA_BUNDLE, "ca_bundle").map(PathBuf::from)
}

/// A setting of the environment or the profile, as the SDK itself finds it.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
fn configured(sdk: &SdkConfig, service: &str, env: &str, profile: &str) -> Option<String> {
    let key = ServiceConfigKey::builder().service_id(service).env(env).profile(profile).build().ok()?;
    sdk.service_config()?.load_config(key)
}

/// The endpoint of an S3 that is not AWS's.
pub(crate) fn own_endpoint(sdk: &SdkConfig) -> Option<String> {
    let of_service = configured(sdk, "S3", "AWS_ENDPOINT_URL", "endpoint_url");
    of_service.or_else(|| sdk.endpoint_url().map(str::to_owned))
}

fn with_checked_credentials(sdk: SdkConfig) -> SdkConfig {
    let Some(provider) = sdk.credentials_provider() else { return sdk };
    let checked = SharedCredentialsProvider::new(Checked(provider));
    sdk.into_builder().credentials_provider(checked).build()
}

/// Credentials that can be signed with and sent. A profile or a program may give any text for one, and
/// the SDK panics on a key with a line break.
#[derive(Debug)]
struct Checked(SharedCredentialsProvider);

impl ProvideCredentials for Checked {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { check(self.0.provide_credentials().await?) })
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.0.fallback_on_interrupt().and_then(|credentials| check(credentials).ok())
    }
}

fn check(credentials: Credentials) -> Result<Credentials, CredentialsError> {
    for (name, value) in [
        ("access key id", Some(credentials.access_key_id())),
        ("secret access key", Some(credentials.secret_access_key())),
        ("session token", credentials.session_token()),
    ] {
        let checked = value.map_or(Ok(()), check_key);
        checked.map_err(|problem| CredentialsError::invalid_configuration(format!("{name}: {problem}")))?;
    }
    Ok(credentials)
}
