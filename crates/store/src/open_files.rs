//! How many files a process may hold open: connections count among them.

use std::error::Error;

/// What a process without connections holds open: standard streams, the runtime's own, ledger, lock and
/// journal, folders that are being read.
const OTHERS: u64 = 40;

/// A connection has a socket and a file, and looks its host up.
const OF_A_CONNECTION: u64 = 3;

/// The limit to ask for: a higher one brings nothing, and some programs iterate over all possible descriptors.
const WANTED: u64 = 4096;

/// Raises the limit on open files as far as the system allows, and says what it is. A root calls it
/// once, before anything else. Nothing is known of it on a system without such a limit.
#[cfg(unix)]
pub fn raise_open_files() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let most = limit.maximum.unwrap_or(u64::MAX).min(WANTED);
    let current = limit.current?;
    if current >= most {
        return Some(current);
    }
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(most), maximum: limit.maximum });
    Some(if raised.is_ok() { most } else { current })
}

/// Windows has no such limit.
#[cfg(not(unix))]
pub fn raise_open_files() -> Option<u64> {
    None
}

/// As many connections as are wanted and the limit has room for.
pub fn connections_within(limit: Option<u64>, wanted: usize) -> usize {
    let Some(limit) = limit else { return wanted };
    let room = limit.saturating_sub(OTHERS) / OF_A_CONNECTION;
    wanted.min(usize::try_from(room).unwrap_or(usize::MAX)).max(1)
}

/// Whether the limit is what an error comes from, as `EMFILE` and `ENFILE` say.
pub fn is_out_of_files(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let io = error.downcast_ref::<std::io::Error>();
        if io.and_then(std::io::Error::raw_os_error).is_some_and(is_code) {
            return true;
        }
        // An I/O error passes its own payload over when it is asked for its source.
        cause = match io.and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    false
}

#[cfg(unix)]
fn is_code(code: i32) -> bool {
    code == rustix::io::Errno::MFILE.raw_os_error() || code == rustix::io::Errno::NFILE.raw_os_error()
}

/// `ERROR_TOO_MANY_OPEN_FILES`
#[cfg(not(unix))]
fn is_code(code: i32) -> bool {
    code == 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_fit_into_the_limit() {
        assert_eq!(connections_within(None, 16), 16);
        assert_eq!(connections_within(Some(4096), 64), 64);
        assert_eq!(connections_within(Some(64), 16), 8, "`ulimit -n 64`");
        assert_eq!(connections_within(Some(20), 16), 1, "with none nothing would ever arrive");
    }

    #[cfg(unix)]
    #[test]
    fn the_limit_is_found_below_other_errors() {
        let refused = || std::io::Error::from_raw_os_error(24);
        assert!(is_out_of_files(&refused()));
        assert!(is_out_of_files(&std::io::Error::other(refused())));
        assert!(!is_out_of_files(&std::io::Error::from_raw_os_error(13)));
    }
}
