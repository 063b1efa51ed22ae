//! Where Naru's objects live, behind two traits.
//!
//! [`ReadStore`] is all that a player's update needs; [`WriteStore`] is what a publisher needs on
//! top. The leaves are [`S3Store`] (aws-sdk-s3), [`EdgeStore`] (HTTP with ranges) and
//! [`MemoryStore`]; a decorator such as [`Retrying`] is a store again. [`CloudFrontInvalidator`]
//! speaks to the edge's cache.
//!
//! Both reach the network through [`Network`]: proxies, certificates, and checks of AWS's settings.
//!
//! Every failure is sorted once, into a [`FailureKind`]; retries depend on nothing else.

mod backoff;
mod body;
mod clock;
mod cloudfront;
mod edge;
mod error;
mod key_path;
mod media_type;
mod memory;
mod network;
mod object;
mod open_files;
mod retrying;
mod s3;
mod safety;
mod sdk_failure;
mod traits;

pub use backoff::Backoff;
pub use clock::wrong_clock;
pub use cloudfront::CloudFrontInvalidator;
pub use edge::{EdgeError, EdgeOptions, EdgeStore, LowestRate};
pub use error::{FailureKind, StoreError};
pub use media_type::of_key as media_type_of;
pub use memory::MemoryStore;
pub use network::{
    AwsError, BundleError, ClientError, Network, NoCertificates, Proxy, ProxyError, VariableError,
    VariableProblem, check_certificates, safe_redirects,
};
pub use object::{
    Body, Listed, ObjectRef, ObjectVersion, Put, PutOptions, Stored, VersionMarker, VersionPage,
    WriteCondition,
};
pub use open_files::{connections_within, is_out_of_files, raise_open_files};
pub use retrying::Retrying;
pub use s3::{S3Sizes, S3Store};
pub use traits::{Invalidation, Invalidator, ReadStore, UploadProgress, UploadSource, WriteStore};

/// Metadata in which an object carries its BLAKE3.
const DIGEST_METADATA: &str = "naru-blake3";
/// Metadata in which an object carries its MD5.
const MD5_METADATA: &str = "naru-md5";
