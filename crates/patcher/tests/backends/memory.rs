//! A store in memory.

use std::path::Path;
use std::sync::Arc;

use naru_store::MemoryStore;

use crate::world::Place;

pub async fn open(_folder: &Path) -> Place {
    let store = Arc::new(MemoryStore::new());
    Place { store: store.clone(), edge: store, invalidator: None, _server: None }
}
