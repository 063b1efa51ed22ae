//! All behaviours on SQLite.

use std::sync::Arc;

use naru_backend::open_database;

use crate::stores::Stores;

async fn stores() -> Option<Stores> {
    let folder = tempfile::tempdir().unwrap();
    let database = Arc::new(open_database(&folder.path().join("services.db")).unwrap());
    let (board, statistics, stream) = (database.clone(), database.clone(), database.clone());
    Some(Stores::of(database, board, statistics, stream, folder))
}

crate::suite::every_behaviour!(stores);
