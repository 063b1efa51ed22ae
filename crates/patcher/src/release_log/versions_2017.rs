//! The `version` that the 2017 list gives each file: all that a 2017 client compares.

use naru_protocol::{FileList2017, FormatError, Md5Digest, Pointer, RelPath};

use super::{History, ReleaseLog};
use crate::PublishError;
use crate::remote::{read_file_list, unless_lost};

/// The lists that 2017 clients may hold, as far as none has grown from another. A file's version comes
/// after the one of each of them wherever the bytes differ, so that a client with any of them fetches
/// what it lacks.
#[derive(Debug, Default)]
pub(crate) struct Versions2017 {
    lists: Vec<FileList2017>,
}

impl Versions2017 {
    /// Reads the lists of a channel's history; `live` is what the live pointer names.
    pub(crate) async fn read(
        log: &ReleaseLog,
        live: Option<(&Pointer, &FileList2017)>,
        history: &History,
    ) -> Result<Self, PublishError> {
        let mut lists: Vec<FileList2017> = live.iter().map(|(_, list)| (*list).clone()).collect();
        let read = live.map(|(pointer, _)| &pointer.filedb_version);
        for pointer in history.unsettled() {
            if read != Some(&pointer.filedb_version) {
                let list = read_file_list(&*log.store, &log.keys(), pointer).await;
                // An empty list replaces a lost one: no file may count as unchanged.
                lists.push(unless_lost(list)?.unwrap_or_default());
            }
        }
        Ok(Self { lists })
    }

    /// Adds a list whose files are to be named again.
    pub(crate) fn with(mut self, list: FileList2017) -> Self {
        self.lists.push(list);
        self
    }

    /// The version of a file in the list of `release`. It stays where every list has these bytes, or
    /// else is the release number: that grows with every release, so that a client which skipped some,
    /// or a path that was gone for a while, compares right. A list of the 2017 tool may be ahead of it.
    pub(crate) fn version(
        &self,
        path: &RelPath,
        checksum: Option<&Md5Digest>,
        release: u64,
    ) -> Result<u64, FormatError> {
        let records = || self.lists.iter().map(|list| list.get(path));
        let has_bytes = records().all(|record| record.is_some_and(|known| Some(&known.checksum) == checksum));
        match records().flatten().max_by_key(|record| record.version) {
            None => Ok(release),
            Some(record) if has_bytes => Ok(record.version),
            Some(record) => record.next_version(release),
        }
    }
}

#[cfg(test)]
mod tests {
    use naru_protocol::Record2017;

    use super::*;

    fn list(records: &[(&str, u8, u64)]) -> FileList2017 {
        let mut list = FileList2017::default();
        for &(path, bytes, version) in records {
            let checksum = Md5Digest::from_bytes([bytes; 16]);
            let record = Record2017 { checksum, version, s3_versionid: "v".into(), listed_as: None };
            list.insert(path.parse().expect("a name"), record);
        }
        list
    }

    fn version(lists: &[FileList2017], path: &str, bytes: u8, release: u64) -> u64 {
        let versions = Versions2017 { lists: lists.to_vec() };
        let path = path.parse().expect("a name");
        versions.version(&path, Some(&Md5Digest::from_bytes([bytes; 16])), release).expect("fits")
    }

    #[test]
    fn a_version_grows_wherever_some_client_has_other_bytes() {
        let naru = list(&[("a", 1, 3), ("b", 2, 1), ("gone", 5, 2)]);
        let fallen = list(&[("a", 9, 0), ("b", 2, 0), ("ahead", 7, 40)]);
        let both = [fallen, naru.clone()];
        assert_eq!(version(&both, "a", 9, 4), 4, "live has these bytes, clients of release 3 do not");
        assert_eq!(version(&both, "b", 2, 4), 1, "everybody has them");
        assert_eq!(version(&both, "gone", 5, 4), 4, "some clients have an older file or none");
        assert_eq!(version(&both, "ahead", 8, 4), 41);
        assert_eq!(version(&both, "new", 1, 4), 4);
        let normal = [naru];
        assert_eq!(version(&normal, "a", 1, 4), 3, "nobody fetches what has not changed");
        assert_eq!(version(&normal, "a", 2, 4), 4);
        assert_eq!(version(&[], "a", 1, 1), 1);
    }
}
