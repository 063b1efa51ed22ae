//! An SQLite file that all stores share.
//!
//! A service has its tables in a `schema.sql` of its own, and its stores as implementations of its traits for
//! [`Database`].
//!
//! WAL with `synchronous=FULL`: a score that was answered survives a power cut. What may be forgotten
//! or done again (rate limits, the consumption of the stream) waits for no disk.

pub(crate) mod rows;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::StoreError;

/// The file. Cheap to clone; all clones share two connections, so reads do not wait for writes.
#[derive(Debug, Clone)]
pub struct Database {
    connections: Arc<Connections>,
}

#[derive(Debug)]
struct Connections {
    reader: Mutex<Connection>,
    writer: Mutex<Connection>,
}

impl Database {
    /// Opens or makes the file, and makes the tables that are not there yet. Blocks.
    pub(crate) fn open(file: &Path, schemas: &[&str]) -> Result<Database, StoreError> {
        let open = || {
            let writer = connect(file)?;
            schemas.iter().try_for_each(|schema| writer.execute_batch(schema))?;
            let reader = Mutex::new(connect(file)?);
            Ok(Connections { reader, writer: Mutex::new(writer) })
        };
        let connections = open().map_err(failed("opening the services' database"))?;
        Ok(Database { connections: Arc::new(connections) })
    }

    /// Runs a query.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connections = Arc::clone(&self.connections);
        let task = tokio::task::spawn_blocking(move || query(&lock(&connections.reader)));
        task.await.map_err(|error| StoreError::new(doing, error))?.map_err(failed(doing))
    }

    /// Runs a change in one transaction; an error from `change` undoes it. What it answers survives a
    /// power cut.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        doing: &'static str,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.change(doing, "FULL", change).await
    }

    /// Like [`write`](Self::write), for a change that a power cut may undo. Changes are undone from the last
    /// one backwards, because the log is written in order: none is kept that builds on one that is lost.
    pub(crate) async fn write_without_waiting<T: Send + 'static>(
        &self,
        doing: &'static str,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.change(doing, "NORMAL", change).await
    }

    async fn change<T: Send + 'static>(
        &self,
        doing: &'static str,
        synchronous: &'static str,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connections = Arc::clone(&self.connections);
        let task = tokio::task::spawn_blocking(move || {
            let mut writer = lock(&connections.writer);
            writer.pragma_update(None, "synchronous", synchronous)?;
            // The lock at once: one that is taken at the first write may find that another process has written
            // since the first read, and fails then.
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = change(&transaction)?;
            transaction.commit()?;
            Ok(result)
        });
        task.await.map_err(|error| StoreError::new(doing, error))?.map_err(failed(doing))
    }
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn failed(doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |source| StoreError::new(doing, source)
}

/// A panic while the lock was held cannot have left a transaction open: dropping one rolls back.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}
