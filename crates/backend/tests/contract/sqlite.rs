//! All behaviours on SQLite.

use std::sync::Arc;

use naru_backend::adapters::Database;

use crate::stores::Stores;

async fn stores() -> Option<Stores> {
    let folder = tempfile::tempdir().unwrap();
    let database = Arc::new(Database::open(&folder.path().join("services.db")).unwrap());
    Some(Stores::of(database.clone(), database, folder))
}

crate::suite::every_behaviour!(stores);
