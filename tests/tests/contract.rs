//! What scripts, games and older clients rely on, held against the files in `tests/contract`:
//! the JSON lines and exit codes of `naru`, the objects in the bucket, and the services' HTTP API.
//!
//! `NAME.txt` is the contract: a difference there breaks scripts or clients. `NAME.words.txt` has the sentences
//! for people out of the same answers: a difference there is a change of words. After a wanted change
//!
//! ```sh
//! NARU_CONTRACT_WRITE=words cargo test -p naru-tests --test contract    # sentences only
//! NARU_CONTRACT_WRITE=1 cargo test -p naru-tests --test contract        # the contract too
//! ```
//!
//! writes the files anew, and the commit shows what changed. The `naru` that is tested is the one beside the test
//! (`cargo build -p naru-cli` first), or the one that `NARU_BINARY` names.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test's set-up that fails must stop it there")]

mod contract {
    mod bucket;
    mod failures;
    mod golden;
    mod life;
    mod served;
    mod services;
    mod session;
}
