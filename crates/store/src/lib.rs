//! Where Naru's objects live, behind two traits.
//!
//! [`ReadStore`] is all that a player's update needs; [`WriteStore`] is what a publisher needs on
//! top. The leaves are [`S3Store`] (aws-sdk-s3), [`EdgeStore`] (HTTP with ranges) and
//! [`MemoryStore`]; a decorator is a store again.

mod error;
mod object;
mod traits;

pub use error::{FailureKind, StoreError};
pub use object::{Body, Listed, ObjectRef, ObjectVersion, Put, PutOptions, Stored, WriteCondition};
pub use traits::{Invalidation, Invalidator, ReadStore, UploadProgress, UploadSource, WriteStore};
