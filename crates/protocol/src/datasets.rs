//! A player's named datasets: key/value records that follow the player from machine to machine.
//!
//! Each change gives the dataset the next sync count, and each changed record takes it over. A
//! client that has seen sync count N asks for what changed since N, and names with each change the
//! sync count of the record it knows: that is how two machines notice that both changed it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::whole::whole;

/// The answer to `GET /datasets`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DatasetList {
    /// By name.
    pub datasets: Vec<DatasetSummary>,
}

/// A dataset without its records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DatasetSummary {
    /// Its name.
    pub name: String,
    /// Of its last change.
    pub sync_count: u64,
    /// How many records it has.
    pub records: u32,
    /// The length of their keys and values in UTF-8.
    pub bytes: u64,
    /// When it was last changed.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = DateTime))]
    pub modified_at: Timestamp,
}

/// The answer to `GET /datasets/{name}`: what changed since the sync count that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DatasetChanges {
    /// The dataset.
    pub name: String,
    /// Whether the dataset is there. One that is not has no records.
    pub exists: bool,
    /// What to ask the next changes with.
    pub sync_count: u64,
    /// True: `records` is all there is, and a copy must be replaced by it. That is so from 0, after
    /// the dataset was deleted, and when the removals since then are no longer remembered.
    pub whole: bool,
    /// The records, and without `whole` also those that were removed; by key.
    pub records: Vec<Record>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Record {
    /// Its key.
    pub key: String,
    /// Its value; nothing when it was removed or is not there.
    pub value: Option<String>,
    /// Of its last change; 0 when it was never there.
    pub sync_count: u64,
    /// When it was last changed; nothing when it was never there.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = DateTime))]
    pub modified_at: Option<Timestamp>,
}

/// The body of `PATCH /datasets/{name}`: all of it happens, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DatasetUpdate {
    /// Each key at most once.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 1024))]
    pub changes: Vec<RecordChange>,
}

/// A change of one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RecordChange {
    /// The record's key.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 128))]
    pub key: String,
    /// The new value; nothing removes the record.
    pub value: Option<String>,
    /// The record's sync count as the client knows it; 0 for one that it does not know.
    #[serde(deserialize_with = "whole")]
    pub sync_count: u64,
}

/// The answer to `PATCH /datasets/{name}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DatasetUpdated {
    /// The dataset's new sync count.
    pub sync_count: u64,
    /// The changed records as they are now.
    pub records: Vec<Record>,
}
