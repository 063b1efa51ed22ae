//! The 2017 file list (`filedb.db` in the bucket and in a 2017 client's folder).

use std::collections::{BTreeMap, HashSet};

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
    /// The name as the 2017 publisher wrote it, where it is not the path: macOS's decomposed form.
    #[serde(skip)]
    pub listed_as: Option<String>,
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
pub struct FileList2017 {
    files: BTreeMap<RelPath, Record2017>,
    refused: Vec<String>,
}

impl FileList2017 {
    /// Reads a list. The 2017 publisher took every name that its own system had; those that Naru
    /// would not install are left out ([`Self::refused`]).
    pub fn decode(bytes: &[u8]) -> Result<Self, FormatError> {
        check_length(bytes)?;
        let rows: Vec<(String, Record2017)> = serde_json::from_slice(bytes).map_err(invalid)?;
        let mut list = Self::default();
        let (mut files, mut folders) = (HashSet::new(), HashSet::new());
        for (name, record) in rows {
            match list.admit(&name, &mut files, &mut folders) {
                Ok(path) => {
                    let listed_as = (path.as_str() != name).then_some(name);
                    list.files.insert(path, Record2017 { listed_as, ..record });
                }
                Err(problem) => list.refused.push(problem),
            }
        }
        list.check()?;
        Ok(list)
    }

    /// The path of a listed name, unless it is no path or one file or folder with another.
    fn admit(
        &self,
        name: &str,
        files: &mut HashSet<String>,
        folders: &mut HashSet<String>,
    ) -> Result<RelPath, String> {
        let path = RelPath::from_file_system(name).map_err(|error| error.to_string())?;
        let key = path.case_key().into_owned();
        let parents = || key.match_indices('/').map(|(at, _)| &key[..at]);
        if files.contains(&key) || folders.contains(&key) || parents().any(|parent| files.contains(parent)) {
            return Err(format!("{name}: is one file or folder with another name of the list"));
        }
        folders.extend(parents().map(str::to_owned));
        files.insert(key);
        Ok(path)
    }

    /// Names that were left out, with the reason of each.
    pub fn refused(&self) -> &[String] {
        &self.refused
    }

    /// The bytes that 2017 clients read; refuses what they, or Naru, would refuse.
    pub fn encode(&self) -> Result<Vec<u8>, FormatError> {
        self.check()?;
        let rows: Vec<_> = self.files.iter().collect();
        let bytes = serde_json::to_vec(&rows).map_err(invalid)?;
        check_length(&bytes)?;
        Ok(bytes)
    }

    fn check(&self) -> Result<(), FormatError> {
        if self.files.len() > Limits::FILES {
            return Err(invalid(format!("more than {} files", Limits::FILES)));
        }
        self.files.iter().try_for_each(|(path, record)| {
            Limits::check_number(record.version).map_err(|error| invalid(format!("{path}: {error}")))
        })
    }

    /// The record of one path.
    pub fn get(&self, path: &RelPath) -> Option<&Record2017> {
        self.files.get(path)
    }

    /// Adds or replaces one file.
    pub fn insert(&mut self, path: RelPath, record: Record2017) {
        self.files.insert(path, record);
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&RelPath, &Record2017)> {
        self.files.iter()
    }

    /// How many files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether the list has no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
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
    fn names_that_would_do_harm_are_left_out_and_named() {
        let row = &SAMPLE[1..SAMPLE.len() - 1];
        for hostile in ["../index.html", "a:b", "INDEX.html", "index.html", "index.html/a"] {
            let rows = format!("[{row},{}]", row.replace("index.html", hostile));
            let list = FileList2017::decode(rows.as_bytes()).expect("one name must not cost the others");
            assert_eq!((list.len(), list.refused().len()), (1, 1), "{hostile}: {:?}", list.refused());
        }
    }

    #[test]
    fn a_decomposed_name_is_composed_and_its_key_is_kept() {
        let listed = "\u{1112}\u{1161}\u{11ab}.txt";
        let list = FileList2017::decode(SAMPLE.replace("index.html", listed).as_bytes()).expect("decodes");
        let (path, record) = list.iter().next().expect("one file");
        assert_eq!((path.as_str(), record.listed_as.as_deref()), ("\u{d55c}.txt", Some(listed)));
    }

    fn record(version: u64, s3_versionid: String) -> Record2017 {
        Record2017 { checksum: Md5Digest::from_bytes([0; 16]), version, s3_versionid, listed_as: None }
    }

    #[test]
    fn what_a_client_would_refuse_is_not_written() {
        let path: RelPath = "a".parse().expect("a name");
        let list = |record: Record2017| {
            let mut list = FileList2017::default();
            list.insert(path.clone(), record);
            list
        };
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
