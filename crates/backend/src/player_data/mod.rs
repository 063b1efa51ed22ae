//! The player data service: each player's named datasets, the same on all machines, and the public name that
//! stands in one of them.

mod changes;
mod dynamodb;
mod public_names;
mod refusal;
mod requests;
mod rules;
mod sqlite;
mod store;

use std::sync::Arc;

use axum::extract::FromRef;
use utoipa_axum::router::OpenApiRouter;

use crate::platform::{Database, DynamoDb, Platform};

pub use changes::change_dataset;
pub(crate) use changes::delete_dataset;
pub(crate) use public_names::BoardName;
pub use public_names::{NamesOnBoard, PublicNames};
pub use refusal::Refusal;
pub use rules::{
    ChangeError, Dataset, DatasetName, DatasetRecord, Deletion, MAX_DATASET_BYTES, MAX_DATASETS, MAX_RECORDS,
    Revision,
};
pub use store::{Commit, DatasetStore};

/// The tables of the SQLite file.
pub(crate) const SCHEMA: &str = include_str!("schema.sql");

/// What the service works with.
#[derive(Clone)]
pub struct PlayerData {
    /// The players' datasets.
    pub datasets: Arc<dyn DatasetStore>,
    /// Their names, which the board shows as well.
    pub names: PublicNames,
    /// Who asks, how often they may, and when.
    pub platform: Platform,
}

impl PlayerData {
    /// The service on an SQLite file.
    pub fn on_sqlite(database: &Database, platform: &Platform) -> PlayerData {
        let datasets = Arc::new(database.clone());
        let names = PublicNames::on_sqlite(database);
        PlayerData { datasets, names, platform: platform.clone() }
    }

    /// The service on DynamoDB's tables `datasets` and `board`.
    pub fn on_dynamodb(database: &DynamoDb, platform: &Platform) -> PlayerData {
        let datasets = Arc::new(database.clone());
        let names = PublicNames::on_dynamodb(database);
        PlayerData { datasets, names, platform: platform.clone() }
    }

    /// Its routes.
    pub fn routes(self) -> OpenApiRouter {
        requests::routes().with_state(self)
    }
}

impl FromRef<PlayerData> for Platform {
    fn from_ref(service: &PlayerData) -> Platform {
        service.platform.clone()
    }
}
