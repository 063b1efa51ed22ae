//! What can go wrong below the protocols.

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use naru_loopback::BindError;

/// A failure of the disk or of the index. Clients see it as `InternalError`, 500.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A file operation failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// SQLite failed.
    #[error("index: {0}")]
    Index(#[from] rusqlite::Error),
    /// The system gave no random bytes.
    #[error("no random bytes: {0}")]
    Random(#[from] getrandom::Error),
    /// A key of the data folder is damaged, or could not be made or used.
    #[error("key {0:?} cannot be used: delete it from keys/ in the data folder to have a new one")]
    Key(String),
    /// A blocking task died.
    #[error("a storage task ended early: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl StorageError {
    /// Names the path an I/O error belongs to.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> StorageError + '_ {
        move |source| StorageError::Io { path: path.to_owned(), source }
    }
}

/// Why the local cloud did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Other machines would reach it, over HTTP without encryption.
    #[error("{0} is not a loopback address: the local cloud listens on loopback only")]
    NotLoopback(SocketAddr),
    /// The port is taken or not allowed.
    #[error("cannot listen on {address}: {source}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Another local cloud runs on the same data folder.
    #[error("{} is in use by another local cloud", .0.display())]
    InUse(PathBuf),
    /// The bucket's name is not one that S3 allows.
    #[error("{0:?} is not a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens")]
    BucketName(String),
    /// The game services' database or the game's rules cannot be used.
    #[error("the game services can't start: {0}")]
    Services(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The data folder cannot be used.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<BindError> for StartError {
    fn from(error: BindError) -> Self {
        match error {
            BindError::NotLoopback(address) => StartError::NotLoopback(address),
            BindError::Refused { address, source } => StartError::Bind { address, source },
        }
    }
}
