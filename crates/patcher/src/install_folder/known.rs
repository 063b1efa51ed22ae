//! What an install folder says of its files: the ledger's rows, or the list of a 2017 client.

use std::collections::HashMap;

use naru_protocol::{FileList2017, Limits, RelPath};

use super::OwnFolder;
use super::ledger::Row;
use crate::UpdateError;
use crate::disk::{is_missing, read_bounded};

/// What the ledger, or a 2017 client, left behind.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) rows: HashMap<RelPath, Row>,
    /// The S3 version of each installed file.
    pub(crate) versions: HashMap<RelPath, String>,
    /// Glob patterns of the installed release.
    pub(crate) preserve: Vec<String>,
    pub(crate) config: Vec<String>,
    /// The file list of a 2017 client, where there is no ledger.
    pub(crate) list_2017: Option<FileList2017>,
}

impl Known {
    /// What a 2017 client left in the folder; nothing where there was none.
    pub(crate) fn of_2017(own: &OwnFolder) -> Result<Self, UpdateError> {
        let path = own.install.join("filedb.db");
        let list = match read_bounded(&path, Limits::FILEDB_2017) {
            // Anything else of that name is the player's own.
            Ok(bytes) => bytes.and_then(|bytes| FileList2017::decode(&bytes).ok()),
            Err(error) if is_missing(&error) => None,
            Err(error) => return Err(UpdateError::io("reading", &path)(error)),
        };
        let versions = list.iter().flat_map(FileList2017::iter);
        let versions = versions.map(|(path, record)| (path.clone(), record.s3_versionid.clone())).collect();
        Ok(Self { versions, list_2017: list, ..Self::default() })
    }
}
