//! The name of a file in the stage.

use std::ffi::OsStr;

use serde::{Deserialize, Serialize};

use crate::release::Checksum;

/// What a staged file's bytes must hash to, below the folder of its first two letters. Journals and
/// folders may come from elsewhere, so a name is parsed and can't lead out of the stage.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct StagedName(String);

/// A name that the stage does not give.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not the name of a staged file")]
pub(crate) struct NotAStagedName(String);

impl StagedName {
    /// The name for a file's bytes; `copy` counts from 1 where several files have the same.
    pub(crate) fn of(checksum: Checksum, copy: u32) -> Self {
        let digest = checksum.to_string();
        // Many folders: file systems slow down when thousands of files are made in one.
        let shard = &digest[..SHARD];
        Self(if copy == 1 { format!("{shard}/{digest}") } else { format!("{shard}/{digest}-{copy}") })
    }

    /// The file that an entry of the stage belongs to: it is the file itself, or its marks.
    pub(crate) fn of_entry(shard: &OsStr, leaf: &OsStr) -> Option<Self> {
        let leaf = leaf.to_str()?;
        let leaf = leaf.strip_suffix(MARKS).unwrap_or(leaf);
        Self::try_from(format!("{}/{leaf}", shard.to_str()?)).ok()
    }

    /// The folder of the stage that it is in.
    pub(crate) fn shard(&self) -> &str {
        &self.0[..SHARD]
    }

    /// Its name in that folder.
    pub(crate) fn leaf(&self) -> &str {
        &self.0[SHARD + 1..]
    }

    /// The name, in that folder, of the file that tells how far this one has arrived.
    pub(crate) fn marks(&self) -> String {
        format!("{}{MARKS}", self.leaf())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Ends the name of the file with a staged file's marks.
const MARKS: &str = ".at";

/// Letters of a shard's name.
const SHARD: usize = 2;

fn is_staged_name(name: &str) -> bool {
    let Some((shard, leaf)) = name.split_once('/') else {
        return false;
    };
    let (digest, copy) = match leaf.split_once('-') {
        Some((digest, copy)) => (digest, Some(copy)),
        None => (leaf, None),
    };
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let is_copy =
        |copy: &str| copy.parse::<u32>().is_ok_and(|number| number > 1 && number.to_string() == copy);
    // MD5 for files of a 2017 release, else BLAKE3.
    matches!(digest.len(), 32 | 64)
        && digest.bytes().all(is_hex)
        && shard.len() == SHARD
        && digest.starts_with(shard)
        && copy.is_none_or(is_copy)
}

impl TryFrom<String> for StagedName {
    type Error = NotAStagedName;

    fn try_from(name: String) -> Result<Self, NotAStagedName> {
        if is_staged_name(&name) { Ok(Self(name)) } else { Err(NotAStagedName(name)) }
    }
}

impl From<StagedName> for String {
    fn from(name: StagedName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use naru_protocol::{Digest, Md5Digest};

    use super::*;

    #[test]
    fn what_the_stage_names_reads_back() {
        let checksum = Checksum::Md5(Md5Digest::from_bytes([0xab; 16]));
        for copy in [1, 2, 17] {
            let name = StagedName::of(checksum, copy);
            assert_eq!(StagedName::try_from(name.as_str().to_owned()).expect("its own name"), name);
            assert_eq!(name.as_str(), format!("{}/{}", name.shard(), name.leaf()));
        }
    }

    #[test]
    fn no_other_name_is_one() {
        let digest = Digest::of(b"x").to_string();
        let shard = &digest[..2];
        for name in [
            "/etc/passwd".to_owned(),
            "../../save".into(),
            digest.clone(),
            format!("{shard}/../{digest}"),
            format!("{shard}/{digest}/x"),
            format!("zz/{digest}"),
            format!("{shard}/{}", digest.to_uppercase()),
            format!("{shard}/{digest}-1"),
            format!("{shard}/{digest}-02"),
            format!("{shard}/{digest}.at"),
            format!("{shard}\\{digest}"),
            format!("{shard}/{}", &digest[..63]),
        ] {
            StagedName::try_from(name).expect_err("it could lead out of the stage");
        }
    }
}
