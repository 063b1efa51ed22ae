//! The 2017 file list (`filedb.db` in the bucket and in a 2017 client's folder).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{FormatError, Limits, Md5Digest, RelPath};

/// What the 2017 format records for one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record2017 {
    /// MD5 of the bytes.
    pub checksum: Md5Digest,
    /// A 2017 client fetches the file again when this has grown.
    pub version: u64,
    /// The S3 version that holds the bytes.
    pub s3_versionid: String,
}

impl Record2017 {
    /// The version for other bytes at this path, brought by `release`: larger than the old one, or
    /// 2017 clients would keep what they have.
    pub fn next_version(&self, release: u64) -> Result<u64, FormatError> {
        let next = release.max(self.version.saturating_add(1));
        Limits::check_number(next)?;
        Ok(next)
    }
}

/// The complete list, sorted by path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileList2017(BTreeMap<RelPath, Record2017>);

impl FileList2017 {
    /// Reads a list; every path must be one that Naru would install.
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        check_length(bytes)?;
        let rows: Vec<(RelPath, Record2017)> = serde_json::from_slice(bytes).map_err(invalid)?;
        let mut list = BTreeMap::new();
        for (path, record) in rows {
            if list.insert(path.clone(), record).is_some() {
                return Err(invalid(format!("{path} is listed twice")));
            }
        }
        let list = Self(list);
        list.check()?;
        Ok(list)
    }

    /// The bytes that 2017 clients read; refuses what they, or Naru, would refuse.
    pub fn encode(&self) -> Result<Vec<u8>, FormatError> {
        self.check()?;
        let rows: Vec<_> = self.0.iter().collect();
        let bytes = serde_json::to_vec(&rows).map_err(invalid)?;
        check_length(&bytes)?;
        Ok(bytes)
    }

    fn check(&self) -> Result<(), FormatError> {
        if self.0.len() > Limits::FILES {
            return Err(invalid(format!("more than {} files", Limits::FILES)));
        }
        self.0.iter().try_for_each(|(path, record)| {
            Limits::check_number(record.version).map_err(|error| invalid(format!("{path}: {error}")))
        })
    }

    /// The record of one path.
    pub fn get(&self, path: &RelPath) -> Option<&Record2017> {
        self.0.get(path)
    }

    /// Adds or replaces one file.
    pub fn insert(&mut self, path: RelPath, record: Record2017) {
        self.0.insert(path, record);
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&RelPath, &Record2017)> {
        self.0.iter()
    }

    /// How many files.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the list has no file.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn check_length(bytes: &[u8]) -> Result<(), FormatError> {
    if bytes.len() as u64 > Limits::FILEDB_2017 {
        return Err(invalid("over 128 MiB"));
    }
    Ok(())
}

fn invalid(problem: impl std::fmt::Display) -> FormatError {
    FormatError::new("filedb.db", problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str =
        r#"[["index.html",{"checksum":"d41d8cd98f00b204e9800998ecf8427e","version":0,"s3_versionid":"v1"}]]"#;

    #[test]
    fn the_2017_form_is_kept_to_the_byte() {
        let list = FileList2017::decode(SAMPLE.as_bytes()).expect("the mission's own form");
        assert_eq!(
            String::from_utf8(list.encode().expect("encodes")).expect("utf-8"),
            SAMPLE,
            "clients in the field parse exactly this"
        );
    }

    #[test]
    fn a_path_that_leaves_the_folder_is_refused() {
        let hostile = SAMPLE.replace("index.html", "../index.html");
        assert!(
            FileList2017::decode(hostile.as_bytes()).is_err(),
            "a 2017 bucket is as hostile as any other"
        );
    }

    fn record(version: u64, s3_versionid: String) -> Record2017 {
        Record2017 { checksum: Md5Digest::from_bytes([0; 16]), version, s3_versionid }
    }

    #[test]
    fn what_a_client_would_refuse_is_not_written() {
        let path: RelPath = "a".parse().expect("a name");
        let list = |record: Record2017| FileList2017(BTreeMap::from([(path.clone(), record)]));
        assert!(list(record(Limits::NUMBER, "v".into())).encode().is_ok());
        assert!(list(record(Limits::NUMBER + 1, "v".into())).encode().is_err(), "not a JavaScript number");
        let endless = "v".repeat(Limits::FILEDB_2017 as usize);
        assert!(list(record(1, endless)).encode().is_err(), "over the limit of decode");
    }

    #[test]
    fn too_many_files_are_not_written() {
        let mut list = FileList2017::default();
        for at in 0..=Limits::FILES {
            list.insert(at.to_string().parse().expect("a name"), record(1, "v".into()));
        }
        assert!(list.encode().is_err());
    }
}
