//! A store in memory.

use std::path::Path;
use std::sync::Arc;

use naru_store::{MemoryStore, ObjectRef};

use crate::world::Place;

pub async fn open(_folder: &Path) -> Place {
    place(Arc::new(MemoryStore::new()))
}

pub fn place(store: Arc<MemoryStore>) -> Place {
    let removed = store.clone();
    let remove = move |ObjectRef { key, version }| {
        match version {
            Some(version) => removed.expire(&key, &version),
            None => removed.delete(&key),
        }
        Box::pin(async {}) as _
    };
    Place { store: store.clone(), remove: Box::new(remove), edge: store, invalidator: None, _server: None }
}
