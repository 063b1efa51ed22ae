//! The kinds of failure that a caller or a user can act on.

use std::io;

use serde::{Deserialize, Serialize};

/// What went wrong, as far as a program or a player has to tell cases apart.
///
/// Crates keep their own detailed errors; the edge (CLI exit code, IPC, HTTP) maps each of them
/// to one of these and looks its sentence up in one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// The command line is wrong.
    Usage,
    /// A configuration value is missing or wrong.
    Config,
    /// A file of the build can't be published (name, kind, change while reading, limit).
    BadBuild,
    /// Another publisher was first.
    Conflict,
    /// The store refused the credentials or the right.
    Denied,
    /// No release, release number, file or folder of that name.
    NotFound,
    /// The server can't be reached or keeps failing.
    Unreachable,
    /// What arrived is not what the manifest names.
    Corrupt,
    /// A document breaks its format or a limit.
    BadFormat,
    /// The server offers an older release than the installed one.
    OlderRelease,
    /// The disk is full.
    NoSpace,
    /// The disk refused a write for another reason (read-only, rights, in use).
    DiskRefused,
    /// Another Naru works on this folder.
    Busy,
    /// `verify` found differences.
    Wounds,
    /// The record of the installed files is damaged.
    BrokenLedger,
    /// The store lacks something without which publishing would not be safe.
    UnsafeStore,
    /// The user or the system stopped the work.
    Cancelled,
    /// A fault of Naru itself.
    Internal,
}

impl ErrorCode {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Usage,
        Self::Config,
        Self::BadBuild,
        Self::Conflict,
        Self::Denied,
        Self::NotFound,
        Self::Unreachable,
        Self::Corrupt,
        Self::BadFormat,
        Self::OlderRelease,
        Self::NoSpace,
        Self::DiskRefused,
        Self::Busy,
        Self::Wounds,
        Self::BrokenLedger,
        Self::UnsafeStore,
        Self::Cancelled,
        Self::Internal,
    ];

    /// What a failed read or write of a file comes to.
    pub fn of_io(kind: io::ErrorKind) -> Self {
        match kind {
            io::ErrorKind::NotFound => Self::NotFound,
            // A quota that is used up is a full disk to its user.
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::NoSpace,
            _ => Self::DiskRefused,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_every_code() {
        assert!(ErrorCode::ALL.iter().enumerate().all(|(at, code)| *code as usize == at));
        assert_eq!(ErrorCode::ALL.len(), ErrorCode::Internal as usize + 1, "Internal is the last");
    }

    #[test]
    fn a_used_up_quota_is_a_full_disk() {
        use io::ErrorKind as Kind;
        for (kind, code) in [
            (Kind::NotFound, ErrorCode::NotFound),
            (Kind::StorageFull, ErrorCode::NoSpace),
            (Kind::QuotaExceeded, ErrorCode::NoSpace),
            (Kind::PermissionDenied, ErrorCode::DiskRefused),
            (Kind::ReadOnlyFilesystem, ErrorCode::DiskRefused),
            (Kind::Other, ErrorCode::DiskRefused),
        ] {
            assert_eq!(ErrorCode::of_io(kind), code, "{kind:?}");
        }
    }
}
